"""Shows a line of a source so that carets below it stand where they should."""

import unicodedata
from dataclasses import dataclass

from lzn_dsl.diagnostics.source import Span

TAB_WIDTH = 4
LINE_WIDTH = 120
_CUT = "..."
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"})


@dataclass(frozen=True)
class Excerpt:
    """A line as it is shown, and the columns (from 0) that are underlined in it."""

    number: int
    text: str
    start: int
    end: int


def visible(text: str) -> str:
    """Return a text in which characters that cannot be seen are spelled out: `\\x1b`, `\\u202e`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_spelled(char) for char in text)


def excerpts(span: Span) -> list[Excerpt]:
    """Return the lines of a span: the one it is in, or the first and the last of several."""
    source = span.source
    first, column = source.position(span.start)
    last, end_column = source.position(max(span.start, span.end))
    line = source.line(first)
    if first == last:
        return [_excerpt(first, line, column - 1, end_column - 1)]
    if end_column == 1:  # it ends with the line before
        last -= 1
        end_column = len(source.line(last)) + 1
    if first == last:
        return [_excerpt(first, line, column - 1, end_column - 1)]
    last_line = source.line(last)
    indent = len(last_line) - len(last_line.lstrip())
    return [
        _excerpt(first, line, column - 1, len(line.rstrip())),
        _excerpt(last, last_line, min(indent, end_column - 1), end_column - 1),
    ]


def _excerpt(number: int, line: str, start: int, end: int) -> Excerpt:
    # Only what can be shown is looked at: a line may be as long as the text.
    skipped = max(0, start - LINE_WIDTH // 2)
    shown = line[skipped : skipped + LINE_WIDTH]
    pieces, columns = [], [0]
    for char in shown:
        piece = " " * (TAB_WIDTH - columns[-1] % TAB_WIDTH) if char == "\t" else _spelled(char)
        pieces.append(piece)
        columns.append(columns[-1] + _width(piece))
    before = _CUT if skipped else ""
    after = _CUT if skipped + LINE_WIDTH < len(line) else ""
    from_column = columns[min(start - skipped, len(shown))]
    to_column = columns[min(end - skipped, len(shown))]
    return Excerpt(
        number,
        before + "".join(pieces).rstrip() + after,
        len(before) + from_column,
        len(before) + max(to_column, from_column + 1),
    )


def _spelled(char: str) -> str:
    if unicodedata.category(char) not in _UNSEEN:
        return char
    point = ord(char)
    if char in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[char]
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def _width(piece: str) -> int:
    return sum(_char_width(char) for char in piece)


def _char_width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
