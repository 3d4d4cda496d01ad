"""The words of a program: tokens, statements, what each stands for; and the tables of help."""

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.editing import opened, project
from helpers.program_texts import PAPER, mutants, soups, texts
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.editor.checking import check
from lzn_dsl.editor.mentions import Role
from lzn_dsl.editor.tokens import lex_text, relex
from lzn_dsl.editor.words import CAPABILITIES, OBJECTIVES, RESULTS, TYPES, WORDS
from lzn_dsl.linking.parameters import ParamType
from lzn_dsl.registry.entry import Capability
from lzn_dsl.semantics import objectives
from lzn_dsl.semantics.abilities import VALUES
from lzn_dsl.semantics.types import ValueKind
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.limits import Limits
from lzn_dsl.syntax.parser import parse
from lzn_dsl.syntax.tokens import KEYWORDS, PREPOSITIONS

SPECS = sorted((Path(__file__).parent.parent.parent / "specs").rglob("*.lzn"))


def test_each_word_of_the_language_has_help() -> None:
    assert {word.upper() for word in WORDS} == KEYWORDS - PREPOSITIONS
    assert set(TYPES) == {str(kind) for kind in ParamType}
    assert set(RESULTS) == set(get_args(ValueKind)) - {"sample"}
    assert set(CAPABILITIES) == {*map(str, Capability), *VALUES}
    assert set(OBJECTIVES) == set(objectives.OBJECTIVES)


@pytest.mark.parametrize("word", WORDS)
def test_the_example_of_a_word_is_a_program(word: str) -> None:
    example = WORDS[word].example
    if word in ("true", "false"):
        example = f"space conv({example})"
    assert parse(Source("example.lzn", example))[1] == ()


@given(st.one_of(soups, texts, mutants()), st.one_of(soups, texts, mutants()))
@settings(max_examples=150, deadline=None)
def test_tokens_of_a_change_are_those_of_the_text(old: str, new: str) -> None:
    assert relex(old, lex_text(old), new) == lex_text(new)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_tokens_after_an_edit_are_those_of_the_text(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(PAPER)))
    end = data.draw(st.integers(start, min(len(PAPER), start + 30)))
    inserted = data.draw(st.sampled_from(["", "\n", '"', "#", "\ufeff", "\r", ".", "a\nb", "-"]))
    new = PAPER[:start] + inserted + PAPER[end:]
    assert relex(PAPER, lex_text(PAPER), new) == lex_text(new)


def test_a_text_beyond_the_limits_has_no_tokens_or_too_many() -> None:
    few = Limits(file_bytes=10, tokens=3)
    assert [t.kind for t in lex_text("let a = 1\n" * 3, few)] == ["$END"]
    tokens = lex_text("a = 1", few)
    assert relex("a = 1", tokens, "a = 1 2", few) == lex_text("a = 1 2", few)


@pytest.mark.parametrize("text", [PAPER, *(path.read_text("utf-8") for path in SPECS)])
def test_statements_and_names_are_those_of_the_tree(text: str) -> None:
    file, findings = parse(Source("test.lzn", text))
    assert not findings
    _, document, _ = opened(text)
    assert [document.span(s) for s in document.statements] == [
        (s.span.start, s.span.end) for s in file.statements
    ]
    named = [s for s in file.statements if isinstance(getattr(s, "name", None), tree.Name)]
    assert [(d.name, d.start) for d in document.definitions] == [
        (s.name.text, s.name.span.start)  # type: ignore[union-attr]  # filtered above
        for s in named
    ]


@given(st.one_of(soups, mutants()))
@settings(max_examples=80, deadline=None)
def test_statements_without_mistakes_are_found_whatever_stands_around_them(text: str) -> None:
    _, document, _ = opened(f"{text}\nlet last = 1\n")
    start, end = document.span(document.statements[-1])
    assert document.text[start:end].endswith("let last = 1")


VERB = """\
param share: number = 0.5 in 0..1
verb mix one: image as mood: label by part: number = 0.5 -> one {
    let z = encode one
    blend(z, center of mood, part) |> decode one
}
task blurred = mix image as label
task named = classify (mix image as label) as label
train { on: digits }
"""


def test_each_word_of_a_verb_stands_for_what_it_is() -> None:
    _, document, _ = opened(VERB)
    roles = [(m.text, m.role, m.defines) for m in document.mentions]
    local, verb, primitive = Role.LOCAL, Role.VERB, Role.PRIMITIVE
    assert roles[:18] == [
        ("share", Role.CONSTANT, True),
        ("number", Role.TYPE, False),
        ("mix", verb, True),
        ("one", local, True),
        ("image", Role.CAPABILITY, False),
        ("mood", local, True),
        ("label", Role.CAPABILITY, False),
        ("part", local, True),
        ("number", Role.CAPABILITY, False),
        ("one", local, False),
        ("z", local, True),
        ("encode", primitive, False),
        ("one", local, False),
        ("blend", primitive, False),
        ("z", local, False),
        ("center", primitive, False),
        ("mood", local, False),
        ("part", local, False),
    ]
    assert [m.text for m in document.mentions if m.role is verb and not m.defines] == [
        "mix",
        "classify",
        "mix",
    ]
    assert roles[-2:] == [("on", Role.SETTING, False), ("digits", Role.DATA, False)]


def test_a_name_with_a_point_is_a_namespace_and_a_name_in_it() -> None:
    _, document, _ = opened("train { steps: base.steps }")
    space, name = document.mentions[-2:]
    assert (space.text, space.role) == ("base", Role.NAMESPACE)
    assert (name.text, name.role, name.space) == ("steps", Role.CONSTANT, "base")
    assert document.text[name.start : name.end] == "steps"


def test_datasets_are_known_by_the_constants_that_they_use_and_looked_up_once(
    tmp_path: Path,
) -> None:
    pictures = tmp_path / "pictures"
    for name in ("cat", "dog", "eel"):
        (pictures / name).mkdir(parents=True)
        for number in range(4):
            (pictures / name / f"{number}.png").write_bytes(b"")
    text = f"""\
let side = 8
param where: text = "{pictures.as_posix()}"
let inner = side
let unused = 3
data mine = image_folder(root: where, size: inner, split: all)
tsk ] broken
"""
    files, document, _ = opened(text)
    assert document.columns["label"].facts["names"] == ["cat", "dog", "eel"]
    assert document.columns["image"].facts["height"] == 8
    later = files.change(document.uri, text.replace("unused = 3", "unused = 4"))
    assert later.datasets is document.datasets
    (pictures / "fox").mkdir()
    (pictures / "fox" / "0.png").write_bytes(b"")
    files.facts.forget()
    again = files.change(document.uri, text)
    assert again.columns["label"].facts["names"] == ["cat", "dog", "eel", "fox"]


def test_columns_of_imported_datasets_are_known_once_the_program_was_checked(
    tmp_path: Path,
) -> None:
    base = "data seen = shapes\n"
    main = (
        'import "base.lzn" as base\ntask a = generate image from shape\ntrain { on: base.seen }\n'
    )
    files = project(tmp_path, base=base, main=main)
    document = next(d for d in files.documents.values() if d.source.name.endswith("main.lzn"))
    assert "shape" not in document.columns
    checked = check(document, files.texts())
    assert checked.program is not None, checked.findings
    files.learn(document, checked.program)
    assert "shape" in document.columns
    assert document.names.has(Role.MODALITY, "shape")
