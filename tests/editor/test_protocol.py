"""What is said in the protocol: places in the columns of the editor, and only what it can carry."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types
from pygls.protocol import default_converter
from pygls.workspace import Workspace

from helpers.editing import opened, project
from helpers.program_texts import mutants, soups, texts
from lzn_dsl.diagnostics.diagnostic import Diagnostic, Related
from lzn_dsl.diagnostics.source import Source, Span
from lzn_dsl.editor.checking import check
from lzn_dsl.editor.coloring import colored
from lzn_dsl.editor.completion import complete
from lzn_dsl.editor.findings import in_text
from lzn_dsl.editor.hints import hints
from lzn_dsl.editor.outline import folds, symbols
from lzn_dsl.editor.positions import Encoding
from lzn_dsl.editor.protocol import Converter
from lzn_dsl.editor.session import LznServer

SMILE = "\U0001f600"
CONVERTER = default_converter()  # type: ignore[no-untyped-call]  # pygls'


def sent(answer: object) -> str:
    """Return an answer as it is sent."""
    return json.dumps(CONVERTER.unstructure(answer))


@given(st.one_of(soups, texts, mutants()), st.sampled_from(["utf-8", "utf-16", "utf-32"]))
@settings(max_examples=25, deadline=None)
def test_any_text_can_be_answered_for_in_any_encoding(text: str, encoding: Encoding) -> None:
    files, document, _ = opened(text.replace("^", ""))
    convert = Converter(document, encoding)
    start, items = complete(document, len(document.text), files.resolve)
    answers: list[object] = [
        *(convert.diagnostic(f) for f in in_text(document, check(document, {}).findings)),
        *(convert.completion(item, start, start, 0) for item in items),
        *(convert.symbol(symbol) for symbol in symbols(document)),
        *(convert.fold(fold) for fold in folds(document)),
        *(convert.hint(hint) for hint in hints(document)),
    ]
    assert sent(answers)
    numbers = convert.tokens(colored(document))
    assert all(number >= 0 for number in numbers)
    assert len(numbers) % 5 == 0


@pytest.mark.parametrize(
    ("wanted", "encoding"),
    [
        ("utf-8", "utf-8"),
        (types.PositionEncodingKind.Utf32, "utf-32"),
        (types.PositionEncodingKind.Utf16, "utf-16"),
        (None, "utf-16"),
    ],
)
def test_columns_are_counted_as_the_editor_asked(wanted: str | None, encoding: str) -> None:
    server = LznServer()
    server.protocol._workspace = Workspace(None, position_encoding=wanted)
    assert server.encoding == encoding


def test_places_that_a_finding_speaks_of_are_told(tmp_path: Path) -> None:
    files = project(tmp_path, main="let a = 1\n")
    (document,) = files.documents.values()
    other = Source(str(tmp_path / "base.lzn"), f"# {SMILE}\nlet b = 2\n")
    related = (
        Related(Span(document.source, 4, 5), "here"),
        Related(Span(other, 8, 9), "there"),
        Related(Span(Source("<prelude>", "x"), 0, 1), "nowhere"),
    )
    finding = Diagnostic("LZN205", "twice", Span(document.source, 0, 3), related=related)
    told = Converter(document, "utf-16").diagnostic(finding).related_information
    assert told is not None
    assert [(r.location.uri, r.location.range.start, r.message) for r in told] == [
        (document.uri, types.Position(0, 4), "here"),
        ((tmp_path / "base.lzn").as_uri(), types.Position(1, 4), "there"),
    ]


def test_colours_are_told_by_their_distance_from_the_one_before() -> None:
    _, document, _ = opened(f"let a = 1  # {SMILE}\nlet bb = 2\n")
    numbers = Converter(document, "utf-16").tokens(colored(document))
    lines = [tuple(numbers[n : n + 3]) for n in range(0, len(numbers), 5)]
    assert lines == [(0, 0, 3), (0, 4, 1), (0, 4, 1), (0, 3, 4), (1, 0, 3), (0, 4, 2), (0, 5, 1)]
