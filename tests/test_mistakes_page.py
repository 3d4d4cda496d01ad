"""The page of the commonest mistakes: each of its reports is what is printed.

`UPDATE_GOLDEN=1 pytest tests/test_mistakes_page.py` writes the reports into the page.
"""

import os
import re
from pathlib import Path

import pytest

from lzn_dsl.diagnostics.diagnostic import Severity
from lzn_dsl.diagnostics.render import render_text
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.spec import Spec

PAGE = Path(__file__).parent.parent / "docs" / "mistakes.md"
_MISTAKE = re.compile(
    r"## (\d+)\. [^\n]+\n\n```lzn wrong\n(.+?)```\n\n```text\n(.*?)```\n\n\*\*Mend:\*\* ", re.DOTALL
)
MISTAKES = _MISTAKE.findall(PAGE.read_text(encoding="utf-8"))


def report(program: str, folder: Path) -> str:
    found = Spec(Source("program.lzn", program), folder, "digits", {}, None).check()
    # Warnings depend on the machine: on whether a dataset's files are there.
    return render_text([d for d in found if d.severity is Severity.ERROR])


@pytest.mark.parametrize(("number", "program", "printed"), MISTAKES, ids=[m[0] for m in MISTAKES])
def test_the_report_of_a_mistake_is_what_is_printed(
    number: str, program: str, printed: str, tmp_path: Path
) -> None:
    shown = report(program, tmp_path)
    if os.environ.get("UPDATE_GOLDEN"):
        page = PAGE.read_text(encoding="utf-8")
        old = f"```lzn wrong\n{program}```\n\n```text\n{printed}```"
        assert page.count(old) == 1, number
        PAGE.write_text(page.replace(old, old.replace(f"```text\n{printed}", f"```text\n{shown}")))
        return
    assert shown == printed


def test_there_are_twenty() -> None:
    assert [number for number, *_ in MISTAKES] == [str(i) for i in range(1, 21)]
    assert all(printed for *_, printed in MISTAKES)
