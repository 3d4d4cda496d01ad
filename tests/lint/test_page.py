"""The page of the linter lists its rules, and the specs that come with lzn_dsl are lint-clean."""

from pathlib import Path

import pytest

from lzn_dsl.lint.lint import lint
from lzn_dsl.lint.page import page
from lzn_dsl.lint.selection import Selection, rules
from lzn_dsl.spec import load

ROOT = Path(__file__).parent.parent.parent
SPECS = sorted((*(ROOT / "specs").rglob("*.lzn"), *(ROOT / "tests" / "benchmarks").glob("*.lzn")))


def test_the_page_is_the_one_that_the_rules_make() -> None:
    written = (ROOT / "docs" / "lint.md").read_text(encoding="utf-8")
    assert written == page()
    assert all(f"| {code} |" in written for code in rules())


def test_there_are_specs() -> None:
    assert len(SPECS) >= 5


@pytest.mark.parametrize("path", SPECS, ids=lambda p: p.stem)
def test_a_spec_is_lint_clean(path: Path) -> None:
    assert [str(d.span) + d.summary for d in lint(load(path), Selection().codes())] == []
