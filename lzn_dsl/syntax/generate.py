"""Makes the parser's tables with lark: `python -m lzn_dsl.syntax.generate`.

Lark reads the grammar and computes the LALR(1) tables; the parser of this package runs them. Only
this module and the tests import lark.
"""

import json
from collections.abc import Iterator
from typing import Any

from lark import Lark
from lark.grammar import Rule as LarkRule
from lark.lark import PostLex
from lark.lexer import Token as LarkToken
from lark.parsers.lalr_analysis import Shift

from lzn_dsl.syntax.tables import SHIPPED, read_grammar

STARTS = ("file", "value", "expression")


class _Kept(PostLex):
    """Keeps the terminals that no rule uses: comments, and the lexer's words for mistakes."""

    always_accept = ("COMMENT", "UNCLOSED_STRING", "MALFORMED_NUMBER", "STRAY")

    def process(self, stream: Iterator[LarkToken]) -> Iterator[LarkToken]:
        return stream


def lark_parser(grammar: str, *, strict: bool = False) -> Lark:
    """Return lark's own parser of the grammar; `strict` refuses terminals that collide."""
    return Lark(
        grammar,
        parser="lalr",
        lexer="basic",
        start=list(STARTS),
        postlex=_Kept(),
        maybe_placeholders=False,
        strict=strict,
    )


def build_tables(grammar: str) -> dict[str, Any]:
    """Return the tables of a grammar, ready for JSON; the same text gives the same tables."""
    lark = lark_parser(grammar)
    table = lark.parser.parser._parse_table  # noqa: SLF001  # lark has no public way to them
    words, terminals = _terminals(lark)
    numbers = _number_states(table.states, [table.start_states[start] for start in STARTS])
    rules = {rule: index for index, rule in enumerate(lark.rules)}
    return {
        "grammar": grammar,
        "terminals": terminals,
        "ignored": sorted(lark.ignore_tokens),
        "words": words,
        "rules": [_rule(rule) for rule in lark.rules],
        "starts": {start: numbers[table.start_states[start]] for start in STARTS},
        "ends": {start: numbers[table.end_states[start]] for start in STARTS},
        "actions": [
            {
                symbol: numbers[target] if action is Shift else -1 - rules[target]
                for symbol, (action, target) in sorted(table.states[state].items())
            }
            for state in numbers
        ],
    }


def _rule(rule: LarkRule) -> list[Any]:
    kept = [
        place
        for place, symbol in enumerate(rule.expansion)
        if rule.options.keep_all_tokens or not getattr(symbol, "filter_out", False)
    ]
    origin = rule.origin.name
    inline = origin.startswith("_")
    return [origin, len(rule.expansion), kept, inline, bool(rule.options.expand1)]


def _number_states(states: dict[int, dict[str, Any]], starts: list[int]) -> dict[int, int]:
    """Number the states in the order they are reached: lark's own numbers follow its sets."""
    reached = list(starts)
    numbers = {state: number for number, state in enumerate(reached)}
    for state in reached:
        for _, (action, target) in sorted(states[state].items(), key=lambda item: item[0]):
            if action is Shift and target not in numbers:
                numbers[target] = len(reached)
                reached.append(target)
    return numbers


def _terminals(lark: Lark) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Split the terminals into reserved words and patterns, in the order the lexer tries them."""
    words: dict[str, str] = {}
    patterns: list[tuple[str, str]] = []
    order = sorted(
        lark.terminals,
        key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name),
    )
    for terminal in order:
        if terminal.pattern.type == "str" and terminal.pattern.value.isalpha():
            words[terminal.pattern.value] = terminal.name
        else:
            patterns.append((terminal.name, terminal.pattern.to_regexp()))
    return words, patterns


def main() -> None:
    """Write `tables.json` beside this module."""
    tables = build_tables(read_grammar())
    head = [f"{json.dumps(key)}: {json.dumps(tables[key])}" for key in tables if key != "actions"]
    rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in tables["actions"])
    SHIPPED.write_text("{" + ",\n".join(head) + ',\n"actions": [\n' + rows + "]}\n", "utf-8")


if __name__ == "__main__":
    main()
