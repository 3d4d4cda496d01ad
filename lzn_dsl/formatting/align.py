"""The `=` of neighbouring statements of one kind, one below the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lzn_dsl.formatting.layout import WIDTH, Item, flat_parts
from lzn_dsl.syntax.tokens import Token


@dataclass(frozen=True)
class _Row:
    """A statement on one line: its first word, what stands before its `=`, and the rest."""

    word: str
    head: str
    rest: str


def aligned_heads(statements: Sequence[Item]) -> list[str | None]:
    """Return the line of each statement that is aligned with a neighbour, None for the others.

    Statements are neighbours that follow each other without a blank line or a comment between, are
    of the same kind and have a line each. They are left as they are if one would be too long.
    """
    lines: list[str | None] = []
    for rows in _runs(statements):
        width = max((len(row.head) for row in rows if row), default=0)
        padded = [f"{row.head:<{width}}{row.rest}" for row in rows if row]
        if len(rows) > 1 and all(len(line) <= WIDTH for line in padded):
            lines += padded
        else:
            lines += [None] * len(rows)
    return lines


def _runs(statements: Sequence[Item]) -> Iterator[list[_Row | None]]:
    run: list[_Row | None] = []
    for statement in statements:
        row = _row(statement)
        before = run[-1] if run else None
        goes_on = row and before and row.word == before.word and not statement.links[0].above
        if run and not goes_on:
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _row(statement: Item) -> _Row | None:
    parts = statement.links[0].parts
    first = parts[0]
    if statement.flat is None or len(statement.flat) > WIDTH or not isinstance(first, Token):
        return None
    # A parameter of a verb may have a default: the `=` meant is the one after the arrow.
    start = next((i for i, p in enumerate(parts) if _is(p, "ARROW")), 0)
    equal = next((i for i in range(start, len(parts)) if _is(parts[i], "EQUAL")), None)
    if equal is None or (first.kind == "VERB" and not start):
        return None
    head = flat_parts(parts[:equal]) or ""
    return _Row(first.kind, head, statement.flat[len(head) :])


def _is(part: object, kind: str) -> bool:
    return isinstance(part, Token) and part.kind == kind
