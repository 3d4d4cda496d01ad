"""Linting costs little beside checking, and grows no faster than the text."""

import time
from collections.abc import Callable
from pathlib import Path

from lzn_dsl.lint.lint import lint
from lzn_dsl.lint.mending import mend
from lzn_dsl.lint.selection import Selection
from lzn_dsl.spec import load

DIGITS = Path(__file__).parent.parent.parent / "specs" / "digits.lzn"
LINE = "let a{0} = 10000 # lzn: ignore[LZNW304]\nverb v{0} x: image -> x = encode x |> decode x\n"


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """Return the least processor time that some work took."""
    least = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        least = min(least, time.process_time() - start)
    return least


def test_linting_a_common_file_takes_a_fraction_of_a_second() -> None:
    codes = Selection(["all"]).codes()
    lint(load(DIGITS), codes)
    assert seconds(lambda: lint(load(DIGITS), codes)) < 0.25


def test_time_grows_with_the_length_of_the_text() -> None:
    codes = Selection(["all"]).codes()

    def work(number: int) -> float:
        spec = load("".join(map(LINE.format, range(number))) + "generate image\n")
        spec.check()
        return seconds(lambda: lint(spec, codes), 1)

    assert work(800) < 6 * work(200) + 0.1


def test_many_fixes_are_made_in_a_few_rounds() -> None:
    text = "".join(f"let a{i} = 10000\n" for i in range(500)) + "generate image\n"
    mended = mend(load(text), frozenset({"LZNW902"}))
    assert mended.text == text.replace("10000", "10_000")
    assert len(mended.done) == 500
