"""Whole reports of wrong programs, compared with the golden files beside them."""

from pathlib import Path

import pytest

from helpers.golden import assert_golden, golden_programs
from lzn_dsl.diagnostics.diagnostic import Severity
from lzn_dsl.diagnostics.render import render_text
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.spec import Spec

PROGRAMS = golden_programs("semantics")


def test_there_are_programs() -> None:
    assert len(PROGRAMS) >= 30


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda p: p.stem)
def test_report_of_a_wrong_program(path: Path) -> None:
    source = Source(path.name, path.read_text(encoding="utf-8"))
    found = Spec(source, path.parent, "digits", {}, None).check()
    # Warnings depend on the machine: on whether a dataset's files are there.
    report = render_text([d for d in found if d.severity is Severity.ERROR])
    assert "error[" in report
    assert_golden(path.with_suffix(".txt"), report)
