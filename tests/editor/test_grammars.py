"""The grammars of other tools colour programs as the lexer of the language reads them."""

import json
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from pygments.token import Error, Keyword, Token

from helpers.program_texts import PAPER, soups, texts
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.highlighting import LznLexer
from lzn_dsl.syntax.lexer import lex
from lzn_dsl.syntax.tokens import KEYWORDS, PREPOSITIONS, STATEMENTS

ROOT = Path(__file__).parent.parent.parent
GRAMMAR = json.loads((ROOT / "grammars" / "lzn.tmLanguage.json").read_text("utf-8"))
VSCODE = ROOT / "grammars" / "vscode"
SPECS = sorted((ROOT / "specs").rglob("*.lzn"))
PROGRAMS = [PAPER, *(path.read_text("utf-8") for path in SPECS)]
MORE = """\
lzn 1
import "a\\"b.lzn" as base { steps: 1_000, none: 2 }
param steps: integer = 4_000 in 1..1e6
let low = -.5
let list = [1, 2.5, 5k, 1., true, none]
task a = base.draw (generate image from label and text)
task b = embed image using simclr(0.2) { alpha: 0 }
train image.decoder { lr: 1e-3, using: using }
verb v one: image -> one {
    let z = encode one
    z |> decode one
}
"""


def rules(patterns: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the rules that patterns include, in order."""
    for pattern in patterns:
        if "include" in pattern:
            yield from rules([GRAMMAR["repository"][pattern["include"][1:]]])
        elif "patterns" in pattern and "begin" not in pattern:
            yield from rules(pattern["patterns"])
        else:
            yield pattern


def scopes(line: str) -> dict[int, str]:
    """Return the scope at each place of a line where a piece starts, as an editor finds it."""
    known = list(rules(GRAMMAR["patterns"]))
    found: dict[int, str] = {}
    place = 0
    while place < len(line):
        starts = [(re.compile(r.get("match") or r["begin"]).search(line, place), r) for r in known]
        hits = [(match.start(), index) for index, (match, _) in enumerate(starts) if match]
        if not hits:
            break
        match, rule = starts[min(hits)[1]]
        assert match is not None
        if "begin" in rule:
            found[match.start()] = rule["name"]
            place = closed(line, match.end(), rule)
            continue
        captures = rule.get("captures")
        if captures:
            found |= {match.start(int(n)): scope["name"] for n, scope in captures.items()}
        else:
            found[match.start()] = rule["name"]
        place = max(match.end(), place + 1)
    return found


def closed(line: str, place: int, rule: dict[str, Any]) -> int:
    """Return where a piece ends that began before a place."""
    inner = re.compile("|".join(f"(?:{r['match']})" for r in rule["patterns"]))
    end = re.compile(rule["end"])
    while place < len(line):
        if match := end.match(line, place):
            return match.end()
        skipped = inner.match(line, place)
        place = skipped.end() if skipped else place + 1
    return place


def wanted(kind: str) -> str:
    if kind in STATEMENTS:
        return "keyword.control"
    if kind in PREPOSITIONS | {"USING"}:
        return "keyword.operator.word"
    return {
        "COMMENT": "comment",
        "STRING": "string",
        "NUMBER": "constant.numeric",
        "TRUE": "constant.language",
        "FALSE": "constant.language",
        "PIPE": "keyword.operator",
        "ARROW": "keyword.operator",
        "DOTS": "keyword.operator",
        "EQUAL": "keyword.operator",
        "QUALIFIED": "variable.other.qualified",
    }.get(kind, "punctuation")


@pytest.mark.parametrize("text", [*PROGRAMS, MORE])
def test_the_textmate_grammar_reads_programs_as_the_lexer_does(text: str) -> None:
    seen = 0
    for line in text.splitlines():
        found = scopes(line)
        for token, following in pairwise(lex(Source("line", line))):
            scope = found.get(token.start, "")
            key = following.kind == "COLON"
            if token.kind == "NAME":
                assert scope.startswith(("variable", "entity", "constant.language")), (line, token)
            elif key and token.kind in KEYWORDS:
                assert scope == "variable.other.property.lzn", (line, token)
            else:
                assert scope.startswith(wanted(token.kind)), (line, token, scope)
            seen += 1
    assert seen > 5


def test_the_textmate_grammar_has_the_words_of_the_language_and_no_other() -> None:
    words: set[str] = set()
    for name in ("statement", "preposition", "constant"):
        match = re.search(r"\(\?:([a-z|]+)\)", GRAMMAR["repository"][name]["match"])
        assert match is not None
        words |= set(match[1].split("|"))
    assert {word.upper() for word in words} == KEYWORDS | {"NONE"}


def test_the_folder_for_vscode_names_files_that_exist() -> None:
    package = json.loads((VSCODE / "package.json").read_text("utf-8"))
    parts = package["contributes"]
    (language,), (grammar,) = parts["languages"], parts["grammars"]
    assert language["extensions"] == [".lzn"] == [f".{e}" for e in GRAMMAR["fileTypes"]]
    assert grammar["scopeName"] == GRAMMAR["scopeName"]
    assert (VSCODE.parent / Path(grammar["path"]).name).is_file()
    for path in (package["main"], language["configuration"]):
        assert (VSCODE / path).is_file()
    configuration = json.loads((VSCODE / "language-configuration.json").read_text("utf-8"))
    assert configuration["comments"]["lineComment"] == "#"
    assert 'args: ["lsp"]' in (VSCODE / "client.js").read_text("utf-8")


@pytest.mark.parametrize("text", [*PROGRAMS, MORE])
def test_pygments_finds_no_error_in_a_program(text: str) -> None:
    found = list(LznLexer().get_tokens(text))
    assert [piece for piece in found if piece[0] in Error] == []
    coloured = {text for kind, text in found if kind in Keyword}
    assert {word for word in ("let", "space", "task", "train") if f"\n{word} " in text} <= coloured


@given(soups | texts)
@settings(max_examples=100, deadline=None)
def test_pygments_pieces_are_the_text(text: str) -> None:
    pieces = list(LznLexer().get_tokens_unprocessed(text))
    assert "".join(piece for _, _, piece in pieces) == text
    assert all(kind in Token for _, kind, _ in pieces)


def test_pygments_finds_the_lexer_by_its_entry_point() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    module, name = project["entry-points"]["pygments.lexers"]["lzn"].split(":")
    assert getattr(import_module(module), name) is LznLexer
    assert LznLexer.aliases == ("lzn",)
    assert LznLexer.filenames == ("*.lzn",)
