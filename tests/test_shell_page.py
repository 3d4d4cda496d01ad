"""Every example of docs/shell.md prints what the page says."""

import re
import shlex
from pathlib import Path

import pytest

from helpers.shell import Shell

PAGE = (Path(__file__).parent.parent / "docs" / "shell.md").read_text(encoding="utf-8")
_FILE = re.compile(r"<!-- file: (\S+) -->\n```lzn\n(.*?)```", re.DOTALL)
_CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
_EXIT = re.compile(r"\(exit (\d)\)\n\Z")


def examples() -> list[tuple[str, int, str]]:
    """Return the commands of the page with their exit codes and what they print."""
    found = []
    for block in _CONSOLE.findall(PAGE):
        for part in re.split(r"^\$ lzn ", block, flags=re.MULTILINE)[1:]:
            command, printed = part.split("\n", 1)
            code = _EXIT.search(printed)
            found.append((command, int(code[1]) if code else 0, _EXIT.sub("", printed)))
    return found


def test_examples_print_what_the_page_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in _FILE.findall(PAGE):
        (tmp_path / name).write_text(text, encoding="utf-8")
    lzn = Shell(capsys, monkeypatch)
    for command, code, printed in examples():
        out = lzn(*shlex.split(command), code=code)
        lines = [".*\n" if line == "..." else re.escape(f"{line}\n") for line in _lines(printed)]
        pattern = re.compile("".join(lines), re.DOTALL)
        assert pattern.fullmatch(out + lzn.err), f"{command}\n{out}{lzn.err}"


def test_the_page_has_examples_of_each_command() -> None:
    shown = {command.split()[0] for command, _, _ in examples()}
    assert shown == set(re.findall(r"^## lzn (\S+)", PAGE, re.MULTILINE))


def _lines(printed: str) -> list[str]:
    return printed.removesuffix("\n").split("\n")
