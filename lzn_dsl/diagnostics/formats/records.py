"""Diagnostics as values for JSON: all that is known of them."""

from collections.abc import Iterable
from typing import Any

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Fix
from lzn_dsl.diagnostics.source import Span


def to_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Return diagnostics as values for JSON; lines and columns count from 1, offsets from 0."""
    return [
        {
            "code": found.code,
            "severity": found.severity.value,
            "summary": found.summary,
            "label": found.label,
            "notes": list(found.notes),
            "hint": found.hint,
            "place": place(found.span) if found.span else None,
            "related": [{"label": r.label, "place": place(r.span)} for r in found.related],
            "fixes": [_fix(fix) for fix in found.fixes],
        }
        for found in diagnostics
    ]


def place(span: Span) -> dict[str, Any]:
    """Return a place as values for JSON; its end is not part of it."""
    end_line, end_column = span.source.position(span.end)
    return {
        "file": span.source.name,
        "line": span.line,
        "column": span.column,
        "end_line": end_line,
        "end_column": end_column,
        "start": span.start,
        "end": span.end,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [{"place": place(edit.span), "text": edit.text} for edit in fix.edits]
    return {"title": fix.title, "safe": fix.safe, "edits": edits}
