"""Outline, folds, colours, hints, lenses, findings and the changes on offer."""

from itertools import pairwise
from pathlib import Path

import pytest

from helpers.editing import opened, project
from lzn_dsl.diagnostics.diagnostic import Diagnostic, Edit, Fix
from lzn_dsl.diagnostics.edits import apply_edits
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.editor.checking import check
from lzn_dsl.editor.coloring import MODIFIERS, TYPES, colored
from lzn_dsl.editor.findings import actions, in_text, mend_all, message
from lzn_dsl.editor.hints import hints, lenses
from lzn_dsl.editor.layout import layout
from lzn_dsl.editor.outline import folds, symbols

SPECS = sorted((Path(__file__).parent.parent.parent / "specs").rglob("*.lzn"))

TEXT = """\
# One.
# Two.
let wide = 8
modality image = image(
    encoder: conv(widths: [wide]),
)

data seen = digits(split: train)
generate image from label
train {
    on: seen
    batch: 64
}
# Alone.
"""


def test_the_outline_names_each_statement() -> None:
    _, document, _ = opened(TEXT)
    assert [(s.word, s.name) for s in symbols(document)] == [
        ("let", "wide"),
        ("modality", "image"),
        ("data", "seen"),
        ("task", "generate image from label"),
        ("train", "train"),
    ]
    for symbol in symbols(document):
        assert symbol.start <= symbol.name_start <= symbol.name_end <= symbol.end
    assert symbols(document)[0].detail == "8"


def test_brackets_and_runs_of_comments_fold() -> None:
    _, document, _ = opened(TEXT)
    found = [(document.text[f.start : f.end], f.comment) for f in folds(document)]
    assert found == [
        ("\n    encoder: conv(widths: [wide]),", False),
        ("\n    on: seen\n    batch: 64", False),
        ("# One.\n# Two.", True),
    ]


@pytest.mark.parametrize("path", SPECS, ids=lambda p: p.stem)
def test_all_words_of_a_spec_are_coloured_and_none_twice(path: Path) -> None:
    _, document, _ = opened(path.read_text("utf-8"))
    found = colored(document)
    assert {piece.type for piece in found} <= set(TYPES)
    for before, after in pairwise(found):
        assert before.end <= after.start
    pieces = {(piece.start, piece.end) for piece in found}
    words = [t for t in document.tokens if t.text[:1].isalnum()]
    assert [t for t in words if (t.start, t.end) not in pieces] == []


def test_definitions_constants_and_parts_of_the_language_are_marked() -> None:
    _, document, _ = opened("let wide = 8\ntask a = generate image\nspace gaussian(dim: wide)")
    marks = {
        (document.text[p.start : p.end], p.type): [
            name for bit, name in enumerate(MODIFIERS) if p.modifiers >> bit & 1
        ]
        for p in colored(document)
    }
    assert marks["generate", "function"] == ["defaultLibrary"]
    assert marks["a", "function"] == ["declaration"]
    assert marks["wide", "variable"] == ["readonly"]
    assert marks["dim", "property"] == []


def test_what_is_inferred_is_shown_between_the_words() -> None:
    files, document, _ = opened(TEXT)
    files.learn(document, check(document, {}).program)
    before = [(document.text[: h.offset].split()[-1], h.text) for h in hints(document)]
    assert before == [
        ("image", ": 8 x 8 x 1"),
        ("seen", ": 1,437 samples, image 8 x 8 x 1, label 10 classes"),
        ("train", ": decode image, align image with label"),
        ("{", " steps: 1_000"),
    ]


def test_hints_survive_a_mistake_in_the_next_version() -> None:
    files, document, _ = opened(TEXT)
    files.learn(document, check(document, {}).program)
    later = files.change(document.uri, TEXT.replace("batch: 64", "batch: ?"))
    assert check(later, {}).program is None
    assert ": decode image, align image with label" in [h.text for h in hints(later)]


def test_how_often_a_name_is_used_is_shown_above_it() -> None:
    _, document, _ = opened(TEXT + "let idle = 1\ntask a = embed image\n")
    shown = {document.text[lens.offset :].split()[1]: lens.text for lens in lenses(document)}
    assert shown == {
        "wide": "used by 1 statement",
        "image": "used by 2 statements",
        "seen": "used by 1 statement",
        "idle": "not used",
    }


def test_findings_say_what_is_wrong_and_what_to_do() -> None:
    _, document, _ = opened("task a = generate imge from label\n")
    found = check(document, {}).findings
    assert [f.code for f in found] == ["LZN201"]
    text = message(found[0])
    assert text.startswith("unknown modality `imge`")
    assert "help: did you mean `image`?" in text


def test_findings_of_the_linter_are_among_them() -> None:
    _, document, _ = opened("let idle = 1\ngenerate image from label\n")
    assert any(f.code.startswith("LZNW") for f in check(document, {}).findings)


def test_a_fix_is_offered_at_its_finding_and_mends_it() -> None:
    _, document, offset = opened("task a = generate im^ge from label\n")
    found = check(document, {}).findings
    offers = actions(document, found, offset, offset)
    assert offers
    assert "generate image from" in apply_edits(document.text, offers[0].edits)
    assert actions(document, found, 0, 3) == []


def test_fixes_of_another_version_are_not_offered() -> None:
    files, document, _ = opened("task a = generate im^ge from label\n")
    found = check(document, {}).findings
    later = files.change(document.uri, "\n" + document.text)
    assert actions(later, found, 0, len(later.text)) == []
    assert mend_all(later, found) is None


def test_all_safe_fixes_can_be_made_at_once_and_only_they() -> None:
    _, document, _ = opened("let a = 1\nlet b = 2\nlet c = 3\n")

    def finding(start: int, *, safe: bool) -> Diagnostic:
        at = Span(document.source, start, start + 1)
        fix = Fix("write 0", (Edit(at, "0"),), safe=safe)
        return Diagnostic("LZNW101", "wrong", at, fixes=(fix,))

    found = [finding(8, safe=True), finding(18, safe=False), finding(28, safe=True)]
    change = mend_all(document, found)
    assert change is not None
    assert apply_edits(document.text, change.edits) == "let a = 0\nlet b = 2\nlet c = 0\n"
    assert [a.preferred for a in actions(document, found, 0, 30)] == [True, False, True]
    assert mend_all(document, found[1:2]) is None


def test_a_finding_of_an_imported_file_is_told_at_the_import(tmp_path: Path) -> None:
    wrong = "let wide = adam(lr: 3\ndata seen = digits\n"
    files = project(tmp_path, base=wrong, main='import "base.lzn" as base\nembed image\n')
    document = next(d for d in files.documents.values() if d.source.name.endswith("main.lzn"))
    found = in_text(document, check(document, files.texts()).findings)
    assert found
    for finding in found:
        assert finding.span is None or finding.span.source == document.source
    assert any(f.span and document.text[f.span.start :].startswith("import") for f in found)


def test_unsaved_text_of_an_imported_file_counts(tmp_path: Path) -> None:
    files = project(
        tmp_path,
        base="param steps: integer = 3\n",
        main='import "base.lzn" as base\ntrain { steps: base.steps }\ngenerate image from label\n',
    )
    base, main = files.documents.values()
    assert not [f for f in check(main, files.texts()).findings if f.severity == "error"]
    files.change(base.uri, "param other: integer = 3\n")
    assert [f for f in check(main, files.texts()).findings if f.severity == "error"]


def test_layout_changes_only_the_lines_that_differ() -> None:
    _, document, _ = opened("let a = 1\nlet  b=2\nembed image\n")
    edit = layout(document)
    assert edit is not None
    assert edit.span.text == "let  b=2\n"
    assert apply_edits(document.text, [edit]) == "let a = 1\nlet b = 2\nembed image\n"


def test_a_text_with_mistakes_or_in_layout_is_left_alone() -> None:
    for text in ("let a = = 1\n", "let a = 1\n"):
        assert layout(opened(text)[1]) is None
