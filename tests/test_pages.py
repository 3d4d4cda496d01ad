"""Every example of the pages that show the shell prints what the page says."""

import re
import shlex
from pathlib import Path

import pytest

from helpers.shell import Shell

DOCS = Path(__file__).parent.parent / "docs"
PAGES = {name: (DOCS / name).read_text(encoding="utf-8") for name in ("shell.md", "tutorial.md")}
_FILE = re.compile(r"<!-- file: (\S+) -->\n```lzn\n(.*?)```", re.DOTALL)
_CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
_EXIT = re.compile(r"\(exit (\d)\)\n\Z")


def examples(page: str) -> list[tuple[str, int, str]]:
    """Return the commands of a page with their exit codes and what they print."""
    found = []
    for block in _CONSOLE.findall(page):
        for part in re.split(r"^\$ lzn ", block, flags=re.MULTILINE)[1:]:
            command, printed = part.split("\n", 1)
            code = _EXIT.search(printed)
            found.append((command, int(code[1]) if code else 0, _EXIT.sub("", printed)))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_examples_print_what_the_page_says(
    name: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    for file, text in _FILE.findall(PAGES[name]):
        (tmp_path / file).write_text(text, encoding="utf-8")
    lzn = Shell(capsys, monkeypatch)
    for command, code, printed in examples(PAGES[name]):
        out = lzn(*shlex.split(command), code=code)
        lines = [
            ".*\n" if line == "..." else re.escape(f"{line}\n") for line in printed.splitlines()
        ]
        pattern = re.compile("".join(lines), re.DOTALL)
        assert pattern.fullmatch(out + lzn.err), f"{command}\n{out}{lzn.err}"


def test_the_page_of_the_shell_has_examples_of_each_command() -> None:
    shown = {command.split()[0] for command, _, _ in examples(PAGES["shell.md"])}
    assert shown == set(re.findall(r"^## lzn (\S+)", PAGES["shell.md"], re.MULTILINE))
