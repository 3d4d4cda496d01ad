"""The nearest known word."""

import pytest

from lzn_dsl.diagnostics.suggest import closest


@pytest.mark.parametrize(
    ("word", "known", "nearest"),
    [
        ("lable", ["image", "label", "text"], "label"),
        ("trian", ["task", "train"], "train"),
        ("zebra", ["image", "label"], None),
        ("a", [], None),
        ("", ["image"], None),
        ("xb", ["b", "xbc", "xbd"], "xbc"),
        ("x" * 100_000, ["xx"], None),
    ],
)
def test_nearest_word_is_found(word: str, known: list[str], nearest: str | None) -> None:
    assert closest(word, known) == nearest
