from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from lzn_runtime.pictures.grid import grid_image
from lzn_runtime.pictures.labelled import (
    labelled_grid,
    shorten,
    write_class_grid,
    write_labelled_grid,
)

IMAGES = torch.randint(
    0, 256, (6, 1, 8, 8), dtype=torch.uint8, generator=torch.Generator().manual_seed(0)
)


def test_names_stand_beside_an_unchanged_grid() -> None:
    plain = np.asarray(grid_image(IMAGES, columns=3))
    named = np.asarray(labelled_grid(IMAGES, rows=["one", "two"], columns=["a", "b", "c"]))
    top, left = named.shape[0] - plain.shape[0], named.shape[1] - plain.shape[1]
    assert top > 10
    assert left > 10
    np.testing.assert_array_equal(named[top:, left:], plain)
    assert named[top:, :left].min() < 100  # ink of the rows' names
    assert named[:top, left:].min() < 100  # and of the columns'


def test_without_names_it_is_the_grid_alone() -> None:
    assert labelled_grid(IMAGES, per_row=2).size == grid_image(IMAGES, columns=2).size


def test_longer_names_make_more_room() -> None:
    short = labelled_grid(IMAGES, rows=["a", "b"])
    long = labelled_grid(IMAGES, rows=["a", "a much longer name"])
    assert long.width > short.width
    assert long.height == short.height


def test_class_grid_is_written_class_by_class(tmp_path: Path) -> None:
    write_class_grid(
        IMAGES, ["zero", "<script>", "two"], tmp_path / "deep" / "classes.png", columns=2
    )
    with Image.open(tmp_path / "deep" / "classes.png") as image:
        assert image.height == grid_image(IMAGES, columns=2).height


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rows": ["a"], "per_row": 2}, "need 3 rows' names"),
        ({"columns": ["a", "b"], "per_row": 3}, "3 images a row, but 2 columns' names"),
    ],
)
def test_names_that_do_not_fit_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        labelled_grid(IMAGES, **options)  # type: ignore[arg-type]  # each case has its own options


def test_class_grid_of_another_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2 classes of 4 are not 6 images"):
        write_class_grid(IMAGES, ["a", "b"], tmp_path / "x.png", columns=4)
    assert list(tmp_path.iterdir()) == []


def test_names_are_cut_to_one_short_line() -> None:
    assert shorten("ankle boot") == "ankle boot"
    assert shorten("two\nlines\tand \x1b[31mmore") == "two lines and [31mmore"
    assert shorten("x" * 40) == "x" * 21 + "..."


def test_a_rows_file_replaces_an_older_one(tmp_path: Path) -> None:
    path = tmp_path / "rows.png"
    path.write_bytes(b"old")
    write_labelled_grid(IMAGES, path, rows=["original", "rebuilt"])
    with Image.open(path) as image:
        image.verify()
    assert [p.name for p in tmp_path.iterdir()] == ["rows.png"]
