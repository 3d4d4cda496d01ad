"""Numbers with commas or a percent sign are one word."""

import pytest

from lzn_dsl.diagnostics.source import Source
from lzn_dsl.syntax.joined_numbers import join_numbers
from lzn_dsl.syntax.lexer import lex
from lzn_dsl.syntax.parser import parse


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("lr: 0,001", "0,001"),
        ("steps: 1,000,000)", "1,000,000"),
        ("rate = 4,5", "4,5"),
        ("ema: 99.9%", "99.9%"),
    ],
)
def test_a_number_with_a_comma_is_one_word(text: str, number: str) -> None:
    source = Source("t", text)
    joined = [t for t in join_numbers(source, lex(source)) if t.kind == "MALFORMED_NUMBER"]
    assert [t.text for t in joined] == [number]
    assert text[joined[0].start : joined[0].end] == number


@pytest.mark.parametrize("text", ["[16,32]", "f(8,16)", "a: 1, 2", "blend(x,y,0.5)", "1", "%"])
def test_other_commas_separate(text: str) -> None:
    source = Source("t", text)
    assert join_numbers(source, lex(source)) == lex(source)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("0,5", "0.5"), ("4,000", "4_000"), ("1,5", "1.5"), ("12,000,000", "12_000_000")],
)
def test_the_report_says_how_the_number_is_written(written: str, meant: str) -> None:
    _, (finding,) = parse(Source("t", f"train {{ steps: {written} }}\n"))
    assert finding.code == "LZN114"
    assert finding.hint == f"write `{meant}`"
