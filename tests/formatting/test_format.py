"""A formatted program says the same, keeps its comments, and is not formatted further."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings

from helpers.drawn_programs import drawn, noisy
from helpers.golden import assert_golden, golden_programs
from helpers.program_texts import mutants, soups, texts
from helpers.trees import outline, read
from lzn_dsl.diagnostics.diagnostic import SpecError
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.formatting.format import format_source
from lzn_dsl.syntax.lexer import lex

ROOT = Path(__file__).parent.parent.parent
SHIPPED = [*ROOT.glob("specs/**/*.lzn"), *ROOT.glob("lzn_dsl/**/*.lzn")]
MESSY = golden_programs("formatting")


def formatted(text: str) -> str:
    return format_source(Source("test.lzn", text))


def comments(text: str) -> Counter[str]:
    found = lex(Source("test.lzn", text))
    return Counter(token.text.rstrip() for token in found if token.kind == "COMMENT")


def check(text: str) -> None:
    result = formatted(text)
    assert outline(read(result)) == outline(read(text))
    assert comments(result) == comments(text)
    assert formatted(result) == result
    assert "\n\n\n" not in result
    assert "\r" not in result
    assert not any(line != line.rstrip() for line in result.split("\n"))
    assert result == "" or (result[0] != "\n" and result[-1:] == "\n" and result[-2:] != "\n\n")


@pytest.mark.parametrize("path", MESSY, ids=lambda path: path.stem)
def test_layout_of_a_program(path: Path) -> None:
    text = path.read_bytes().decode()
    check(text)
    assert_golden(path.with_suffix(".txt"), formatted(text))


def test_there_are_messy_programs() -> None:
    assert len(MESSY) > 5


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_programs_are_formatted(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert formatted(text) == text


@pytest.mark.parametrize("path", golden_programs("syntax_right"), ids=lambda path: path.stem)
def test_right_programs_say_the_same(path: Path) -> None:
    check(path.read_text(encoding="utf-8"))


@given(drawn())
@settings(max_examples=12, deadline=None)
def test_what_the_grammar_describes_says_the_same(text: str) -> None:
    check(text)


@given(noisy())
@settings(max_examples=12, deadline=None)
def test_with_comments_anywhere_it_says_the_same(text: str) -> None:
    check(text)


@given(texts | soups | mutants())
@settings(max_examples=100, deadline=None)
def test_any_text_is_formatted_or_answered(text: str) -> None:
    try:
        formatted(text)
    except SpecError as failure:
        assert failure.diagnostics  # noqa: PT017
    else:
        check(text)


def test_a_program_with_mistakes_is_refused_with_all_of_them() -> None:
    with pytest.raises(SpecError) as refused:
        formatted("let = 1\nlet a 2\n")
    assert len(refused.value.diagnostics) == 2


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("", ""),
        ("\n \n\t\n", ""),
        ("# only", "# only\n"),
        ("\ufefflet a=1", "let a = 1\n"),
        ("let a = 1\r\nlet b = 2\r\n", "let a = 1\nlet b = 2\n"),
        ("let a = [ 1 , 2, ]", "let a = [1, 2]\n"),
        ("let a = f( )", "let a = f()\n"),
        ('let s = "a  b\\n"', 'let s = "a  b\\n"\n'),
        ("let n = 04_000.50e+1", "let n = 04_000.50e+1\n"),
        ("train{}", "train {}\n"),
        ("train{\n\n}", "train {}\n"),
        ("train { ,a:1,,b:2, }", "train { a: 1, b: 2 }\n"),
        ("train\n{ a: 1 }", "train { a: 1 }\n"),
        ("param p:number=1 in 0 .. 1", "param p: number = 1 in 0..1\n"),
        ("param p: number = 1. in 1. .. .5", "param p: number = 1. in 1. .. .5\n"),
        ("param p: number = 1 in [1,2]", "param p: number = 1 in [1, 2]\n"),
        ("task t=f(x)from(a|>b)", "task t = f(x) from (a |> b)\n"),
        ("task t = f ( x )", "task t = f(x)\n"),
        ("task t = (a|>b)|>c", "task t = (a |> b) |> c\n"),
        ("verb v a:b c=1 from d->a=v(a,d)", "verb v a: b c = 1 from d -> a = v(a, d)\n"),
        ('import"a.lzn"as a{steps:1}', 'import "a.lzn" as a { steps: 1 }\n'),
        ("evaluate a.b on c with d,e(f:1)", "evaluate a.b on c with d, e(f: 1)\n"),
    ],
)
def test_small_things(text: str, result: str) -> None:
    assert formatted(text) == result
    assert formatted(result) == result


@pytest.mark.parametrize("length", [100, 101])
def test_a_line_of_a_hundred_characters_is_not_broken(length: int) -> None:
    start = "let a = ["
    number = "1" * 20
    rest = length - len(start) - len(f"{number}, ") - len("]")
    text = f'{start}{number}, "{"x" * (rest - 2)}"]\n'
    assert len(text) == length + 1
    assert (formatted(text) == text) == (length == 100)


def test_aligned_lines_may_have_a_hundred_characters_too() -> None:
    for length, aligned in ((100, True), (101, False)):
        rest = "x" * (length - len("let wide = []") - 2)
        text = f'let a = ["{rest}"]\nlet wide = 1\n'
        assert ("let a    = [" in formatted(text)) == aligned
        check(text)


@pytest.mark.parametrize("times", [1, 12, 150])
def test_one_long_item_is_broken(times: int) -> None:
    check(f"let a = [{'1, ' * times}]\n")
    check(f"verb v a -> a = {'f a |> ' * times}g a\n")
    check(f"evaluate a on b with {'c, ' * times}d\n")
