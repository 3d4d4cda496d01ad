"""Wrong programs and the whole report of each, as a person reads it."""

from pathlib import Path

import pytest

from helpers.golden import assert_golden, golden_programs
from lzn_dsl.diagnostics.render import render_text
from lzn_dsl.syntax.parser import parse
from lzn_dsl.syntax.reading import decode_source

PROGRAMS = golden_programs("syntax")


@pytest.mark.parametrize("path", PROGRAMS, ids=[path.stem for path in PROGRAMS])
def test_report_of_a_wrong_program_is_the_one_reviewed(path: Path) -> None:
    source = decode_source(path.read_bytes(), path.name)
    _, findings = parse(source)
    assert findings
    assert_golden(path.with_suffix(".txt"), render_text(findings))


def test_there_are_enough_programs() -> None:
    assert len(PROGRAMS) >= 100
