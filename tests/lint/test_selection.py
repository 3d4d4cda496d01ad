"""Which rules run, by the command line and by the project."""

from pathlib import Path

import pytest

from lzn_dsl.diagnostics.diagnostic import SpecError
from lzn_dsl.lint.project import project_selection
from lzn_dsl.lint.selection import Selection, rules


def test_all_rules_run_but_the_pedantic_ones() -> None:
    assert Selection().codes() == {code for code, rule in rules().items() if not rule.pedantic}


def test_words_are_codes_their_beginnings_and_groups() -> None:
    assert Selection(["LZNW101"]).codes() == {"LZNW101"}
    assert Selection(["lznw10"]).codes() == {c for c in rules() if "LZNW100" < c < "LZNW110"}
    assert Selection(["all"], ignore=["pedantic"]).codes() == Selection().codes()
    assert Selection(extend=["LZNW902"]).codes() == Selection().codes() | {"LZNW902"}
    assert Selection(["pedantic"], ignore=["LZNW9"]).codes() == frozenset()


def test_a_word_that_means_no_rule_is_an_error_with_a_hint() -> None:
    with pytest.raises(SpecError) as failure:
        Selection(["LZNW1O1"]).codes()
    assert failure.value.diagnostics[0].code == "LZN902"
    assert "did you mean `LZNW101`?" in failure.value.diagnostics[0].hint


def test_the_command_line_lies_over_the_project() -> None:
    project = Selection(["LZNW1"], ["LZNW902"], ["LZNW101"])
    kept = project.narrowed(select=[], ignore=["LZNW102"], pedantic=False)
    assert kept == Selection(["LZNW1"], ("LZNW902",), ("LZNW101", "LZNW102"))
    assert project.narrowed(select=["LZNW2"], ignore=[], pedantic=True).codes() >= {"LZNW201"}
    assert "LZNW102" not in project.narrowed(select=["LZNW2"], ignore=[], pedantic=True).codes()


def test_the_nearest_project_above_the_spec_is_read(tmp_path: Path) -> None:
    (tmp_path / "specs" / "deep").mkdir(parents=True)
    text = '[tool.lzn.lint]\nextend-select = ["pedantic"]\nignore = ["LZNW1"]\n'
    (tmp_path / "pyproject.toml").write_text(text)
    read = project_selection(tmp_path / "specs" / "deep")
    assert read == Selection((), ("pedantic",), ("LZNW1",))
    (tmp_path / "specs" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert project_selection(tmp_path / "specs" / "deep") == Selection()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.lzn.lint]\nslect = []\n", "did you mean `select`?"),
        ("[tool.lzn.lint]\nselect = 'LZNW1'\n", "must list codes in `select`"),
        ("[tool.lzn.lint]\nignore = [1]\n", "must list codes in `ignore`"),
        ("[tool.lzn.lint\n", "cannot be read"),
        ("[tool.lzn]\nlint = 3\n", "is no table"),
    ],
)
def test_a_wrong_project_is_an_error(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(SpecError) as failure:
        project_selection(tmp_path)
    assert failure.value.diagnostics[0].code == "LZN908"
    assert said in str(failure.value)
