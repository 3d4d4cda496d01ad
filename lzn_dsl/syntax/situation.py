"""Where a parse stands when it meets a token that it cannot take."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lzn_dsl.diagnostics.source import Source, Span
from lzn_dsl.syntax.brackets import starts_line
from lzn_dsl.syntax.tokens import CLOSER_OF, END, OPENER_OF, Token

_SHOWN_LENGTH = 40


@dataclass(frozen=True)
class Situation:
    """All that a message may speak of.

    `place` is the token that was not taken and `last` the one taken before it; `accepts` are the
    kinds that would have been; `opener` is the innermost open bracket; `statement` is where the
    statement began. `start` is what is read: a file, a value or a phrase.
    """

    source: Source
    tokens: Sequence[Token]
    place: int
    last: Token | None
    accepts: frozenset[str]
    opener: Token | None
    statement: int
    start: str

    @property
    def token(self) -> Token:
        """The token that was not taken."""
        return self.tokens[self.place]

    @property
    def following(self) -> Token:
        """The token after that; the end follows itself."""
        return self.tokens[min(self.place + 1, len(self.tokens) - 1)]

    @property
    def head(self) -> Token:
        """The first token of the statement."""
        return self.tokens[self.statement]

    @property
    def reach(self) -> int:
        """How many tokens of the statement stand before this one."""
        return self.place - self.statement

    @property
    def opens(self) -> str:
        """The kind of the innermost open bracket; empty outside brackets."""
        return self.opener.kind if self.opener else ""

    @property
    def in_body(self) -> bool:
        """Whether this is in the body of a verb, after what it makes."""
        taken = self.tokens[self.statement : self.place]
        return self.head.kind == "VERB" and any(
            arrow.kind == "ARROW" and after.kind == "NAME" for arrow, after in pairwise(taken)
        )

    @property
    def in_phrase(self) -> bool:
        """Whether this is in what a task does, or in what is to be learned."""
        of_phrase = self.head.kind in ("TASK", "LEARN", "NAME", "QUALIFIED")
        return of_phrase and self.opens in ("", "LPAR") and not self.in_method

    @property
    def in_method(self) -> bool:
        """Whether this is after the `using` of a task, not in its settings."""
        taken = self.tokens[self.statement : self.place]
        return self.opens != "LBRACE" and any(token.kind == "USING" for token in taken)

    @property
    def first_of_line(self) -> bool:
        """Whether the token is the first of its line."""
        return starts_line(self.tokens, self.place)

    @property
    def span(self) -> Span:
        """The token's place; the end of a line or text is shown right after what stands there."""
        if self.token.kind in ("NEWLINE", END):
            return self.span_before
        return self.span_of(self.token)

    @property
    def span_before(self) -> Span:
        """The place right after the word or sign before the token."""
        place = self.place - 1
        while place >= 0 and self.tokens[place].kind == "NEWLINE":
            place -= 1
        end = self.tokens[place].end if place >= 0 else 0
        return Span(self.source, end, end)

    def span_of(self, token: Token) -> Span:
        """Return the place of another token."""
        return Span(self.source, token.start, token.end)

    def rest_of_line(self, skipped: int = 0) -> str:
        """Return what follows in the brackets and the line, from `skipped` tokens on.

        Where that is nothing, or long, return `...`.
        """
        first = end = self.place + skipped
        depth = 0
        while self.tokens[end].kind not in ("NEWLINE", END):
            kind = self.tokens[end].kind
            depth += (kind in CLOSER_OF) - (kind in OPENER_OF)
            if depth < 0 or (kind == "COMMA" and not depth):
                break
            end += 1
        if first >= end:
            return "..."
        text = self.source.text[self.tokens[first].start : self.tokens[end - 1].end]
        return text if len(text) <= _SHOWN_LENGTH else "..."
