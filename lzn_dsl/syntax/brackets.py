"""Which brackets belong together, and which are left alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lzn_dsl.syntax.tokens import CLOSER_OF, END, OPENER_OF, Token

# What follows the first word of a statement. A setting may be called `data` too, so the word alone
# does not tell that a statement begins.
_BEGINNINGS: dict[str, tuple[tuple[str, ...], ...]] = {
    "LZN": (("NUMBER",),),
    "IMPORT": (("STRING",),),
    "LET": (("NAME", "EQUAL"),),
    "PARAM": (("NAME", "COLON"),),
    "SPACE": (("NAME",),),
    "DATA": (("NAME", "EQUAL"),),
    "MODALITY": (("NAME", "EQUAL"),),
    "TASK": (("NAME", "EQUAL"),),
    "TRAIN": (("LBRACE",), ("NAME", "LBRACE"), ("QUALIFIED", "LBRACE")),
    "EVALUATE": (("NAME", "ON"),),
    "LEARN": (("NAME", "NAME"),),
    "VERB": (("NAME", "NAME"),),
}

_CONTINUES = ("LBRACE", "PIPE")
"""What goes on with the line before."""


@dataclass
class Brackets:
    """The brackets of a text, by the positions of their tokens.

    `closed_by` leads from an opening bracket to its closing one. `ended_at` leads from one that is
    never closed to the token that shows it: the next statement, another closing bracket, the end.
    `wrong` holds closing brackets of the wrong kind, `extra` those that close nothing. `too_deep`
    is the first one beyond the limit; nothing after it is matched.
    """

    closed_by: dict[int, int] = field(default_factory=dict)
    ended_at: dict[int, int] = field(default_factory=dict)
    wrong: set[int] = field(default_factory=set)
    extra: set[int] = field(default_factory=set)
    too_deep: int | None = None


def match_brackets(tokens: Sequence[Token], nesting: int) -> Brackets:
    """Match the brackets of a text, at most `nesting` within each other, comments left out."""
    brackets = Brackets()
    stack: list[int] = []
    head = ""  # the first word of the statement
    for place, token in enumerate(tokens):
        if not stack and starts_line(tokens, place) and token.kind not in _CONTINUES:
            head = token.kind
        if token.kind in CLOSER_OF and len(stack) == nesting:
            brackets.too_deep = place
            break
        if token.kind in CLOSER_OF:
            stack.append(place)
        elif token.kind in OPENER_OF:
            _close(brackets, stack, tokens, place)
        elif token.kind == END or (
            stack and begins_statement(tokens, place) and (head, token.kind) != ("VERB", "LET")
        ):
            brackets.ended_at.update(dict.fromkeys(stack, place))
            stack.clear()
    return brackets


def begins_statement(tokens: Sequence[Token], place: int) -> bool:
    """Whether the token is the first of a line and begins what can only be a statement."""
    beginnings = _BEGINNINGS.get(tokens[place].kind, ())
    if not beginnings or not starts_line(tokens, place):
        return False
    following = tuple(token.kind for token in tokens[place + 1 : place + 3])
    return any(following[: len(beginning)] == beginning for beginning in beginnings)


def starts_line(tokens: Sequence[Token], place: int) -> bool:
    """Whether the token is the first of its line."""
    return place == 0 or tokens[place - 1].kind == "NEWLINE"


def _close(brackets: Brackets, stack: list[int], tokens: Sequence[Token], place: int) -> None:
    opener = OPENER_OF[tokens[place].kind]
    if not stack:
        brackets.extra.add(place)
        return
    if all(tokens[open_place].kind != opener for open_place in stack):
        brackets.wrong.add(place)
        brackets.closed_by[stack.pop()] = place
        return
    while tokens[stack[-1]].kind != opener:
        brackets.ended_at[stack.pop()] = place
    brackets.closed_by[stack.pop()] = place
