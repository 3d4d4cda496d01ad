from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from lzn_runtime.pictures.grid import default_scale, enlarge, grid_image, write_grid


@pytest.mark.parametrize(
    ("width", "scale"), [(1, 56), (8, 7), (27, 3), (28, 2), (55, 2), (56, 1), (300, 1)]
)
def test_cells_are_enlarged_to_56_pixels_or_a_little_more(width: int, scale: int) -> None:
    assert default_scale(width) == scale


def test_png_has_the_size_that_cells_and_padding_need(tmp_path: Path) -> None:
    images = torch.zeros(5, 3, 8, 6, dtype=torch.uint8)
    write_grid(images, tmp_path / "grid.png", columns=3, scale=4, padding=2)
    with Image.open(tmp_path / "grid.png") as image:
        assert image.format == "PNG"
        assert image.size == (3 * (6 * 4 + 2) + 2, 2 * (8 * 4 + 2) + 2)


def test_every_pixel_of_an_image_becomes_a_square_of_its_colour() -> None:
    images = torch.randint(
        0, 256, (4, 3, 2, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(0)
    )
    pixels = np.asarray(grid_image(images, columns=2, scale=5, padding=1))
    for i, image in enumerate(images):
        top, left = 1 + i // 2 * 11, 1 + i % 2 * 16
        cell = pixels[top : top + 10, left : left + 15]
        want = image.permute(1, 2, 0).repeat_interleave(5, 0).repeat_interleave(5, 1)
        np.testing.assert_array_equal(cell, want.numpy())


def test_places_without_an_image_stay_white() -> None:
    pixels = np.asarray(
        grid_image(torch.zeros(3, 1, 2, 2, dtype=torch.uint8), columns=2, scale=1, padding=0)
    )
    assert (pixels[2:, 2:] == 255).all()
    assert (pixels[:2] == 0).all()


def test_few_images_make_a_narrow_grid() -> None:
    image = grid_image(torch.zeros(2, 1, 4, 4, dtype=torch.uint8), columns=9, scale=1, padding=0)
    assert image.size == (8, 4)


def test_grey_images_become_grey_and_are_not_changed() -> None:
    images = torch.arange(16, dtype=torch.uint8).view(1, 1, 4, 4)
    kept = images.clone()
    cells = enlarge(images, scale=1)
    assert cells.shape == (1, 4, 4, 3)
    np.testing.assert_array_equal(cells[0, :, :, 2], images[0, 0].numpy())
    assert torch.equal(images, kept)


@pytest.mark.parametrize(
    ("images", "options", "message"),
    [
        (torch.zeros(2, 1, 4, 4), {}, "must be uint8"),
        (torch.zeros(2, 2, 4, 4, dtype=torch.uint8), {}, "1 or 3"),
        (torch.zeros(4, 4, dtype=torch.uint8), {}, "must be uint8 of shape"),
        (torch.zeros(0, 1, 4, 4, dtype=torch.uint8), {}, "at least one image"),
        (torch.zeros(2, 1, 4, 4, dtype=torch.uint8), {"columns": 0}, "columns must be >= 1"),
        (torch.zeros(2, 1, 4, 4, dtype=torch.uint8), {"padding": -1}, "padding >= 0"),
        (torch.zeros(2, 1, 4, 4, dtype=torch.uint8), {"scale": 0}, "scale must be at least 1"),
    ],
)
def test_what_is_no_grid_is_refused(
    images: torch.Tensor, options: dict[str, int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        grid_image(images, **{"columns": 2, **options})
