"""Shows diagnostics as text for people."""

from collections.abc import Iterator, Sequence

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Severity
from lzn_dsl.diagnostics.excerpt import visible
from lzn_dsl.diagnostics.marks import Quotation, quotations
from lzn_dsl.diagnostics.suggest import Suggestion

_RESET = "\x1b[0m"
_STYLES = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "gutter": "\x1b[1;34m",
    "strong": "\x1b[1m",
    "help": "\x1b[1;36m",
}


def render_text(diagnostics: Sequence[Diagnostic], *, color: bool = False) -> str:
    """Return the report of some diagnostics: each with its places, then the codes, then a count.

    Control characters of the user's text are spelled out. The empty sequence gives an empty text.
    """
    if not diagnostics:
        return ""
    reports = ["\n".join(_report(diagnostic, color)) for diagnostic in diagnostics]
    codes = dict.fromkeys(diagnostic.code for diagnostic in diagnostics)
    ending = [f"see: lzn explain {code}" for code in codes]
    return "\n\n".join([*reports, "\n".join([*ending, count(diagnostics)])]) + "\n"


def count(diagnostics: Sequence[Diagnostic]) -> str:
    """Say how many there are: `2 errors, 1 warning`."""
    counts = []
    for severity in Severity:
        number = sum(found.severity is severity for found in diagnostics)
        if number:
            counts.append(f"{number} {severity.value}{'s' if number > 1 else ''}")
    return ", ".join(counts)


def _report(found: Diagnostic, color: bool) -> list[str]:  # noqa: FBT001  # a private pass-through
    severity = found.severity.value
    head = _paint(f"{severity}[{found.code}]", severity, color)
    lines = [f"{head}{_paint(f': {visible(found.summary)}', 'strong', color)}"]
    quoted = quotations(found)
    numbers = [mark.excerpt.number for quotation in quoted for mark in quotation.marks]
    margin = len(str(max(numbers, default=1)))
    for quotation in quoted:
        sign = "-->" if quotation.span is found.span else ":::"
        arrow = _paint(f"{' ' * margin} {sign}", "gutter", color)
        lines.append(f"{arrow} {visible(str(quotation.span))}")
        lines += _quote(quotation, severity, margin, color)
    for kind, text in _remarks(found):
        first, *more = text.split("\n")
        sign = _paint(f"{' ' * margin}  =", "gutter", color)
        lines.append(f"{sign} {_paint(kind, 'help', color)}: {visible(first)}")
        lines += [f"{' ' * margin}          {visible(line)}".rstrip() for line in more]
    return lines


def _remarks(found: Diagnostic) -> Iterator[tuple[str, str]]:
    for note in found.notes:
        yield "note", note
    if found.hint:
        yield "help", found.hint
    if isinstance(found.hint, Suggestion):  # which says what its fix would do
        return
    for fix in found.fixes:
        yield "fix", fix.title if fix.safe else f"{fix.title} (may change what the program does)"


def _quote(quotation: Quotation, severity: str, margin: int, color: bool) -> list[str]:  # noqa: FBT001
    bar = _paint(f" {' ' * margin} |", "gutter", color)
    lines = [bar]
    before = None
    for number, text, marks in quotation.lines():
        if before is not None and number > before + 1:
            lines.append(_paint("...", "gutter", color))
        before = number
        gutter = _paint(f" {number:>{margin}} |", "gutter", color)
        lines.append(f"{gutter} {text}".rstrip())
        for mark in marks:
            label = f" {visible(mark.label)}" if mark.label else ""
            style = severity if mark.sign == "^" else "gutter"
            shown = _paint(mark.underline + label, style, color)
            lines.append(f"{bar} {' ' * mark.excerpt.start}{shown}")
    return lines


def _paint(text: str, style: str, color: bool) -> str:  # noqa: FBT001
    return f"{_STYLES[style]}{text}{_RESET}" if color else text
