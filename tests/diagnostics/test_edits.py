"""Edits of a text, and which fixes can be made together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Edit, Fix
from lzn_dsl.diagnostics.edits import apply_edits, choose_fixes
from lzn_dsl.diagnostics.source import Source, Span
from lzn_dsl.diagnostics.suggest import suggest, with_fix

SOURCE = Source("a.lzn", "generate image from label\n")


def edit(start: int, end: int, text: str) -> Edit:
    return Edit(Span(SOURCE, start, end), text)


def test_edits_are_made_wherever_they_stand_in_the_list() -> None:
    edits = [edit(20, 25, "mood"), edit(0, 8, "draw"), edit(8, 8, " an"), edit(20, 25, "mood")]
    assert apply_edits(SOURCE.text, edits) == "draw an image from mood\n"


@pytest.mark.parametrize(
    "edits",
    [
        [edit(0, 5, ""), edit(4, 6, "")],
        [edit(3, 3, "a"), edit(3, 3, "b")],
        [edit(0, 99, "")],
        [edit(5, 4, "")],
    ],
    ids=["overlap", "same place", "outside", "backwards"],
)
def test_edits_that_cannot_be_made_together_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="edit"):
        apply_edits(SOURCE.text, edits)


@given(
    st.text(max_size=30), st.lists(st.tuples(st.integers(0, 30), st.text(max_size=3)), max_size=6)
)
def test_edits_of_single_characters_are_those_of_a_list(
    text: str, changes: list[tuple[int, str]]
) -> None:
    source = Source("a", text)
    chosen = {place: new for place, new in changes if place < len(text)}
    pieces = [chosen.get(place, char) for place, char in enumerate(text)]
    edits = [Edit(Span(source, place, place + 1), new) for place, new in chosen.items()]
    assert apply_edits(text, edits) == "".join(pieces)


def test_fixes_that_overlap_or_are_not_allowed_are_left_out() -> None:
    first = Fix("first", (edit(0, 8, "draw"),))
    second = Fix("second", (edit(4, 9, "x"),))
    unsafe = Fix("unsafe", (edit(20, 25, "mood"),), safe=False)
    elsewhere = Fix("elsewhere", (Edit(Span(Source("b", "abc"), 0, 1), ""),))
    found = [Diagnostic("LZN201", "x", fixes=(fix,)) for fix in (elsewhere, first, second, unsafe)]
    assert choose_fixes(found, SOURCE) == [first]
    assert choose_fixes(found, SOURCE, unsafe=True) == [first, unsafe]


def test_a_suggested_word_is_an_unsafe_fix_where_the_place_is_the_word() -> None:
    span = Span(SOURCE, 20, 25)
    hint = suggest("label", ["labels"])
    fixed = with_fix(Diagnostic("LZN201", "x", span, hint=hint))
    assert fixed.fixes == (Fix("write `labels`", (Edit(span, "labels"),), safe=False),)
    elsewhere = Diagnostic("LZN201", "x", Span(SOURCE, 0, 8), hint=hint)
    assert with_fix(elsewhere) is elsewhere
    plain = Diagnostic("LZN201", "x", span, hint=str(hint) + "")
    assert with_fix(plain).fixes == ()
