"""A place in a text: what the parser would take there, and what a name there would be."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lzn_dsl.editor.document import Document
from lzn_dsl.editor.frames import Expect, Frame, Line, Steps
from lzn_dsl.editor.mentions import ANYWHERE, Slot
from lzn_dsl.editor.walk import Walk
from lzn_dsl.syntax.machine import Machine
from lzn_dsl.syntax.tables import load_tables
from lzn_dsl.syntax.tokens import Token

_WORD = re.compile(r"((?:[A-Za-z_][A-Za-z0-9_]*\.)*)([A-Za-z_][A-Za-z0-9_]*)?\Z")
_OPAQUE = ("COMMENT", "STRING", "UNCLOSED_STRING")
_LONGEST_WORD = 300


@dataclass(frozen=True)
class Place:
    """Where something is about to be written.

    Attributes:
        document: The text.
        start: Where the word that is being written starts.
        offset: The place itself.
        space: The namespace before the word, as in `base.wid`; empty for none.
        walk: The walk over the statement up to the word.
        accepts: The kinds of tokens that the parser would take; None after a mistake.
    """

    document: Document
    start: int
    offset: int
    space: str
    walk: Walk
    accepts: frozenset[str] | None

    @property
    def frame(self) -> Frame:
        """What the place is within."""
        return self.walk.frames[-1]

    @property
    def expect(self) -> Expect:
        """What a name here would be."""
        frame = self.frame
        if isinstance(frame, Line | Steps):
            return frame.expect
        return Expect.VALUE

    @property
    def slot(self) -> Slot:
        """Where a value here would stand."""
        return ANYWHERE if isinstance(self.frame, Steps) else self.frame.slot

    def takes(self, kind: str) -> bool:
        """Whether the parser would take a token of that kind, as far as is known."""
        return self.accepts is None or kind in self.accepts


def place_at(document: Document, offset: int) -> Place | None:
    """Return the place at an offset; None in a comment, a string or a number."""
    offset = max(0, min(offset, len(document.text)))
    before = document.text[max(0, offset - _LONGEST_WORD) : offset]
    word = _WORD.search(before)
    assert word is not None
    start = offset - len(word[2] or "")
    token = document.token_before(start if start < offset else offset)
    if token and token.start < offset and token.kind in _OPAQUE:
        inside = token.kind != "STRING" or offset < token.end
        if inside:
            return None
    if token and token.kind in ("NUMBER", "MALFORMED_NUMBER") and token.end >= offset:
        return None
    walk, taken = document.walk_to(start - len(word[1]))
    return Place(document, start, offset, word[1].rstrip("."), walk, _accepts(taken))


class _Nothing:
    """Makes nothing of the rules."""

    def make(self, rule: str, parts: list[Any], start: int, end: int) -> None:
        """Return nothing."""


def _accepts(taken: Sequence[Token]) -> frozenset[str] | None:
    machine = Machine(load_tables(), "file", _Nothing())
    return machine.accepts() if all(machine.take(token) for token in taken) else None
