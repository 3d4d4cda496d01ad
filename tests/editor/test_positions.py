"""Lines and columns of an editor, in the units of each encoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lzn_dsl.editor.positions import Encoding, Lines, Position

SMILE = "\U0001f600"  # two units of UTF-16, four of UTF-8


@pytest.mark.parametrize(
    ("encoding", "columns"), [("utf-16", [1, 3]), ("utf-8", [1, 5]), ("utf-32", [1, 2])]
)
def test_a_character_beyond_the_first_plane_takes_several_units(
    encoding: Encoding, columns: list[int]
) -> None:
    lines = Lines(f"#{SMILE}x\nlet a = 1", encoding)
    assert [lines.position(offset).column for offset in (1, 2)] == columns
    assert [lines.offset(0, column) for column in columns] == [1, 2]


def test_a_column_within_a_character_is_its_start() -> None:
    assert Lines(f"{SMILE}a").offset(0, 1) == 0


def test_a_place_beyond_the_text_is_the_end_of_its_line_or_of_the_text() -> None:
    lines = Lines("ab\r\ncd")
    assert (lines.offset(0, 99), lines.offset(9, 0), lines.offset(-1, 5)) == (2, 6, 0)
    assert lines.position(99) == Position(1, 2)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_ends_of_lines_count(end: str) -> None:
    lines = Lines(f"a{end}b{end}")
    assert len(lines) == 3
    assert lines.position(1 + len(end)) == Position(1, 0)


@given(st.text(alphabet=f"a{SMILE}\u00e9\n\r\u2028\x0c", max_size=30), st.integers(0, 30))
def test_a_position_leads_back_to_its_offset(text: str, offset: int) -> None:
    encodings: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")
    for encoding in encodings:
        lines = Lines(text, encoding)
        place = min(offset, len(text))
        back = lines.offset(*lines.position(place))
        # Between the two characters of a line end there is no place of its own.
        assert back == (place - 1 if text[place - 1 : place + 1] == "\r\n" else place)
