"""Whatever the text: the linter raises nothing, and its fixes end where they began."""

from hypothesis import given, settings

from helpers.program_texts import mutants, soups
from lzn_dsl.lint.lint import lint
from lzn_dsl.lint.mending import mend
from lzn_dsl.lint.selection import Selection
from lzn_dsl.spec import load

ALL = Selection(["all"]).codes()


@given(mutants())
@settings(max_examples=25, deadline=None)
def test_a_mutated_program_is_mended_once(text: str) -> None:
    mended = mend(load(f"{text}\n"), ALL, unsafe=True)
    again = mend(load(mended.text), ALL, unsafe=True)
    assert again.text == mended.text
    assert {d.code for d in again.left} == {d.code for d in mended.left}


@given(soups)
@settings(max_examples=25, deadline=None)
def test_any_words_are_linted(text: str) -> None:
    said = lint(load(f"{text}\n"), ALL)
    assert all(d.span is None or d.span.end <= len(text) + 1 for d in said)
