"""Which tokens belong to which statement, however wrong the text is."""

from collections.abc import Sequence
from dataclasses import dataclass

from lzn_dsl.syntax.brackets import Brackets, begins_statement, match_brackets
from lzn_dsl.syntax.limits import DEFAULT_LIMITS
from lzn_dsl.syntax.tokens import CLOSER_OF, END, OPENER_OF, Token


@dataclass(frozen=True)
class Statement:
    """Tokens `first` (included) to `stop` (excluded); `stop` is the newline or end that ends it."""

    first: int
    stop: int


def split(tokens: Sequence[Token]) -> list[Statement]:
    """Return the statements of a text, from its tokens without comments."""
    brackets = match_brackets(tokens, DEFAULT_LIMITS.nesting)
    found: list[Statement] = []
    place = 0
    while tokens[place].kind != END:
        if tokens[place].kind == "NEWLINE":
            place += 1
            continue
        stop = _stop(tokens, brackets, place)
        found.append(Statement(place, stop))
        place = stop
    return found


def ends_line(tokens: Sequence[Token], place: int, *, nested: bool) -> bool:
    """Whether a newline ends a statement, or a setting, and not just a line.

    `nested` tells whether it stands in braces; in other brackets none ends anything.
    """
    if tokens[place + 1].kind in ("NEWLINE", "PIPE", "LBRACE"):
        return False
    goes_on = not nested and place > 0 and tokens[place - 1].kind in ("PIPE", "COMMA")
    return not goes_on or begins_statement(tokens, place + 1)


def _stop(tokens: Sequence[Token], brackets: Brackets, place: int) -> int:
    first = place
    while tokens[place].kind != END:
        token = tokens[place]
        if token.kind in CLOSER_OF and place in brackets.closed_by:
            place = brackets.closed_by[place] + 1
            continue
        if token.kind in CLOSER_OF and place in brackets.ended_at:
            end = brackets.ended_at[place]
            if tokens[end].kind not in OPENER_OF:
                return max(end, first + 1)
            place = end
            continue
        if token.kind == "NEWLINE" and ends_line(tokens, place, nested=False):
            return place
        place += 1
    return place
