"""Each code of this stage is explained, earned by its wrong program and not by its right one."""

import ast
from pathlib import Path

import pytest

import lzn_dsl.syntax
from lzn_dsl.diagnostics.codes import CODES
from lzn_dsl.diagnostics.codes.code import Code
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.syntax.parser import parse

MINE = [code for name, code in CODES.items() if name.startswith("LZN1")]


def codes_in(text: str) -> set[str]:
    return {finding.code for finding in parse(Source("example.lzn", text))[1]}


def codes_in_the_package() -> set[str]:
    found = set()
    for path in Path(lzn_dsl.syntax.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value if node.value.startswith("LZN1") else "")
    return found - {""}


def test_every_code_that_is_said_is_explained_and_every_explained_one_is_said() -> None:
    assert codes_in_the_package() == {code.code for code in MINE}


@pytest.mark.parametrize("code", MINE, ids=lambda code: code.code)
def test_explanation_is_written_out(code: Code) -> None:
    assert code.title == code.title.strip().rstrip(".")
    assert code.explanation.endswith(".")
    assert bool(code.wrong) == bool(code.right)
    assert code.wrong or code.code[:5] in ("LZN10", "LZN14")


@pytest.mark.parametrize("code", [code for code in MINE if code.wrong], ids=lambda code: code.code)
def test_wrong_program_earns_the_code_and_the_right_one_earns_none(code: Code) -> None:
    assert codes_in(code.wrong) == {code.code}
    assert codes_in(code.right) == set()
