"""Shows diagnostics: as text for people, as JSON for programs."""

from collections.abc import Iterable, Sequence
from typing import Any

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Severity
from lzn_dsl.diagnostics.excerpt import Excerpt, excerpts, visible

_RESET = "\x1b[0m"
_STYLES = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "gutter": "\x1b[1;34m",
    "strong": "\x1b[1m",
    "help": "\x1b[1;36m",
}


def render_text(diagnostics: Sequence[Diagnostic], *, color: bool = False) -> str:
    """Return the report of some diagnostics: each with its place, then the codes, then a count.

    Control characters of the user's text are spelled out. The empty sequence gives an empty text.
    """
    if not diagnostics:
        return ""
    reports = ["\n".join(_report(diagnostic, color)) for diagnostic in diagnostics]
    codes = dict.fromkeys(diagnostic.code for diagnostic in diagnostics)
    ending = [f"see: lzn explain {code}" for code in codes]
    return "\n\n".join([*reports, "\n".join([*ending, _count(diagnostics)])]) + "\n"


def to_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Return the same facts as values for JSON; lines and columns count from 1, offsets from 0."""
    return [
        {
            "code": found.code,
            "severity": found.severity.value,
            "summary": found.summary,
            "label": found.label,
            "notes": list(found.notes),
            "hint": found.hint,
            "place": _place(found),
        }
        for found in diagnostics
    ]


def _place(found: Diagnostic) -> dict[str, Any] | None:
    span = found.span
    if span is None:
        return None
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


def _report(found: Diagnostic, color: bool) -> list[str]:  # noqa: FBT001  # a private pass-through
    severity = found.severity.value
    head = _paint(f"{severity}[{found.code}]", severity, color)
    lines = [f"{head}{_paint(f': {visible(found.summary)}', 'strong', color)}"]
    margin = 1
    if found.span:
        shown = excerpts(found.span)
        margin = len(str(shown[-1].number))
        arrow = _paint(f"{' ' * margin} -->", "gutter", color)
        lines.append(f"{arrow} {visible(str(found.span))}")
        lines += _quote(shown, found, margin, color)
    notes = [("note", note) for note in found.notes]
    if found.hint:
        notes.append(("help", found.hint))
    for kind, text in notes:
        first, *more = text.split("\n")
        sign = _paint(f"{' ' * margin}  =", "gutter", color)
        lines.append(f"{sign} {_paint(kind, 'help', color)}: {visible(first)}")
        lines += [f"{' ' * margin}          {visible(line)}".rstrip() for line in more]
    return lines


def _quote(shown: list[Excerpt], found: Diagnostic, margin: int, color: bool) -> list[str]:  # noqa: FBT001
    bar = _paint(f" {' ' * margin} |", "gutter", color)
    lines = [bar]
    for index, excerpt in enumerate(shown):
        if index and excerpt.number > shown[index - 1].number + 1:
            lines.append(_paint("...", "gutter", color))
        number = _paint(f" {excerpt.number:>{margin}} |", "gutter", color)
        lines.append(f"{number} {excerpt.text}".rstrip())
        carets = "^" * (excerpt.end - excerpt.start)
        label = f" {visible(found.label)}" if found.label and index == len(shown) - 1 else ""
        carets = _paint(carets + label, found.severity.value, color)
        lines.append(f"{bar} {' ' * excerpt.start}{carets}")
    return lines


def _count(diagnostics: Sequence[Diagnostic]) -> str:
    counts = []
    for severity in Severity:
        number = sum(found.severity is severity for found in diagnostics)
        if number:
            counts.append(f"{number} {severity.value}{'s' if number > 1 else ''}")
    return ", ".join(counts)


def _paint(text: str, style: str, color: bool) -> str:  # noqa: FBT001
    return f"{_STYLES[style]}{text}{_RESET}" if color else text
