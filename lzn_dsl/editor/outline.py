"""The outline of a text, and the parts of it that can be folded away."""

from collections.abc import Iterator
from dataclasses import dataclass

from lzn_dsl.editor.document import Document
from lzn_dsl.editor.statements import Statement
from lzn_dsl.syntax.brackets import match_brackets
from lzn_dsl.syntax.limits import DEFAULT_LIMITS
from lzn_dsl.syntax.tokens import STATEMENTS

_SHOWN = 80


@dataclass(frozen=True)
class Symbol:
    """A statement in the outline.

    Attributes:
        name: The name that it gives, or its first words.
        word: Its first word, such as `task`; `task` for a phrase alone.
        detail: What the name stands for.
        start: Where the statement starts.
        end: Where it ends.
        name_start: Where the name starts.
        name_end: Where the name ends.
    """

    name: str
    word: str
    detail: str
    start: int
    end: int
    name_start: int
    name_end: int


@dataclass(frozen=True)
class Fold:
    """Offsets of the first and the last character to fold; `comment` for a run of comments."""

    start: int
    end: int
    comment: bool = False


def symbols(document: Document) -> list[Symbol]:
    """Return the statements of a text, in order."""
    by_first = {d.statement.first: d for d in document.definitions}
    found: list[Symbol] = []
    for statement in document.statements:
        start, end = document.span(statement)
        first = document.words[statement.first]
        text = " ".join(document.text[start:end].split())
        definition = by_first.get(statement.first)
        if definition is not None:
            detail = text[text.find(definition.name) + len(definition.name) :].lstrip(" =")
            name, at = definition.name, (definition.start, definition.end)
        else:
            name, detail, at = _headline(document, statement), "", (first.start, first.end)
        word = first.text if first.kind in STATEMENTS else "task"
        found.append(Symbol(name, word, detail[:_SHOWN], start, end, *at))
    return found


def folds(document: Document) -> list[Fold]:
    """Return what can be folded: brackets over several lines, and runs of comments."""
    return [*_bracket_folds(document), *_comment_folds(document)]


def _headline(document: Document, statement: Statement) -> str:
    words = document.words[statement.first : statement.stop]
    opener = next((i for i, w in enumerate(words) if w.kind == "LBRACE"), len(words))
    shown = words[:opener]
    text = document.text[shown[0].start : shown[-1].end] if shown else words[0].text
    return " ".join(text.split())[:_SHOWN]


def _bracket_folds(document: Document) -> Iterator[Fold]:
    words, text = document.words, document.text
    brackets = match_brackets(words, DEFAULT_LIMITS.nesting)
    taken: set[int] = set()
    for opener, closer in sorted(brackets.closed_by.items()):
        start, end = words[opener].end, words[closer].start
        line, last = text.rfind("\n", 0, start), text.rfind("\n", start, end)
        if "\n" in text[start : max(start, last)] and line not in taken:
            taken.add(line)
            yield Fold(start, last)


def _comment_folds(document: Document) -> Iterator[Fold]:
    run: list[tuple[int, int]] = []
    lines = 0
    for token in document.tokens:
        if token.kind == "COMMENT" and (lines != 0 or not run):
            run.append((token.start, token.end))
            lines = 0
        elif token.kind == "NEWLINE" and run and lines == 0:
            lines = 1
        else:
            if len(run) > 1:
                yield Fold(run[0][0], run[-1][1], comment=True)
            run, lines = [], 0
    if len(run) > 1:
        yield Fold(run[0][0], run[-1][1], comment=True)
