"""The shell of programs that import and have parameters, and `lzn migrate`."""

import json
from pathlib import Path

import pytest

from helpers.projects import DIGITS, write
from helpers.shell import Shell


@pytest.fixture
def top(tmp_path: Path) -> Path:
    files = {
        "top.lzn": 'import "base.lzn" { steps: 30 }\nparam rate: number = 1e-3 in 1e-6..1\n'
        "train { optimizer: adam(lr: rate) }\n",
        "base.lzn": DIGITS,
    }
    return write(tmp_path, files)


def test_parameters_are_set_on_the_command_line(lzn: Shell, top: Path) -> None:
    text = lzn("plan", str(top), "--json", "-p", "base.steps=40", "--param", "rate=0.5")
    plan = json.loads(text)
    assert plan["train"]["steps"] == 40
    assert plan["parameters"] == {"base.steps": 40, "rate": 0.5}
    shown = lzn("plan", str(top), "-p", "rate=0.5")
    assert "param.base.steps" in shown
    assert "top.lzn:1:28" in shown
    assert lzn("check", str(top), "-p", "rate=0.5") == f"{top}: no errors\n"


def test_a_wrong_parameter_is_told_with_its_declaration(lzn: Shell, top: Path) -> None:
    lzn("check", str(top), "-p", "base.steps=0", code=2)
    assert "--> --param base.steps:1:1" in lzn.err
    assert f"::: {top.with_name('base.lzn')}:1:1" in lzn.err
    lzn("check", str(top), "-p", "stpes=3", code=2)
    assert "did you mean `base.steps`?" in lzn.err
    lzn("check", str(top), "-p", "steps", code=2)
    assert "is not `NAME=VALUE`" in lzn.err


def test_the_parameters_of_a_spec_are_listed(lzn: Shell, top: Path) -> None:
    assert lzn("ls", "params", str(top)) == (
        "  rate        number: a number from 1e-06 to 1 (is 1e-3)\n"
        f"  base.steps  integer: a whole number from 1 to 1_000 (is 30, from {top}:1:28)\n"
    )
    assert list(json.loads(lzn("ls", "params", str(top), "--json"))["params"]) == [
        "rate",
        "base.steps",
    ]
    assert "has no parameters" in lzn("ls", "params", "generate image from label")
    lzn("ls", "params", code=2)
    assert "lzn ls params SPEC" in lzn.err
    write(top.parent, {"top.lzn": 'import "bass.lzn"\n'})
    lzn("ls", "params", str(top), code=2)
    assert "LZN232" in lzn.err


def test_an_error_of_an_imported_file_is_shown_in_that_file(lzn: Shell, top: Path) -> None:
    write(top.parent, {"base.lzn": DIGITS.replace("accuracy", "acuracy")})
    lzn("check", str(top), code=2)
    assert f"--> {top.with_name('base.lzn')}:9:30" in lzn.err
    assert "did you mean `accuracy`?" in lzn.err


def test_migrate_states_the_version_and_keeps_the_rest(lzn: Shell, tmp_path: Path) -> None:
    text = "# Draws digits.\n\n# what it does\ngenerate image from label   # one line\n"
    wanted = text.replace("\n\n", "\n\nlzn 1\n\n", 1)
    path = write(tmp_path, {"a.lzn": text, "b.lzn": wanted})
    lzn("migrate", "--check", str(tmp_path), code=1)
    assert lzn.err == f"would migrate {path}\n"
    assert "+lzn 1\n" in lzn("migrate", "--diff", str(path))
    assert path.read_text("utf-8") == text
    lzn("migrate", str(tmp_path))
    assert lzn.err == f"migrated {path}\n"
    assert path.read_text("utf-8") == wanted
    lzn("migrate", "--check", str(tmp_path))
    assert lzn.err == "2 files are migrated already\n"


def test_migrate_leaves_a_program_with_mistakes(lzn: Shell, tmp_path: Path) -> None:
    path = write(tmp_path, {"a.lzn": "let a 1\n"})
    lzn("migrate", str(path), code=2)
    assert "LZN120" in lzn.err
    assert path.read_text("utf-8") == "let a 1\n"
    assert lzn("migrate", "-", given="generate image\n") == "lzn 1\n\ngenerate image\n"
