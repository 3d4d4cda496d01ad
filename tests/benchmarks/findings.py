"""The findings: programs of specs/compare over several seeds, and the page that tells of them.

    python tests/benchmarks/findings.py run --jobs 2     train and measure; goes on where it stopped
    python tests/benchmarks/findings.py write            docs/findings.md, from these runs

`run` takes sections to do fewer: `generation`, `embedding`, `joint`, `ablations`. Each run has one
thread and a folder of its own, build/findings/NAME/seed-N. All of them take some hours.
"""

import argparse
from pathlib import Path

from lzn_runtime.benchmarks.findings.series import SECTIONS, run_all
from lzn_runtime.benchmarks.findings.write import findings

ROOT = Path(__file__).resolve().parents[2]
RUNS = ROOT / "build" / "findings"
PAGE = ROOT / "docs" / "findings.md"


def main() -> None:
    """Run, or write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("run", help="train and measure")
    train.add_argument("sections", nargs="*", help=f"by default all: {', '.join(SECTIONS)}")
    train.add_argument("--jobs", type=int, default=1, help="runs at a time")
    commands.add_parser("write", help="write docs/findings.md")
    options = parser.parse_args()
    if options.command == "run":
        unknown = set(options.sections) - set(SECTIONS)
        if unknown:
            parser.error(f"there is no section `{unknown.pop()}`; there are: {', '.join(SECTIONS)}")
        run_all(RUNS, options.sections or list(SECTIONS), jobs=options.jobs)
    else:
        PAGE.write_text(findings(RUNS), encoding="utf-8")
        print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
