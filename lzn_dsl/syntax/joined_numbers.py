"""Numbers with a comma or a percent sign, `0,001` and `50%`: one mistake, not two."""

from collections.abc import Sequence

from lzn_dsl.diagnostics.source import Source
from lzn_dsl.syntax.tokens import Token


def join_numbers(source: Source, tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens with each number that has commas or a `%` as one, which is malformed.

    A number with commas is the value of a key or a name; in lists and between operands a comma
    separates.
    """
    joined: list[Token] = []
    place = 0
    while place < len(tokens):
        end = place
        if joined and joined[-1].kind in ("COLON", "EQUAL") and tokens[place].kind == "NUMBER":
            while _goes_on(tokens, end):
                end += 2
        if tokens[end].kind == "NUMBER" and _is_percent(tokens, end):
            end += 1
        if end > place:
            first, last = tokens[place].start, tokens[end].end
            joined.append(Token("MALFORMED_NUMBER", source.text[first:last], first, last))
        else:
            joined.append(tokens[place])
        place = end + 1
    return joined


def _goes_on(tokens: Sequence[Token], place: int) -> bool:
    """Whether a comma and another number stand right after a number, without a space."""
    following = tokens[place : place + 3]
    if [token.kind for token in following] != ["NUMBER", "COMMA", "NUMBER"]:
        return False
    number, comma, more = following
    return number.end == comma.start and comma.end == more.start


def _is_percent(tokens: Sequence[Token], place: int) -> bool:
    number, sign = tokens[place : place + 2]
    return sign.text == "%" and number.end == sign.start
