"""Semantic tokens: what each word is, for an editor that colours by meaning."""

from bisect import bisect_right
from typing import NamedTuple

from lzn_dsl.editor.document import Document
from lzn_dsl.editor.mentions import Mention, Role
from lzn_dsl.semantics.verbs import prelude
from lzn_dsl.syntax.tokens import KEYWORDS

_TYPE_OF = {
    Role.CONSTANT: "variable",
    Role.DATA: "variable",
    Role.MODALITY: "type",
    Role.TASK: "function",
    Role.VERB: "function",
    Role.LOCAL: "parameter",
    Role.NAMESPACE: "namespace",
    Role.MODULE: "property",
    Role.PRIMITIVE: "function",
    Role.OBJECTIVE: "function",
    Role.COMPONENT: "class",
    Role.SETTING: "property",
    Role.WORD: "enumMember",
    Role.TYPE: "type",
    Role.CAPABILITY: "type",
}
_OF_TOKEN = {
    "NUMBER": "number",
    "STRING": "string",
    "COMMENT": "comment",
    "PIPE": "operator",
    "ARROW": "operator",
}
TYPES = sorted({*_TYPE_OF.values(), *_OF_TOKEN.values(), "keyword"})
"""The types of tokens, by number."""
MODIFIERS = ["declaration", "readonly", "defaultLibrary"]
"""The modifiers of tokens, by bit."""


class Colored(NamedTuple):
    """A piece of text of one colour; `modifiers` has a bit for each of `MODIFIERS`."""

    start: int
    end: int
    type: str
    modifiers: int


def colored(document: Document) -> list[Colored]:
    """Return the coloured pieces of a text, in order; none overlap or cross a line."""
    by_start = {m.start: m for m in document.mentions}
    starts = sorted(by_start)
    builtin = {verb.name.text for verb in prelude()} - {d.name for d in document.definitions}
    found: list[Colored] = []
    for token in document.tokens:
        first = bisect_right(starts, token.start - 1)
        words = [by_start[s] for s in starts[first : first + 2] if s < token.end]
        if words:
            found += [_of_mention(m, builtin) for m in words]
        elif token.kind in KEYWORDS:
            found.append(Colored(token.start, token.end, "keyword", 0))
        elif token.kind in _OF_TOKEN:
            found.append(Colored(token.start, token.end, _OF_TOKEN[token.kind], 0))
    return found


def _of_mention(mention: Mention, builtin: set[str]) -> Colored:
    given = {
        "declaration": mention.defines,
        "readonly": mention.role is Role.CONSTANT,
        "defaultLibrary": mention.role is Role.PRIMITIVE
        or (mention.role is Role.VERB and mention.text in builtin and not mention.space),
    }
    bits = sum(1 << place for place, name in enumerate(MODIFIERS) if given[name])
    return Colored(mention.start, mention.end, _TYPE_OF[mention.role], bits)
