"""The Pygments lexer of the language, for documents and notebooks.

Pygments finds it by its entry point, under the name `lzn` and the ending `.lzn`.
"""

from collections.abc import Iterator
from typing import Any

from pygments.lexer import Lexer
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Whitespace,
)

from lzn_dsl.diagnostics.source import Source
from lzn_dsl.syntax.lexer import lex
from lzn_dsl.syntax.tokens import KEYWORDS, PREPOSITIONS, STATEMENTS, Token

_NAMES = frozenset({"NAME", "QUALIFIED"})
_NAMING = frozenset({"LET", "PARAM", "DATA", "MODALITY", "TASK", "VERB"})
_OF_KIND = {
    "COMMENT": Comment.Single,
    "NUMBER": Number,
    "STRING": String.Double,
    "NEWLINE": Whitespace,
    "PIPE": Operator,
    "ARROW": Operator,
    "EQUAL": Operator,
    "DOTS": Operator,
    "STRAY": Error,
    "UNCLOSED_STRING": Error,
    "MALFORMED_NUMBER": Error,
}


class LznLexer(Lexer):  # type: ignore[misc]  # Pygments has no types
    """Lexes programs of lzn as its parser does; what is no part of the language is an Error."""

    name = "lzn"
    aliases = ("lzn",)
    filenames = ("*.lzn",)
    mimetypes = ("text/x-lzn",)
    url = ""

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, Any, str]]:
        """Yield the offset, the type and the text of each piece; together they are the text."""
        tokens = lex(Source("<text>", text), max_tokens=len(text) + 1)
        place = 0
        for index, token in enumerate(tokens):
            if token.start > place:
                yield place, Whitespace, text[place : token.start]
            if token.text:
                yield token.start, _type(tokens, index), token.text
            place = token.end


def _type(tokens: list[Token], index: int) -> Any:
    token, following = tokens[index], tokens[min(index + 1, len(tokens) - 1)].kind
    before = tokens[index - 1].kind if index else "NEWLINE"
    word = token.kind in _NAMES or token.kind in KEYWORDS
    if word and following == "COLON" and before not in _NAMING:
        return Name.Attribute
    if token.kind in STATEMENTS:
        return Keyword.Declaration
    if token.kind in PREPOSITIONS | {"USING"}:
        return Operator.Word
    if token.kind in KEYWORDS or token.text == "none":
        return Keyword.Constant
    if token.kind in _NAMES:
        if before in _NAMING:
            return Name.Variable
        return Name.Function if following == "LPAR" or before == "NEWLINE" else Name
    return _OF_KIND.get(token.kind, Punctuation)
