"""Where a parse stands when it meets a token that it cannot take."""

from collections.abc import Sequence
from dataclasses import dataclass

from lzn_dsl.diagnostics.source import Source, Span
from lzn_dsl.syntax.brackets import starts_line
from lzn_dsl.syntax.tokens import END, Token


@dataclass(frozen=True)
class Situation:
    """All that a message may speak of.

    `place` is the token that was not taken and `last` the one taken before it; `accepts` are the
    kinds that would have been; `opener` is the innermost open bracket; `statement` and `unit` are
    where the statement, and the setting or statement, began. `start` is what is read: a file, a
    value or a phrase.
    """

    source: Source
    tokens: Sequence[Token]
    place: int
    last: Token | None
    accepts: frozenset[str]
    opener: Token | None
    statement: int
    unit: int
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
    def opens(self) -> str:
        """The kind of the innermost open bracket; empty outside brackets."""
        return self.opener.kind if self.opener else ""

    @property
    def first_of_line(self) -> bool:
        """Whether the token is the first of its line."""
        return starts_line(self.tokens, self.place)

    @property
    def span(self) -> Span:
        """The token's place; the end of a line or text is shown right after what stands there."""
        if self.token.kind in ("NEWLINE", END) and self.last:
            return Span(self.source, self.last.end, self.last.end)
        return Span(self.source, self.token.start, self.token.end)

    def span_of(self, token: Token) -> Span:
        """Return the place of another token."""
        return Span(self.source, token.start, token.end)
