"""Comments that silence findings: for a line, a statement, a file."""

import pytest

from lzn_dsl.lint.lint import lint
from lzn_dsl.lint.selection import Selection
from lzn_dsl.spec import load


def found(text: str) -> list[tuple[str, int]]:
    """Return the code and line of what the linter says."""
    said = lint(load(text), Selection().codes())
    return [(d.code, d.span.line) for d in said if d.span]


def test_a_comment_at_the_end_of_a_line_counts_for_that_line() -> None:
    text = (
        "task a = generate image { alpha: 0 } # lzn: ignore[LZNW206]\n"
        "task b = generate image { alpha: 0.5 }\n"
    )
    assert found(text) == [("LZNW206", 2)]


def test_a_comment_on_its_own_line_counts_for_the_whole_next_statement() -> None:
    text = (
        "# A title.\n# lzn: ignore[LZNW206]\n# Why it is so.\n\ngenerate image {\n    alpha: 0\n}\n"
    )
    assert found(text) == []


def test_a_comment_after_a_statement_counts_for_all_of_its_lines() -> None:
    text = (
        "task a = generate image {\n"
        "    alpha: 0\n"
        "} # lzn: ignore[LZNW206]\n"
        "task b = generate image { alpha: 0.5 }\n"
    )
    assert found(text) == [("LZNW206", 4)]


def test_a_comment_inside_a_block_counts_for_the_next_line() -> None:
    text = (
        "classify image as label {\n"
        "    # lzn: ignore[LZNW206]\n"
        "    alpha: 0\n"
        "    sampler: euler\n"
        "}\n"
    )
    assert found(text) == [("LZNW206", 4)]


def test_a_comment_for_the_file_counts_everywhere() -> None:
    text = (
        "let a = 1\ngenerate image { alpha: 0 }\nlet b = 2\n# lzn: ignore-file[LZNW101, LZNW206]\n"
    )
    assert found(text) == []


@pytest.mark.parametrize(
    ("comment", "code"),
    [
        ("# lzn: ignore[LZNW101]", "LZNW002"),
        ("# lzn: ignore[LZNW999]", "LZNW001"),
        ("# lzn: ignore[LZN201]", "LZNW001"),
        ("# lzn: ignore", "LZNW003"),
        ("# lzn: ignore[]", "LZNW003"),
        ("# lzn: noqa[LZNW101]", "LZNW003"),
        ("#lzn:ignore-file[LZNW304]", "LZNW002"),
    ],
)
def test_comments_that_do_nothing_are_reported(comment: str, code: str) -> None:
    assert found(f"generate image from label {comment}\n") == [(code, 1)]


@pytest.mark.parametrize("comment", ["# lzn is a language", "# see lzn: it is new"])
def test_other_comments_are_let_be(comment: str) -> None:
    assert found(f"generate image from label {comment}\n") == []


def test_a_comment_for_a_rule_that_did_not_run_is_let_be() -> None:
    assert found("generate image from label # lzn: ignore[LZNW901]\n") == []
    errors = "generate imge from label # lzn: ignore[LZNW206]\n"
    assert found(errors) == [("LZN201", 1)]


def test_the_end_of_a_file_silences_nothing() -> None:
    assert found("generate image from label\n# lzn: ignore[LZNW206]") == [("LZNW002", 2)]
