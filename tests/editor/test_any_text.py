"""Whatever the text and the place: an answer within the text, and no exception."""

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.editing import opened
from helpers.program_texts import PAPER, mutants, soups, texts
from lzn_dsl.editor.coloring import colored
from lzn_dsl.editor.completion import complete
from lzn_dsl.editor.hints import hints, lenses
from lzn_dsl.editor.hover import hover
from lzn_dsl.editor.layout import layout
from lzn_dsl.editor.navigation import RenameError, definition, references, rename
from lzn_dsl.editor.outline import folds, symbols
from lzn_dsl.editor.positions import Lines

_ANY = st.one_of(soups, texts, mutants())


@given(_ANY, st.integers(0, 400))
@settings(max_examples=120, deadline=None)
def test_any_place_of_any_text_is_answered(text: str, offset: int) -> None:
    files, document, _ = opened("")
    document = files.change(document.uri, text)
    offset = min(offset, len(text))
    start, items = complete(document, offset, files.resolve)
    assert 0 <= start <= offset
    assert len({item.label for item in items}) == len(items)
    found = hover(document, offset, files.resolve)
    assert found is None or 0 <= found.start <= offset <= found.end <= len(text)
    used = references(files, document, offset)
    for place in definition(files, document, offset):
        assert place.document is not document or 0 <= place.start <= place.end <= len(text)
    with suppress(RenameError):
        assert rename(files, document, offset, "fresh_1") == used


@given(_ANY)
@settings(max_examples=80, deadline=None)
def test_any_text_can_be_shown(text: str) -> None:
    _, document, _ = opened(text.replace("^", ""))
    lines = Lines(document.text)
    place = 0
    for piece in colored(document):
        assert place <= piece.start < piece.end <= len(document.text)
        assert lines.position(piece.start).line == lines.position(piece.end).line
        place = piece.end
    for symbol in symbols(document):
        assert 0 <= symbol.start <= symbol.name_start <= symbol.name_end <= symbol.end
    for fold in folds(document):
        assert lines.position(fold.start).line < lines.position(fold.end).line
    offsets = [h.offset for h in hints(document)] + [lens.offset for lens in lenses(document)]
    assert all(0 <= offset <= len(document.text) for offset in offsets)
    layout(document)


def test_each_place_of_a_program_is_answered() -> None:
    files, document, _ = opened(PAPER)
    for offset in range(0, len(PAPER), 3):
        complete(document, offset, files.resolve)
        hover(document, offset, files.resolve)
        definition(files, document, offset)


def test_a_text_that_is_too_large_or_too_deep_is_answered() -> None:
    for text in ("let a = 1\n" * 120_000, "let a = " + "[" * 5_000, "x = (" * 4_000):
        files, document, _ = opened(text)
        complete(document, len(text), files.resolve)
        hover(document, len(text) // 2, files.resolve)
        assert colored(document) is not None
        folds(document)
