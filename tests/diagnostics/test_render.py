"""Reports for people and for programs, compared whole."""

from inspect import cleandoc

import pytest

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Edit, Fix, Related, Severity
from lzn_dsl.diagnostics.excerpt import visible
from lzn_dsl.diagnostics.render import render_text
from lzn_dsl.diagnostics.source import Source, Span

SPEC = Source("specs/mnist.lzn", "generate image from lable\ntrain {\n    steps: 10\n}\n")


def report(*diagnostics: Diagnostic) -> str:
    return render_text(diagnostics)


def excerpt(text: str, start: int, end: int) -> list[str]:
    """Return the quoted lines of a report on a part of a text."""
    found = Diagnostic("LZN120", "x", Span(Source("t.lzn", text), start, end), "here")
    lines = report(found).split("\n")
    return lines[2 : lines.index("", 2)]


def test_whole_report() -> None:
    found = Diagnostic(
        code="LZN201",
        summary="unknown modality `lable`",
        span=Span(SPEC, 20, 25),
        label="not a modality of the data",
        notes=("modalities: `image`, `label`",),
        hint="did you mean `label`?",
    )
    warning = Diagnostic("LZN404", "nothing uses it", severity=Severity.WARNING)
    again = Diagnostic("LZN201", "once more", Span(SPEC, 0, 8))
    assert (
        report(found, warning, again)
        == cleandoc("""
        error[LZN201]: unknown modality `lable`
          --> specs/mnist.lzn:1:21
           |
         1 | generate image from lable
           |                     ^^^^^ not a modality of the data
           = note: modalities: `image`, `label`
           = help: did you mean `label`?

        warning[LZN404]: nothing uses it

        error[LZN201]: once more
          --> specs/mnist.lzn:1:1
           |
         1 | generate image from lable
           | ^^^^^^^^

        see: lzn explain LZN201
        see: lzn explain LZN404
        2 errors, 1 warning
    """)
        + "\n"
    )


def test_nothing_found_gives_no_text() -> None:
    assert render_text([]) == ""


def test_span_of_several_lines_shows_its_ends() -> None:
    assert excerpt(SPEC.text, 26, 49) == [
        "   |",
        " 2 | train {",
        "   | ^^^^^^^",
        "...",
        " 4 | }",
        "   | ^ here",
    ]
    assert excerpt("a\n  b c\n", 0, 5) == [
        "   |",
        " 1 | a",
        "   | ^",
        " 2 |   b c",
        "   |   ^ here",
    ]


def test_span_that_takes_in_a_line_end_shows_its_line() -> None:
    assert excerpt("ab\ncd\n", 1, 3) == ["   |", " 1 | ab", "   |  ^ here"]


@pytest.mark.parametrize(
    ("text", "start", "shown"),
    [
        ("ab", 2, [" 1 | ab", "   |   ^ here"]),
        ("ab\n", 2, [" 1 | ab", "   |   ^ here"]),
        ("ab\n", 3, [" 2 |", "   | ^ here"]),
        ("", 0, [" 1 |", "   | ^ here"]),
    ],
)
def test_empty_span_shows_one_caret(text: str, start: int, shown: list[str]) -> None:
    assert excerpt(text, start, start)[1:] == shown


@pytest.mark.parametrize(
    ("text", "start", "end", "shown"),
    [
        ("\tab", 1, 3, ["    ab", "    ^^"]),
        ("a\tb", 2, 3, ["a   b", "    ^"]),
        ("a\tb", 1, 2, ["a   b", " ^^^"]),
        ("\u65e5\u672c x", 3, 4, ["\u65e5\u672c x", "     ^"]),
        ("\u65e5\u672c x", 0, 2, ["\u65e5\u672c x", "^^^^"]),
        ("e\u0301x", 2, 3, ["e\u0301x", " ^"]),
        ("a\x1b[31mb", 6, 7, ["a\\x1b[31mb", "         ^"]),
        ("a\u202eb", 1, 2, ["a\\u202eb", " ^^^^^^"]),
        ("ab\r\n", 1, 2, ["ab", " ^"]),
    ],
)
def test_carets_stand_below_what_they_mean(
    text: str, start: int, end: int, shown: list[str]
) -> None:
    line, carets = excerpt(text, start, end)[1:]
    assert [line[5:], carets[5:]] == [shown[0], f"{shown[1]} here"]


def test_line_numbers_are_aligned() -> None:
    assert excerpt("\n" * 8 + "a\n\nb\n", 8, 12) == [
        "    |",
        "  9 | a",
        "    | ^",
        "...",
        " 11 | b",
        "    | ^ here",
    ]


def test_long_line_is_cut_around_the_span() -> None:
    _, line, carets = excerpt("x" * 5000 + "bad" + "y" * 5000, 5000, 5003)
    assert line == f" 1 | ...{'x' * 60}bad{'y' * 57}..."
    assert carets == f"   | {' ' * 63}^^^ here"


def test_span_longer_than_the_shown_part_is_cut() -> None:
    _, _, carets = excerpt("x" * 5000, 10, 5000)
    assert carets == f"   | {' ' * 10}{'^' * 110} here"


def test_control_characters_of_the_user_are_spelled_out() -> None:
    name = Source("a\x1b.lzn", "x\n")
    found = Diagnostic(
        "LZN120", "a\x1b[2J\nb", Span(name, 0, 1), "l\x07", ("n\x00\nmore",), "h\u202e"
    )
    text = report(found)
    assert "\x1b" not in text
    for spelled in ("a\\x1b[2J\\nb", "a\\x1b.lzn:1:1", "l\\x07", "n\\x00\n", "h\\u202e"):
        assert spelled in text


def test_lines_of_a_note_are_aligned() -> None:
    lines = report(Diagnostic("LZN120", "x", notes=("one\ntwo",))).split("\n")
    assert lines[1:3] == ["   = note: one", "           two"]


def test_color_adds_only_escapes() -> None:
    found = Diagnostic("LZN201", "x", Span(SPEC, 20, 25), "y", ("z",), "h")
    colored = render_text([found], color=True)
    assert "\x1b[1;31merror[LZN201]" in colored
    assert colored.count("\x1b[0m") * 2 == colored.count("\x1b[")
    plain = colored
    for code in ("[0m", "[1m", "[1;31m", "[1;34m", "[1;36m"):
        plain = plain.replace(f"\x1b{code}", "")
    assert plain == render_text([found])


def test_related_places_of_the_same_file_share_its_excerpt() -> None:
    text = Source("t.lzn", "let a = 1\nlet b = 2\n\nlet a = a\n")
    found = Diagnostic(
        "LZN205",
        "the constant `a` is defined twice",
        Span(text, 25, 26),
        "again",
        related=(
            Related(Span(text, 4, 5), "first defined here"),
            Related(Span(text, 29, 30), "and used here"),
        ),
    )
    assert report(found).startswith(
        cleandoc("""
        error[LZN205]: the constant `a` is defined twice
          --> t.lzn:4:5
           |
         1 | let a = 1
           |     - first defined here
        ...
         4 | let a = a
           |     ^ again
           |         - and used here
    """)
    )


def test_related_place_of_another_file_has_an_excerpt_of_its_own() -> None:
    base = Source("base.lzn", "\n" * 9 + "let a = 1\n")
    found = Diagnostic(
        "LZN205",
        "the constant `a` is defined twice",
        Span(SPEC, 20, 25),
        hint="rename one of them",
        related=(Related(Span(base, 13, 14), "first defined here"),),
    )
    assert report(found).startswith(
        cleandoc("""
        error[LZN205]: the constant `a` is defined twice
           --> specs/mnist.lzn:1:21
            |
          1 | generate image from lable
            |                     ^^^^^
           ::: base.lzn:10:5
            |
         10 | let a = 1
            |     - first defined here
            = help: rename one of them
    """)
    )


def test_related_place_of_a_finding_without_one_is_shown() -> None:
    found = Diagnostic("LZN205", "x", related=(Related(Span(SPEC, 0, 8), "here"),))
    assert report(found).split("\n")[1:5] == [
        "  ::: specs/mnist.lzn:1:1",
        "   |",
        " 1 | generate image from lable",
        "   | -------- here",
    ]


def test_fixes_are_told_by_their_titles() -> None:
    edit = (Edit(Span(SPEC, 20, 25), "label"),)
    fixes = (Fix("write `label`", edit), Fix("remove it", edit, safe=False))
    lines = report(Diagnostic("LZN201", "x", Span(SPEC, 20, 25), fixes=fixes)).split("\n")
    assert lines[5:7] == [
        "   = fix: write `label`",
        "   = fix: remove it (may change what the program does)",
    ]


def test_visible_leaves_what_can_be_seen() -> None:
    assert visible("a \u65e5 \u00e9 \U0001f600") == "a \u65e5 \u00e9 \U0001f600"
    assert visible("\ud800\u2028\U000e0001") == "\\ud800\\u2028\\U000e0001"
