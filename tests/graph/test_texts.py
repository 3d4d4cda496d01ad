"""Numbers as people read them, and texts that fit where they stand."""

import pytest

from lzn_dsl.graph.pictures.geometry import Box, number, rounded, through
from lzn_dsl.graph.pictures.measure import shorten, text_width
from lzn_dsl.graph.quantities import count, flop, memory, parameters


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (940, "940"),
        (999, "999"),
        (1000, "1.0 k"),
        (4_130, "4.1 k"),
        (9_960, "10 k"),
        (999_499, "999 k"),
        (999_600, "1.0 M"),
        (1_204_993, "1.2 M"),
        (18_204_993, "18 M"),
        (3_400_000_000, "3.4 G"),
        (2 * 10**12, "2.0 T"),
        (7 * 10**18, "7000 P"),
    ],
)
def test_counts(value: int, text: str) -> None:
    assert count(value) == text


def test_units() -> None:
    assert (flop(3_400_000_000), flop(12)) == ("3.4 GFLOP", "12 FLOP")
    assert (memory(120_000_000), memory(3)) == ("120 MB", "3 B")
    assert (parameters(0), parameters(1)) == ("no parameters", "1 parameter")


def test_a_text_that_fits_is_kept_and_another_is_cut_to_fit() -> None:
    assert shorten("label", 12, 100) == "label"
    cut = shorten("a very long name of a task", 12, 80)
    assert cut.endswith("\u2026")
    assert text_width(cut, 12) <= 80
    assert shorten("anything", 12, 0) == "\u2026"


def test_wide_letters_take_more_room() -> None:
    assert text_width("mmm", 12) > text_width("iii", 12)
    assert text_width("\u6f22", 12) > text_width("a", 12)
    assert text_width("name", 12, bold=True) > text_width("name", 12)


def test_coordinates_are_short() -> None:
    assert [number(v) for v in (3.0, 3.14159, -0.01, 100.25)] == ["3", "3.1", "0", "100.2"]


def test_paths_start_and_end_where_they_should() -> None:
    assert rounded([(0, 0), (50, 0), (50, 50)], radius=10) == "M0 0L40 0Q50 0 50 10L50 50"
    assert through([(0, 0), (10, 0), (30, 20)]) == "M0 0H10C20 0 20 20 30 20"


def test_boxes_that_touch_do_not_overlap() -> None:
    box = Box(0, 0, 10, 10)
    assert not box.overlaps(Box(10, 0, 5, 5))
    assert box.overlaps(Box(9, 9, 5, 5))
    assert box.contains(Box(0, 0, 10, 10))
    assert not box.contains(Box(5, 5, 10, 1))
