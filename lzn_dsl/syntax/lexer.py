"""From text to tokens."""

import re
from functools import cache

from lzn_dsl.diagnostics.source import Source
from lzn_dsl.syntax.limits import DEFAULT_LIMITS
from lzn_dsl.syntax.tables import load_tables
from lzn_dsl.syntax.tokens import END, Token

BYTE_ORDER_MARK = "\ufeff"


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{name}>{body})" for name, body in load_tables().terminals))


def lex(source: Source, max_tokens: int = DEFAULT_LIMITS.tokens) -> list[Token]:
    """Return the tokens of a text, comments and newlines included, then one of the kind END.

    Every text has tokens: what is no part of the language comes as STRAY, UNCLOSED_STRING or
    MALFORMED_NUMBER. The list ends early, after one token too many, where a text has more than
    `max_tokens`.
    """
    text = source.text
    words, ignored = load_tables().words, load_tables().ignored
    tokens: list[Token] = []
    start = len(BYTE_ORDER_MARK) if text.startswith(BYTE_ORDER_MARK) else 0
    for match in _pattern().finditer(text, start):
        kind = match.lastgroup or "STRAY"
        if kind in ignored:
            continue
        word = match.group()
        if kind == "NAME":
            kind = words.get(word, kind)
        tokens.append(Token(kind, word, match.start(), match.end()))
        if len(tokens) > max_tokens:
            break
    tokens.append(Token(END, "", len(text), len(text)))
    return tokens
