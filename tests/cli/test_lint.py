"""`lzn lint` as a user sees it: exit codes, formats, fixes."""

import json
from pathlib import Path

import pytest

from helpers.shell import Shell

IDLE = "let spare = 10000\ntask free = generate image { alpha: 0 }\n"
MENDED = "let spare = 10000\ntask free = generate image\n"


@pytest.fixture
def idle(tmp_path: Path) -> Path:
    path = tmp_path / "idle.lzn"
    path.write_text(IDLE, encoding="utf-8")
    return path


def test_a_clean_program_exits_0(lzn: Shell) -> None:
    assert lzn("lint", "generate image from label") == "generate image from label: nothing to say\n"


def test_findings_exit_1_with_place_reason_and_fix(lzn: Shell, idle: Path) -> None:
    assert lzn("lint", str(idle), code=1) == ""
    assert "warning[LZNW101]: the constant `spare` is not used" in lzn.err
    assert f"--> {idle}:1:5" in lzn.err
    assert "= fix: remove the constant (may change what the program does)" in lzn.err
    assert "= fix: remove `alpha`\n" in lzn.err
    assert "see: lzn explain LZNW206" in lzn.err
    assert idle.read_text() == IDLE


def test_errors_exit_2_and_come_first(lzn: Shell) -> None:
    lzn("lint", "let a = 1\ngenerate imge from label", code=2)
    assert lzn.err.index("error[LZN201]") < lzn.err.index("warning[LZNW101]")


def test_rules_are_selected_and_ignored(lzn: Shell, idle: Path) -> None:
    lzn("lint", str(idle), "--select", "LZNW1", code=1)
    assert "LZNW206" not in lzn.err
    lzn("lint", str(idle), "--ignore", "LZNW101, LZNW206")
    lzn("lint", str(idle), "--pedantic", code=1)
    assert "LZNW902" in lzn.err
    lzn("lint", str(idle), "--select", "LZNX1", code=2)
    assert "no rule of the linter has the code `LZNX1`" in lzn.err


def test_the_project_decides_and_the_command_line_lies_over_it(lzn: Shell, idle: Path) -> None:
    idle.with_name("pyproject.toml").write_text('[tool.lzn.lint]\nignore = ["LZNW1", "LZNW2"]\n')
    lzn("lint", str(idle))
    lzn("lint", str(idle), "--select", "pedantic", code=1)
    idle.with_name("pyproject.toml").write_text("[tool.lzn.lint]\nignroe = []\n")
    lzn("lint", str(idle), code=2)
    assert "did you mean `ignore`?" in lzn.err


def test_as_json_findings_have_their_fixes(lzn: Shell, idle: Path) -> None:
    found = json.loads(lzn("lint", str(idle), "--format", "json", code=1))
    assert [(d["code"], d["severity"]) for d in found] == [
        ("LZNW101", "warning"),
        ("LZNW206", "warning"),
    ]
    assert found[1]["fixes"][0]["safe"] is True


def test_json_has_a_shorter_name(lzn: Shell, idle: Path) -> None:
    long = lzn("lint", "--format", "json", str(idle), code=1)
    assert lzn("lint", "--json", str(idle), code=1) == long


@pytest.mark.parametrize("mending", [["--diff"], ["--fix", "-"], ["--unsafe-fixes", IDLE]])
def test_a_text_is_not_mixed_into_json(lzn: Shell, idle: Path, mending: list[str]) -> None:
    said = json.loads(lzn("lint", "--json", str(idle), *mending, given=IDLE, code=2))
    assert "LZN902" in [finding["code"] for finding in said]


@pytest.mark.parametrize("form", ["sarif", "github"])
def test_other_programs_are_told_as_well(lzn: Shell, idle: Path, form: str) -> None:
    assert "LZNW206" in lzn("lint", str(idle), "--format", form, code=1)


def test_fix_writes_what_is_safe_and_says_so(lzn: Shell, idle: Path) -> None:
    idle.chmod(0o640)
    lzn("lint", str(idle), "--fix", code=1)
    assert idle.read_text() == MENDED
    assert lzn.err.startswith(f"{idle}: remove `alpha`\nwarning[LZNW101]")
    assert idle.stat().st_mode & 0o777 == 0o640
    assert list(idle.parent.iterdir()) == [idle]
    lzn("lint", str(idle), "--fix", "--ignore", "LZNW101")
    assert idle.read_text() == MENDED


def test_unsafe_fixes_need_their_own_option(lzn: Shell, idle: Path) -> None:
    idle.write_text("generate image from lable\n")
    lzn("lint", str(idle), "--fix", code=2)
    assert idle.read_text() == "generate image from lable\n"
    lzn("lint", str(idle), "--unsafe-fixes")
    assert idle.read_text() == "generate image from label\n"
    assert lzn.err == f"{idle}: write `label`\n{idle}: nothing to say\n"


def test_diff_shows_and_writes_nothing(lzn: Shell, idle: Path) -> None:
    shown = lzn("lint", str(idle), "--diff", code=1)
    assert "-task free = generate image { alpha: 0 }\n" in shown
    assert "+task free = generate image\n" in shown
    assert idle.read_text() == IDLE
    assert lzn("lint", "generate image from label", "--diff") == ""


def test_a_text_and_standard_input_are_mended_to_standard_output(lzn: Shell) -> None:
    assert lzn("lint", IDLE, "--fix", code=1) == MENDED
    assert lzn("lint", "-", "--fix", code=1, given=IDLE) == MENDED


def test_several_specs_are_linted_at_once(lzn: Shell, idle: Path, tmp_path: Path) -> None:
    lzn("lint", str(idle), str(tmp_path / "none.lzn"), "generate image from label", code=2)
    assert "error[LZN101]" in lzn.err
    assert "warning[LZNW101]" in lzn.err


def test_a_code_is_explained(lzn: Shell) -> None:
    assert "Wrong:" in lzn("explain", "lznw101")
