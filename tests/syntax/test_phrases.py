"""Calls of Python as phrases, and what verbs usually take."""

import pytest

from lzn_dsl.diagnostics.source import Source
from lzn_dsl.semantics.verbs import prelude
from lzn_dsl.syntax.lexer import lex
from lzn_dsl.syntax.phrases import USUAL_PREPOSITION, phrase_of_call


def test_the_usual_prepositions_are_those_of_the_prelude() -> None:
    taken: dict[str, list[str]] = {}
    for verb in prelude():
        prepositions = [p.preposition.text for p in verb.parameters if p.preposition]
        taken.setdefault(verb.name.text, []).extend(prepositions)
    assert {verb: (words or [""])[0] for verb, words in taken.items()} == USUAL_PREPOSITION


@pytest.mark.parametrize(
    ("call", "phrase"),
    [
        ("generate(image, label)", "generate image from label"),
        ('classify("image", as=label)', "classify image as label"),
        ("translate(source=image, target: label,)", "translate image to label"),
        ("interpolate(image, image, by=8)", ""),
        ("generate(image, [3])", ""),
        ("generate()", ""),
        ("generate(image", ""),
        ("generate(image, x=", ""),
        ("print(x)", ""),
    ],
)
def test_a_call_of_names_is_put_as_a_phrase(call: str, phrase: str) -> None:
    assert phrase_of_call(lex(Source("t", call)), 1) == phrase
