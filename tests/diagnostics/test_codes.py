"""Each code is explained, and its wrong and right programs are what they claim to be."""

import re
from pathlib import Path

import pytest

import lzn_dsl
from helpers.programs import errors
from lzn_dsl.diagnostics.codes import CODES as ALL
from lzn_dsl.diagnostics.codes import composition, environment, graph, names, reuse, types
from lzn_dsl.diagnostics.codes.code import Code

FAMILIES = {"2": (names, reuse), "3": (types, composition), "4": (graph,), "9": (environment,)}
CODES = [code for family in FAMILIES.values() for module in family for code in module.CODES]
SHOWN = [code for code in CODES if code.wrong]

BASE = """\
param steps: integer = 100 in 1..1_000
task draw = generate image from label
train { steps: steps }
"""


@pytest.fixture(autouse=True)
def _files_to_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("base.lzn", "base-2.lzn"):
        (tmp_path / name).write_text(BASE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("code", SHOWN, ids=lambda code: code.code)
def test_the_wrong_program_earns_its_code_and_no_other(code: Code) -> None:
    assert set(errors(code.wrong)) == {code.code}


@pytest.mark.parametrize("code", SHOWN, ids=lambda code: code.code)
def test_the_right_program_has_no_error(code: Code) -> None:
    assert code.right
    assert errors(code.right) == []


@pytest.mark.parametrize("first", FAMILIES)
def test_a_family_holds_the_codes_of_its_hundred_in_order(first: str) -> None:
    for module in FAMILIES[first]:
        listed = [code.code for code in module.CODES]
        assert listed == sorted(set(listed))
        assert all(re.fullmatch(rf"LZN{first}\d\d", code) for code in listed)


def test_each_code_of_the_source_is_explained_and_each_explained_one_is_used() -> None:
    used: set[str] = set()
    for folder in _sources():
        for path in folder.rglob("*.py"):
            if "codes" not in path.parts:
                used |= set(re.findall(r'"(LZN[0-9]{3})"', path.read_text(encoding="utf-8")))
    hundreds = tuple(f"LZN{first}" for first in FAMILIES)
    assert {c for c in used if c.startswith(hundreds)} == {c.code for c in CODES}
    assert used <= set(ALL)


def test_explanations_are_sentences_with_balanced_quotes() -> None:
    for code in CODES:
        assert code.title[0].islower() or code.title.startswith("`"), code.code
        assert not code.title.endswith(".")
        assert code.explanation.endswith(".")
        assert len(code.explanation) > 80
        assert code.explanation.count("`") % 2 == 0
        assert "  " not in code.explanation


def _sources() -> list[Path]:
    package = Path(lzn_dsl.__file__).parent
    runtime = package.parent / "runtime" / "lzn_runtime"
    return [package, runtime] if runtime.is_dir() else [package]
