"""Numbers as people write them, strings, and what is wrong with either."""

import pytest

from helpers.trees import mistakes, outline, read
from lzn_dsl.syntax.literals import read_number

NUMBERS = {
    "0": 0,
    "-0": 0,
    "32": 32,
    "007": 7,
    "4_000": 4000,
    "-12": -12,
    "5k": 5000,
    "2M": 2_000_000,
    "1.5k": 1500,
    "-1.5k": -1500,
    ".5k": 500,
    "1.0001k": 1000.1,
    "0.5": 0.5,
    ".5": 0.5,
    "-.5": -0.5,
    "5.": 5.0,
    "1_000.5": 1000.5,
    "1e-3": 0.001,
    "1E3": 1000.0,
    "2.5e+2": 250.0,
    "0e5": 0.0,
    "1234567890123456789012345678901234567890": 1234567890123456789012345678901234567890,
}
MALFORMED = [
    "5K", "5kk", "5ms", "0x20", "0b1", "1__0", "1_", "1.2.3", "1e", "1e+", "1e5.5", "1e-3x",
    "-0x1", "3d", "1_.5", "5k0", "1e3k", "1_e3", "1._5",
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), NUMBERS.items())
def test_number_has_its_value_and_kind(text: str, value: float) -> None:
    read_value = read_number(text)
    assert read_value == value
    assert type(read_value) is type(value)
    assert outline(read(f"let n = {text}")) == f"File([Let(n, {value!r})])"


@pytest.mark.parametrize("text", MALFORMED)
def test_malformed_number_is_one_mistake(text: str) -> None:
    [finding] = mistakes(f"let n = {text}\n")
    assert finding.code == "LZN114"
    assert finding.span is not None
    assert finding.span.text == text


@pytest.mark.parametrize("text", ["1e999", "-1e999", "1e-999", "9" * 35 + "e300"])
def test_number_beyond_floats_is_out_of_range(text: str) -> None:
    assert [finding.code for finding in mistakes(f"let n = {text}")] == ["LZN115"]


def test_every_malformed_number_of_a_line_is_said() -> None:
    assert [f.code for f in mistakes("let n = [1__0, 2, 5K, 0x1]")] == ["LZN114"] * 3


@pytest.mark.parametrize("text", ["NaN", "inf", "Infinity", "nan"])
def test_words_for_numbers_are_names(text: str) -> None:
    assert outline(read(f"let n = {text}")) == f"File([Let(n, &{text})])"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('""', ""),
        ('"a # b"', "a # b"),
        (r'"say \"hi\""', 'say "hi"'),
        (r'"a\\n"', "a\\n"),
        (r'"a\nb\tc"', "a\nb\tc"),
        ('"\u65e5\u672c \U0001f600"', "\u65e5\u672c \U0001f600"),
        ('"{[("', "{[("),
        ('"\t"', "\t"),
    ],
)
def test_string_has_its_value(text: str, value: str) -> None:
    assert outline(read(f"let s = {text}")) == f"File([Let(s, {value!r})])"


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ('"open', "LZN112", '"open'),
        ('"open\\"', "LZN112", '"open\\"'),
        ('"end\\', "LZN112", '"end\\'),
        (r'"\q"', "LZN113", r"\q"),
        (r'"\x41"', "LZN113", r"\x"),
        ('"a\x00b"', "LZN111", "\x00"),
        ('"a\u202eb"', "LZN111", "\u202e"),
        ('"a\ud800b"', "LZN111", "\ud800"),
    ],
)
def test_string_mistake_is_said_where_it_stands(text: str, code: str, at: str) -> None:
    [finding] = mistakes(f"let s = {text}\nlet t = 1\n")
    assert finding.code == code
    assert finding.span is not None
    assert finding.span.text == at
