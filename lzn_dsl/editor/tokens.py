"""The tokens of a text that is being written: only the lines that changed are lexed again.

No token of the language crosses the end of a line, so lines are lexed one by one.
"""

from bisect import bisect_left
from collections.abc import Callable

from lzn_dsl.diagnostics.source import Source
from lzn_dsl.syntax.lexer import BYTE_ORDER_MARK, lex
from lzn_dsl.syntax.limits import DEFAULT_LIMITS, Limits
from lzn_dsl.syntax.tokens import END, Token


def lex_text(text: str, limits: Limits = DEFAULT_LIMITS) -> list[Token]:
    """Return the tokens of a text; none but the end for one that is too large to be a program."""
    if len(text) > limits.file_bytes:
        return [Token(END, "", len(text), len(text))]
    return lex(Source("<editor>", text), limits.tokens)


def relex(old: str, tokens: list[Token], new: str, limits: Limits = DEFAULT_LIMITS) -> list[Token]:
    """Return the tokens of a text, given another text and its tokens."""
    start, stop = same_lines(old, new)
    middle = new[start : len(new) - stop]
    whole = len(new) > limits.file_bytes or len(tokens) > limits.tokens
    if whole or (start and middle.startswith(BYTE_ORDER_MARK)) or not tokens[:-1]:
        return lex_text(new, limits)
    before = tokens[: bisect_left(tokens, start, key=_start)]
    after = tokens[bisect_left(tokens, len(old) - stop, key=_start) : -1]
    shift = len(new) - len(old)
    changed = [
        Token(t.kind, t.text, t.start + start, t.end + start)
        for t in lex(Source("<editor>", middle), limits.tokens)[:-1]
    ]
    if shift:
        after = [Token(kind, word, a + shift, b + shift) for kind, word, a, b in after]
    found = [*before, *changed, *after]
    if len(found) > limits.tokens:
        return lex_text(new, limits)
    found.append(Token(END, "", len(new), len(new)))
    return found


def _start(token: Token) -> int:
    return token.start


def same_lines(old: str, new: str) -> tuple[int, int]:
    """Return how many characters of whole lines two texts share, at the start and at the end."""
    shorter = min(len(old), len(new))
    start = _longest(shorter, lambda n: old.startswith(new[:n]))
    start = new.rfind("\n", 0, start) + 1
    stop = _longest(shorter - start, lambda n: old.endswith(new[len(new) - n :]))
    line = new.find("\n", len(new) - stop) if stop else -1
    return start, len(new) - line - 1 if line >= 0 else 0


def _longest(limit: int, same: Callable[[int], bool]) -> int:
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if same(middle) else (low, middle - 1)
    return low
