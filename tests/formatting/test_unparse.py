"""What is written of a syntax tree or a value is read as that tree or value again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.drawn_programs import drawn
from helpers.trees import outline, read
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.formatting.unparse import expression_text, names_in, value_text, verb_text
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.parser import parse_expression, parse_value

BODIES = [
    'f "a"',
    "prior",
    "f(x)",
    "f()",
    "f(a, g(b) |> h, 0.5)",
    "f(a |> b)",
    "f(g(a) from b)",
    "name (draw label)",
    "center of (encode image)",
    "generate image from label and (a |> b) with 3",
    "(a |> b) |> c |> sample 5 of d",
    "f((a |> b), c) from d",
    "base.mix image with base.other",
]


def expression(text: str) -> tree.Expression:
    body, found = parse_expression(Source("test.lzn", text))
    assert body is not None, found
    return body


def check(text: str) -> None:
    body = expression(text)
    assert outline(expression(expression_text(body, str))) == outline(body)


@pytest.mark.parametrize("text", BODIES)
def test_an_expression_is_read_as_it_was(text: str) -> None:
    check(text)


@given(drawn())
@settings(max_examples=25, deadline=None)
def test_tasks_and_verbs_of_any_program_are_read_as_they_were(text: str) -> None:
    for statement in read(text).statements:
        if isinstance(statement, tree.Task):
            again = expression(expression_text(statement.body, str))
            assert outline(again) == outline(statement.body)
        elif isinstance(statement, tree.Verb):
            (verb,) = read(verb_text(statement, str)).statements
            assert outline(verb) == outline(statement)


def test_names_are_called_what_they_are_told() -> None:
    text = expression_text(expression("base.f x from base.y"), lambda name: name.replace(".", "_"))
    assert text == "base_f x from base_y"
    assert list(names_in(expression("f(a) from b |> c"))) == ["f", "a", "b", "c"]


@pytest.mark.parametrize(
    "text",
    [
        "verb v a -> a = f a",
        "verb v a: encodable decodable with s: number = 0.5 from b -> a = f(a, s) |> g b",
        "verb v a -> latent { let x = encode a\nlet y = f x\n blend(x, y) }",
    ],
)
def test_a_verb_is_read_as_it_was(text: str) -> None:
    (verb,) = read(text).statements
    assert isinstance(verb, tree.Verb)
    assert outline(read(verb_text(verb, str))) == outline(read(text))


def test_parameters_and_local_names_of_a_verb_keep_their_names() -> None:
    (verb,) = read("verb v a -> a { let b = f a\n b |> g a }").statements
    assert isinstance(verb, tree.Verb)
    assert verb_text(verb, str.upper) == "verb V a -> a {\nlet b = F a\nb |> G a\n}"


plain = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20)
numbers = st.floats(1e-300, 1e300) | st.just(0.0)


@given(st.lists(plain | numbers, max_size=5))
@settings(max_examples=60, deadline=None)
def test_a_value_is_read_as_it_was(values: list[bool | int | float | str | None]) -> None:
    value, _ = parse_value(Source("test.lzn", value_text(list(values))))
    if value is None:  # a text with a character that no program may hold
        assert any(isinstance(v, str) and not v.isprintable() for v in values)
        return
    assert isinstance(value, tree.Sequence)
    got = [_plain(item) for item in value.items]
    assert [(type(v) is bool, v) for v in got] == [(type(v) is bool, v) for v in values]


def _plain(item: tree.Value) -> object:
    if isinstance(item, tree.Literal):
        return item.value
    assert isinstance(item, tree.Reference)
    return None if item.name.text == "none" else item.name.text
