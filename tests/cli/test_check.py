"""`lzn check`: several programs at once, and findings for other programs to read."""

import json
from pathlib import Path

import pytest

from helpers.shell import Shell

WRONG = "generate imge from label\n"


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.lzn"
    path.write_text(WRONG, encoding="utf-8")
    return path


def test_findings_of_all_files_are_told_at_once(lzn: Shell, wrong: Path, tiny_spec: Path) -> None:
    other = wrong.with_name("other.lzn")
    other.write_text("task = 1\n", encoding="utf-8")
    lzn("check", str(wrong), str(tiny_spec), str(other), "-", code=2, given="let = 1")
    for place in (f"{wrong}:1:10", f"{other}:1:6", "<text>:1:5"):
        assert f"--> {place}" in lzn.err
    assert "3 errors" in lzn.err


def test_standard_input_without_errors(lzn: Shell) -> None:
    assert lzn("check", "-", given="generate image from label\n") == "-: no errors\n"


def test_sarif_goes_to_standard_output(lzn: Shell, wrong: Path) -> None:
    log = json.loads(lzn("check", str(wrong), "--format", "sarif", code=2))
    (result,) = log["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("LZN201", "error")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == wrong.as_uri()
    assert lzn.err == ""


def test_github_commands_go_to_standard_output(lzn: Shell, wrong: Path) -> None:
    out = lzn("check", str(wrong), "--format", "github", code=2)
    assert out.startswith(f"::error title=LZN201,file={wrong},line=1,endLine=1,col=10,endColumn=13")
    assert out.count("\n") == 1


def test_json_of_a_program_without_findings_is_empty(lzn: Shell, tiny_spec: Path) -> None:
    assert json.loads(lzn("check", str(tiny_spec), "--format", "json")) == []
    assert lzn("check", str(tiny_spec), "--format", "github") == ""
    assert json.loads(lzn("check", str(tiny_spec), "--format", "sarif"))["runs"][0]["results"] == []


def test_json_has_a_shorter_name(lzn: Shell, wrong: Path) -> None:
    short, long = (
        lzn("check", str(wrong), *words, code=2) for words in (["--json"], ["--format", "json"])
    )
    assert short == long


def test_a_file_of_names_for_others_has_no_errors_and_nothing_to_run(
    lzn: Shell, tmp_path: Path
) -> None:
    library = tmp_path / "verbs.lzn"
    library.write_text("lzn 1\nlet half = 0.5\nverb again x: image -> x = encode x |> decode x\n")
    assert lzn("check", str(library)) == f"{library}: no errors\n"
    assert lzn("lint", str(library)) == f"{library}: nothing to say\n"
    lzn("plan", str(library), code=2)
    assert "error[LZN404]" in lzn.err


@pytest.mark.parametrize("rest", ["", "data d = digits\n", "train { steps: 3 }\n"])
def test_a_program_that_does_something_needs_a_task(lzn: Shell, rest: str) -> None:
    lzn("check", "-", given=f"lzn 1\n{rest}", code=2)
    assert "error[LZN404]" in lzn.err


def test_standard_input_is_never_taken_for_a_path(lzn: Shell, wrong: Path) -> None:
    lzn("check", "-", given=f"# {wrong}", code=2)
    assert "error[LZN404]" in lzn.err
