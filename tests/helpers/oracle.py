"""What must hold for any text that lzn_dsl is given."""

from lzn_dsl.diagnostics.diagnostic import Diagnostic, LznError
from lzn_dsl.diagnostics.formats.records import to_json
from lzn_dsl.diagnostics.render import render_text
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.formatting.format import format_source
from lzn_dsl.spec import load
from lzn_dsl.syntax.parser import parse


def examine(text: str) -> None:
    """Check, plan, show and format a text; AssertionError or another exception is a fault.

    Only `LznError` may be raised; each place lies in its text; checking twice says the same; the
    formatter keeps the program and has nothing to do the second time.
    """
    spec = load(text + "\n")
    found = spec.check()
    _places_lie_within(found)
    render_text(found)
    to_json(found)
    assert load(text + "\n").check() == found
    try:
        plan = spec.plan()
    except LznError as error:
        _places_lie_within(error.diagnostics)
    else:
        assert load(text + "\n").plan() == plan
    source = Source("fuzz.lzn", text)
    if parse(source)[1]:
        return
    once = format_source(source)
    assert format_source(Source("fuzz.lzn", once)) == once


def _places_lie_within(found: tuple[Diagnostic, ...]) -> None:
    for finding in found:
        for span in [finding.span, *(other.span for other in finding.related)]:
            if span is not None:
                assert 0 <= span.start <= span.end <= len(span.source.text), finding
