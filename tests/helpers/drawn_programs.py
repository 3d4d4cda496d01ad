"""Programs drawn from the grammar, also with line ends and comments wherever they may be."""

from functools import cache
from itertools import pairwise

from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from lark import Lark

from lzn_dsl.diagnostics.source import Source
from lzn_dsl.syntax.generate import lark_parser
from lzn_dsl.syntax.lexer import lex
from lzn_dsl.syntax.tables import load_tables, read_grammar
from lzn_dsl.syntax.tokens import CLOSER_OF, OPENER_OF

_BREAKS = ("\n", "\n\n\n", " # c\n", "\n# d\n", "\r\n\t# e \n\n# f\n")
_NO_BREAKS = ("", " ", "\t ")


@cache
def grammar() -> Lark:
    """The grammar as lark reads it."""
    return lark_parser(read_grammar())


def drawn() -> st.SearchStrategy[str]:
    """Programs that the grammar describes; what they name need not exist."""
    return from_lark(grammar(), start="file", explicit=_spaced(grammar()))


@st.composite
def noisy(draw: st.DrawFn) -> str:
    """Return a drawn program with blanks, line ends and comments where they change nothing."""
    tokens = lex(Source("drawn.lzn", draw(drawn())))
    noise = draw(st.lists(st.sampled_from((*_BREAKS, *_NO_BREAKS)), min_size=1, max_size=20))
    text, open_brackets = "", []
    for place, (token, following) in enumerate(pairwise(tokens)):
        text += "" if token.kind == "NEWLINE" else f" {token.text}"
        if token.kind in CLOSER_OF:
            open_brackets.append(token.kind)
        elif token.kind in OPENER_OF:
            open_brackets.pop()
        chosen = noise[place % len(noise)]
        if token.kind == "NEWLINE":
            text += chosen if chosen in _BREAKS else "\n"
        elif _goes_on(token.kind, following.kind, open_brackets):
            text += chosen
        elif not open_brackets and token.kind in ("PIPE", "COMMA"):
            text += chosen if chosen in ("\n", " # c\n") else " "
    return text


def _goes_on(kind: str, following: str, open_brackets: list[str]) -> bool:
    """Whether line ends change nothing between two tokens."""
    if open_brackets[-1:] in (["LPAR"], ["LSQB"]) or following in ("PIPE", "LBRACE"):
        return True
    return bool(open_brackets) and (kind in ("LBRACE", "COMMA") or following == "RBRACE")


def _spaced(lark: Lark) -> dict[str, st.SearchStrategy[str]]:
    """Give each terminal room, so that what lark draws is lexed as it was drawn."""
    words = {
        t.name: st.just(f" {t.pattern.value} ") for t in lark.terminals if t.pattern.type == "str"
    }
    reserved = set(load_tables().words)
    names = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
    free = names.filter(lambda name: name not in reserved)
    return words | {
        "NAME": free.map(lambda name: f" {name} "),
        "QUALIFIED": st.tuples(free, free).map(lambda pair: f" {'.'.join(pair)} "),
        "NUMBER": st.from_regex(r"-?[1-9]{1,4}(\.[0-9])?[kM]?", fullmatch=True).map(
            lambda n: f" {n} "
        ),
        "STRING": st.from_regex(r'"[a-z ]{0,5}"', fullmatch=True),
    }
