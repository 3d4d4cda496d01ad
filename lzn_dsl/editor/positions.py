"""Between character offsets and the lines and columns of an editor.

An editor counts columns in units of an encoding: UTF-16 by default, in which a character beyond
U+FFFF takes two. Lines end with a line feed, a carriage return, or both.
"""

import re
from bisect import bisect_right
from typing import Literal, NamedTuple

Encoding = Literal["utf-8", "utf-16", "utf-32"]

_LINE_END = re.compile(r"\r\n|\n|\r")
_CODEC = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
_UNIT_BYTES = {"utf-8": 1, "utf-16": 2, "utf-32": 4}


class Position(NamedTuple):
    """A line and a column, both from 0; the column in units of the editor's encoding."""

    line: int
    column: int


class Lines:
    """The lines of a text, for an editor that counts in `encoding`."""

    def __init__(self, text: str, encoding: Encoding = "utf-16") -> None:
        self._text = text
        self._encoding = encoding
        self._starts = [0, *(end.end() for end in _LINE_END.finditer(text))]

    def __len__(self) -> int:
        return len(self._starts)

    def position(self, offset: int) -> Position:
        """Return the place of a character offset; one beyond the text counts as its end."""
        offset = max(0, min(offset, len(self._text)))
        line = bisect_right(self._starts, offset) - 1
        return Position(line, self._units(self._text[self._starts[line] : offset]))

    def offset(self, line: int, column: int) -> int:
        """Return the character offset of a place; one beyond a line or the text is its end.

        A column in the middle of a character is the character's start.
        """
        if line < 0:
            return 0
        if line >= len(self._starts):
            return len(self._text)
        start = self._starts[line]
        end = self._starts[line + 1] if line + 1 < len(self._starts) else len(self._text)
        content = self._text[start:end].rstrip("\r\n")
        if content.isascii():
            return start + max(0, min(column, len(content)))
        for place, char in enumerate(content):
            column -= self._units(char)
            if column < 0:
                return start + place
        return start + len(content)

    def _units(self, text: str) -> int:
        if text.isascii():
            return len(text)
        data = text.encode(_CODEC[self._encoding], "surrogatepass")
        return len(data) // _UNIT_BYTES[self._encoding]
