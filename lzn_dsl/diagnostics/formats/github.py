"""Diagnostics as workflow commands, which GitHub Actions shows as annotations of a change."""

from collections.abc import Sequence

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.formats.prose import prose


def render_github(diagnostics: Sequence[Diagnostic]) -> str:
    """Return one command a diagnostic: `::error file=a.lzn,line=1,...::what is wrong`."""
    return "".join(f"{_command(found)}\n" for found in diagnostics)


def _command(found: Diagnostic) -> str:
    values = {"title": found.code, **_place(found)}
    listed = ",".join(f"{name}={_escape_property(str(v))}" for name, v in values.items())
    return f"::{found.severity.value} {listed}::{_escape(prose(found))}"


def _place(found: Diagnostic) -> dict[str, str | int]:
    span = found.span
    if span is None:
        return {}
    end_line, end_column = span.source.position(max(span.start, span.end - 1))
    place: dict[str, str | int] = {"file": span.source.name, "line": span.line}
    place["endLine"] = end_line
    if end_line > span.line:  # columns are taken for places of one line only
        return place
    return {**place, "col": span.column, "endColumn": end_column}


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
