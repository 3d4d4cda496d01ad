"""docs/scaling.md holds the tables that its script makes, as far as they are not measured."""

from pathlib import Path

import pytest

from lzn_runtime.benchmarks.latent.tables import Row
from lzn_runtime.benchmarks.scaling import Model, workload
from lzn_runtime.benchmarks.scaling.figures import share_figure, step_figure
from lzn_runtime.benchmarks.scaling.model import distinct
from lzn_runtime.benchmarks.scaling.page import blocks, fill, markdown
from lzn_runtime.benchmarks.scaling.tables import all_tables, paper_paths, paper_specs

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "scaling.md").read_text(encoding="ascii")
AGAIN = "run: python tests/benchmarks/scaling.py"


@pytest.fixture(scope="module")
def model() -> Model:
    return Model([workload(spec.plan(), spec.registry) for spec in paper_specs()])


@pytest.fixture(scope="module")
def tables(model: Model) -> dict[str, list[Row]]:
    return all_tables(model, paper_specs())


def test_tables_of_the_model_are_those_of_the_page(tables: dict[str, list[Row]]) -> None:
    found = blocks(PAGE)
    for name, rows in tables.items():
        assert found[name] == markdown(rows), f"table `{name}` is stale: {AGAIN}"


def test_every_table_of_the_page_is_filled_in() -> None:
    assert [name for name, text in blocks(PAGE).items() if not text.strip()] == []


def test_every_program_of_the_paper_is_in_the_page(tables: dict[str, list[Row]]) -> None:
    names = [path.stem for path in paper_paths()]
    assert [row["configuration"] for row in tables["configurations"]] == names


def test_figures_are_those_of_the_model(model: Model, tables: dict[str, list[Row]]) -> None:
    names = [work.name for work in distinct(model.works)]
    shares = (DOCS / "figures" / "scaling-shares.svg").read_text(encoding="ascii")
    assert shares == share_figure(tables["shares"], names), AGAIN
    steps = (DOCS / "figures" / "scaling-steps.svg").read_text(encoding="ascii")
    assert steps == step_figure(tables["steps"], names), AGAIN


def test_filling_a_page_leaves_other_blocks_alone() -> None:
    page = "a\n<!-- table: one -->\nold\n<!-- end -->\n<!-- table: two -->\nkept\n<!-- end -->\n"
    rows: list[Row] = [{"name": "x", "number": 1234}, {"name": "y", "number": 0.00012}]
    filled = fill(page, {"one": rows})
    assert blocks(filled)["two"] == "kept\n"
    assert blocks(filled)["one"].splitlines()[2:] == ["| x | 1,234 |", "| y | 1.2e-4 |"]
    with pytest.raises(ValueError, match="no block for: three"):
        fill(page, {"three": rows})
