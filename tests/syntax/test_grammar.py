"""The grammar is sound, and the shipped tables are those that lark makes of it."""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark.exceptions import UnexpectedToken
from lark.lexer import Token as LarkToken

from helpers.drawn_programs import drawn, grammar
from helpers.trees import outline, read
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.syntax import tables
from lzn_dsl.syntax.generate import build_tables, lark_parser
from lzn_dsl.syntax.lexer import lex
from lzn_dsl.syntax.machine import Machine
from lzn_dsl.syntax.parser import parse
from lzn_dsl.syntax.tables import load_tables, read_grammar
from lzn_dsl.syntax.tokens import END, KEYWORDS, SIGNS, Token

LARK = grammar()
KINDS = sorted({kind for row in load_tables().actions for kind in row if not kind.islower()})


def test_shipped_tables_are_those_of_the_grammar() -> None:
    built = tables._tables(build_tables(read_grammar()))
    assert load_tables() == built, "run: python -m lzn_dsl.syntax.generate"


def test_tables_are_the_same_in_every_process() -> None:
    code = (
        "import zlib; from lzn_dsl.syntax.generate import *;"
        "print(zlib.crc32(json.dumps(build_tables(read_grammar())).encode()))"
    )
    sums = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(tables.__file__).parents[2],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(sums) == 1


def test_tables_are_built_anew_for_another_grammar(monkeypatch: pytest.MonkeyPatch) -> None:
    grammar = read_grammar() + "\n// changed\n"
    monkeypatch.setattr(tables, "read_grammar", lambda: grammar)
    rebuilt = tables.load_tables.__wrapped__()
    assert (rebuilt.grammar, rebuilt.actions) == (grammar, load_tables().actions)


def test_grammar_has_no_conflicts_and_no_terminals_that_collide() -> None:
    lark_parser(read_grammar(), strict=True)


def test_every_terminal_has_a_name() -> None:
    assert not [terminal.name for terminal in LARK.terminals if terminal.name.startswith("__")]


def test_reserved_words_and_signs_are_those_of_the_grammar() -> None:
    assert set(load_tables().words.values()) == KEYWORDS
    by_name = {terminal.name: terminal.pattern.value for terminal in LARK.terminals}
    assert {kind: by_name[kind] for kind in SIGNS} == SIGNS


class _Nothing:
    """A maker of nothing."""

    def make(self, rule: str, parts: list[Any], start: int, end: int) -> str:
        return rule


@given(st.sampled_from(["file", "value", "expression"]), st.lists(st.integers(0), max_size=30))
@settings(max_examples=150, deadline=None)
def test_automaton_takes_what_lark_takes(start: str, choices: list[int]) -> None:
    machine = Machine(load_tables(), start, _Nothing())
    oracle = LARK.parse_interactive("", start)
    for choice in choices:
        accepts = sorted(oracle.accepts())  # type: ignore[no-untyped-call]  # lark's
        assert machine.accepts() == set(accepts)
        kind = accepts[choice % len(accepts)] if choice % 5 else KINDS[choice % len(KINDS)]
        try:
            oracle.feed_token(LarkToken(kind, "x"))
            taken = True
        except UnexpectedToken:
            taken = False
        assert machine.take(Token(kind, "x", 0, 1)) == taken
        if kind == END or not taken:
            return


@given(drawn())
@settings(max_examples=25, deadline=None)
def test_what_the_grammar_describes_is_read(text: str) -> None:
    assert parse(Source("drawn.lzn", text))[1] == ()


@given(drawn())
@settings(max_examples=12, deadline=None)
def test_comments_and_blank_lines_change_nothing(text: str) -> None:
    noisy = re.sub(r"\r?\n", ' # note ]}) "\n\n\t\r\n', text)
    assert outline(read(noisy)) == outline(read(text))


def _steps(text: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Count what the automaton does for a text."""
    count = 0

    def counted(method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            nonlocal count
            count += 1
            return method(*args)

        return call

    with monkeypatch.context() as patch:
        for name in ("take", "takes", "_reduce"):
            patch.setattr(Machine, name, counted(getattr(Machine, name)))
        parse(Source("long.lzn", text))
    return count


@pytest.mark.parametrize(
    "piece",
    [
        "let a = f(x: [1, 2], y: g(3))\n",
        "train { a: 1, b: 2\n c: 3 }\n",
        "verb v a: b -> a = f a |> g a |> h(a, a)\n",
        "1, ",
        "[1, 2] ",
        "let a = [\n",
        "\n",
    ],
)
def test_work_grows_with_the_length_of_the_text(
    piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    once, thrice = (_steps(piece * n, monkeypatch) for n in (200, 600))
    assert thrice < 3.2 * once + 100


@pytest.mark.parametrize(
    ("prefix", "piece", "tail"),
    [
        ('"', "\\\\", ""),
        ('"', "a\\", "\n"),
        ("", "1_", "x"),
        ("", "1", ".1.1"),
        ("", "1e", "+"),
        ("#", "#", "\r"),
        ("", "a", "\u00e9"),
        ("", '"', "\n"),
        ("", " ", "\x00"),
        ("", "?", ""),
    ],
)
def test_no_terminal_backtracks(prefix: str, piece: str, tail: str) -> None:
    def seconds(length: int) -> float:
        source = Source("long.lzn", prefix + piece * (length // len(piece)) + tail)
        times = []
        for _ in range(3):
            start = time.process_time()
            lex(source, max_tokens=10**6)
            times.append(time.process_time() - start)
        return min(times)

    # Sixteen times the text: linear work takes 16 times as long, quadratic work 256 times.
    assert seconds(80_000) < 90 * seconds(5_000) + 0.05
