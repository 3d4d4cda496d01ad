"""Fill in the tables and figures of docs/scaling.md.

    python tests/benchmarks/scaling.py                        the model: seconds
    python tests/benchmarks/scaling.py --counts --measured    all of it: some minutes

Tables that are not made stay as they are. `lzn bench scaling` prints the same tables. With --json
nothing is written, and the tables are printed.
"""

import argparse
import json
from pathlib import Path

from lzn_runtime.benchmarks.scaling import Model, Sizes, workload
from lzn_runtime.benchmarks.scaling.figures import share_figure, step_figure
from lzn_runtime.benchmarks.scaling.model import distinct
from lzn_runtime.benchmarks.scaling.page import fill
from lzn_runtime.benchmarks.scaling.tables import all_tables, paper_specs

DOCS = Path(__file__).parents[2] / "docs"


def main() -> None:
    """Make the tables and write them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--counts", action="store_true")
    parser.add_argument("--measured", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    specs = paper_specs()
    model = Model([workload(s.plan(), s.registry) for s in specs])
    sizes = Sizes() if options.measured else None
    tables = all_tables(model, specs, measure=sizes, count=options.counts)
    if options.json:
        print(json.dumps(tables, indent=1))
        return
    page = DOCS / "scaling.md"
    page.write_text(fill(page.read_text(encoding="ascii"), tables), encoding="ascii")
    names = [work.name for work in distinct(model.works)]
    figures = {
        "scaling-shares.svg": share_figure(tables["shares"], names),
        "scaling-steps.svg": step_figure(tables["steps"], names),
    }
    for name, figure in figures.items():
        (DOCS / "figures" / name).write_text(figure, encoding="ascii")


if __name__ == "__main__":
    main()
