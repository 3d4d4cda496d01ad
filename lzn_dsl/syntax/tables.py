"""The parser's tables, made from `grammars/lzn.lark`.

Building LALR tables costs 0.2 s with the import of lark, which is too much for `lzn check`. So they
are shipped in `tables.json`, which holds the text of the grammar it was made from: when that is not
the grammar at hand, the tables are built again in memory.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lzn_dsl.resources import resource_folder

SHIPPED = Path(__file__).with_name("tables.json")


@dataclass(frozen=True)
class Rule:
    """A rule of the grammar: what it makes, from which of its parts.

    `inline` rules hand their parts to the rule above; a `single` one hands up a lone part as it is.
    """

    origin: str
    size: int
    kept: tuple[int, ...]
    inline: bool
    single: bool


@dataclass(frozen=True)
class Tables:
    """What the lexer and the parser read.

    An action is a state to go to (0 or more) or, as -1 - index, a rule to reduce by.
    """

    grammar: str
    terminals: tuple[tuple[str, str], ...]
    ignored: frozenset[str]
    words: dict[str, str]
    rules: tuple[Rule, ...]
    actions: tuple[dict[str, int], ...]
    starts: dict[str, int]
    ends: dict[str, int]


def read_grammar() -> str:
    """Return the text of the grammar."""
    return (resource_folder("grammars") / "lzn.lark").read_text(encoding="utf-8")


@cache
def load_tables() -> Tables:
    """Return the tables of the grammar at hand, from the shipped file when it is up to date."""
    grammar = read_grammar()
    try:
        shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        shipped = {}
    if shipped.get("grammar") != grammar:
        from lzn_dsl.syntax.generate import build_tables

        shipped = build_tables(grammar)
    return _tables(shipped)


def _tables(data: dict[str, Any]) -> Tables:
    return Tables(
        grammar=data["grammar"],
        terminals=tuple((name, pattern) for name, pattern in data["terminals"]),
        ignored=frozenset(data["ignored"]),
        words=data["words"],
        rules=tuple(
            Rule(origin, size, tuple(kept), inline, single)
            for origin, size, kept, inline, single in data["rules"]
        ),
        actions=tuple(data["actions"]),
        starts=data["starts"],
        ends=data["ends"],
    )
