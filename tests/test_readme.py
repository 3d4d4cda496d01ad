"""The README's commands and examples hold."""

import re
from pathlib import Path

import pytest

from lzn_dsl.diagnostics.diagnostic import Severity
from lzn_dsl.reference import reference
from lzn_dsl.registry.plugins import builtin_entries
from lzn_dsl.registry.registry import Registry
from lzn_dsl.spec import load
from lzn_dsl.version import __version__

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
LANGUAGE = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")


def command(name: str) -> str:
    found = re.search(rf"<!-- {name} command -->\n```bash\n(.+)\n```", README)
    assert found, f"README.md has no {name} command"
    return found[1]


def test_setting_up_takes_one_line_each() -> None:
    assert command("main").endswith("lzn run specs/digits.lzn")
    assert command("test").endswith("python tests/gate.py")
    assert all("\n" not in command(name) for name in ("main", "test"))


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert "test command" in (ROOT / ".ci" / "run").read_text()


def test_files_named_in_the_readme_exist() -> None:
    for path in re.findall(r"\]\(((?!http)[^)#]+)\)", README):
        assert (ROOT / path).exists(), path


def test_the_changelog_s_newest_released_entry_is_this_version() -> None:
    first = re.search(r"^## (?!Unreleased)(\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert first is not None
    assert first[1] == __version__


def programs(text: str) -> list[str]:
    return re.findall(r"```lzn\n(.+?)```", text, re.DOTALL)


def test_there_are_example_programs() -> None:
    assert len(programs(README)) >= 1
    assert len(programs(LANGUAGE)) >= 5


@pytest.mark.parametrize("text", [*programs(README), *programs(LANGUAGE), *programs(TUTORIAL)])
def test_an_example_program_has_no_errors(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, shared in re.findall(r"<!-- file: (\S+) -->\n```lzn\n(.+?)```", TUTORIAL, re.DOTALL):
        (tmp_path / name).write_text(shared, encoding="utf-8")
    for shared in programs(LANGUAGE):  # `# NAME.lzn: ...` heads what others import
        if named := re.match(r"# (\w+\.lzn):", shared):
            (tmp_path / named[1]).write_text(shared, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found = load(text).check()
    assert not [d for d in found if d.severity is Severity.ERROR], found


def test_the_reference_is_the_one_made_from_the_parts() -> None:
    made = reference(Registry(builtin_entries()))
    assert (ROOT / "docs" / "reference.md").read_text(encoding="utf-8") == made, (
        "python -m lzn_dsl.reference > docs/reference.md"
    )
