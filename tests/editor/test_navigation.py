"""Where names are defined and used, and what changes when one gets another name."""

from pathlib import Path

import pytest

from helpers.editing import opened, project, registry
from lzn_dsl.editor.document import Document
from lzn_dsl.editor.navigation import (
    Location,
    RenameError,
    definition,
    references,
    renamable,
    rename,
)
from lzn_dsl.editor.workspace import Workspace, path_of

TEXT = """\
let wide = 64  # wide
param steps: integer = 10
data seen = digits(split: train)
modality image = image(encoder: conv(widths: [wide, wide]))
verb double one: image by part: number = 0.5 -> one {
    let z = encode one
    blend(z, z, part) |> decode one
}
verb other one: image -> one = encode one |> decode one
task both = double image
task again = other (both image)
train { on: seen, steps: steps }
evaluate both on seen with reconstruction
"""


def places(text: str) -> tuple[Workspace, Document, int]:
    """Open `TEXT` with the cursor after a piece of it."""
    files, document, _ = opened(TEXT)
    assert text in TEXT
    return files, document, TEXT.index(text) + len(text) - 1


def lines(found: list[Location]) -> list[int]:
    """Return the lines of places, from 1."""
    return [place.document.source.position(place.start)[0] for place in found]


@pytest.mark.parametrize(
    ("at", "defined", "used"),
    [
        ("widths: [wi", 1, [1, 4, 4]),
        ("steps: st", 2, [2, 12]),
        ("on: se", 3, [3, 12, 13]),
        ("task both = dou", 5, [5, 10]),
        ("blend(z", 6, [6, 7, 7]),
        ("decode on", 5, [5, 5, 6, 7]),
        ("other (bo", 10, [10, 11, 13]),
        ("evaluate bo", 10, [10, 11, 13]),
        ("task both = double im", 4, [4, 10, 11]),
    ],
)
def test_a_name_leads_to_its_definition_and_its_uses(
    at: str, defined: int, used: list[int]
) -> None:
    files, document, offset = places(at)
    assert lines(definition(files, document, offset)) == [defined]
    found = references(files, document, offset)
    assert lines(found) == used
    assert len({document.text[place.start : place.end] for place in found}) == 1
    assert len(references(files, document, offset, definitions=False)) == len(used) - 1


def test_a_verb_of_the_language_leads_to_the_prelude() -> None:
    files, document, offset = opened("task a = gene^rate image")
    found = definition(files, document, offset)
    assert {place.document.text[place.start : place.end] for place in found} == {"generate"}
    path = path_of(found[0].document.uri)
    assert path is not None
    assert path.read_text("utf-8") == found[0].document.text


def test_words_that_are_no_names_lead_nowhere() -> None:
    for text in ("tr^ain { }", "train { ste^ps: 1 }", "data d = dig^its", "# wi^de", "let a = 1^"):
        files, document, offset = opened(text)
        assert definition(files, document, offset) == []
        assert references(files, document, offset) == []


def renamed(files: Workspace, document: Document, offset: int, name: str) -> str:
    """Return the text after a name was changed everywhere in it."""
    text = document.text
    for place in sorted(rename(files, document, offset, name), key=lambda p: -p.start):
        assert place.document is document
        text = text[: place.start] + name + text[place.end :]
    return text


@pytest.mark.parametrize(
    ("at", "old", "count"),
    [
        ("let wi", "wide", 3),
        ("by pa", "part", 2),
        ("task bo", "both", 3),
        ("verb dou", "double", 2),
    ],
)
def test_a_name_is_changed_everywhere_and_nowhere_else(at: str, old: str, count: int) -> None:
    files, document, offset = places(at)
    text = renamed(files, document, offset, "fresh_1")
    assert text.count("fresh_1") == count
    assert text.replace("fresh_1", old) == TEXT


def test_the_operand_of_one_verb_is_not_that_of_another() -> None:
    files, document, offset = places("verb double on")
    text = renamed(files, document, offset, "it")
    assert "verb other one: image -> one = encode one |> decode one" in text
    assert "verb double it: image by part: number = 0.5 -> it {" in text


@pytest.mark.parametrize(
    ("at", "name", "why"),
    [
        ("modality im", "picture", "is a column of the data"),
        ("let wi", "two words", "is no name"),
        ("let wi", "train", "is a word of the language"),
        ("let wi", "seen", "is a name of this program already"),
        ("verb double one: image by part: number = 0.5 -> one {\n    let z = enc", "a", "no name"),
    ],
)
def test_a_name_that_cannot_be_changed_is_told(at: str, name: str, why: str) -> None:
    files, document, offset = places(at)
    with pytest.raises(RenameError, match=why):
        rename(files, document, offset, name)


def test_a_verb_of_the_language_keeps_its_name() -> None:
    files, document, offset = opened("task a = gene^rate image")
    with pytest.raises(RenameError, match="verb of the language"):
        renamable(files, document, offset)


def test_a_modality_that_no_data_has_can_be_mended_everywhere() -> None:
    files, document, offset = opened("modality ima^eg = image()\ntask a = generate imaeg\n")
    assert renamed(files, document, offset, "image").count("image") == 3


MAIN = """\
import "base.lzn" as base { steps: 5 }
let steps = base.wide
task a = base.double image
train { on: base.seen, steps: steps }
"""


def test_names_of_other_files_are_followed(tmp_path: Path) -> None:
    files = project(tmp_path, base=TEXT, main=MAIN)
    main = next(d for d in files.documents.values() if d.source.name.endswith("main.lzn"))
    for at, line in [("base.wi", 1), ("base.dou", 5), ("base.se", 3), ("{ st", 2)]:
        found = definition(files, main, MAIN.index(at) + len(at))
        assert [place.document.source.name.endswith("base.lzn") for place in found] == [True]
        assert lines(found) == [line]
    path = definition(files, main, MAIN.index("base.lzn"))
    assert [(p.document.source.name.endswith("base.lzn"), p.start) for p in path] == [(True, 0)]
    alias = definition(files, main, MAIN.index("base.wi") + 1)
    assert lines(alias) == [1]


def test_a_name_is_changed_in_the_files_that_import_it(tmp_path: Path) -> None:
    files = project(tmp_path, base=TEXT, main=MAIN)
    base, main = files.documents.values()
    for document, text, at in ((base, TEXT, "let wi"), (main, MAIN, "base.wi")):
        found = rename(files, document, text.index(at) + len(at), "broad")
        by_file = {p.document.source.name[-8:]: 0 for p in found}
        for place in found:
            assert place.document.text[place.start : place.end] == "wide"
            by_file[place.document.source.name[-8:]] += 1
        assert by_file == {"base.lzn": 3, "main.lzn": 1}
    steps = rename(files, base, TEXT.index("steps"), "length")
    assert [p.document is main for p in steps] == [False, False, True]


def test_files_that_are_not_open_are_read_and_only_inside_the_project(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "secret.lzn").write_text("let wide = 1\n")
    (inner / "base.lzn").write_text("let wide = 1\n")
    (inner / "pyproject.toml").write_text("")
    files = Workspace(registry())
    uri = (inner / "main.lzn").as_uri()
    for path, count in (("base.lzn", 1), ("../secret.lzn", 0), ("none.lzn", 0)):
        text = f'import "{path}" as b\nlet a = b.wide\n'
        document = files.open(uri, text)
        assert len(definition(files, document, text.index("wide"))) == count
    (inner / "base.lzn").write_text("# more\nlet wide = 1\n")
    text = 'import "base.lzn" as b\nlet a = b.wide\n'
    assert lines(definition(files, files.open(uri, text), text.index("wide"))) == [2]
