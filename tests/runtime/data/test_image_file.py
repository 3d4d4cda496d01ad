from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps

from lzn_runtime.data.image_file import read_image


def read(path: Path, *, size: int = 4, channels: int = 3, max_pixels: int = 10**6) -> torch.Tensor:
    return read_image(path, height=size, width=size, channels=channels, max_pixels=max_pixels)


def colour_of(path: Path, *, channels: int = 3) -> list[int]:
    """Return the one colour of a picture."""
    image = read(path, channels=channels)
    assert image.shape == (channels, 4, 4)
    assert image.dtype == torch.uint8
    assert torch.equal(image, image[:, :1, :1].expand_as(image))
    values: list[int] = image[:, 0, 0].tolist()
    return values


def save(path: Path, image: Image.Image, **options: Any) -> Path:
    image.save(path, **options)
    return path


def test_colours_of_every_mode_have_one_meaning(tmp_path: Path) -> None:
    def colour(mode: str, value: Any, kind: str = "png", channels: int = 3) -> list[int]:
        path = save(tmp_path / f"x.{kind}", Image.new(mode, (6, 6), value))
        return colour_of(path, channels=channels)

    assert colour("RGB", (200, 100, 50)) == [200, 100, 50]
    assert colour("RGB", (200, 100, 50), channels=1) == [124]  # 0.299 R + 0.587 G + 0.114 B
    assert colour("RGB", (200, 100, 50), "bmp") == [200, 100, 50]
    assert colour("RGB", (200, 100, 50), "ppm") == [200, 100, 50]
    assert colour("L", 77) == [77, 77, 77]
    assert colour("L", 77, channels=1) == [77]
    assert colour("L", 77, "pgm", channels=1) == [77]
    assert colour("1", 1) == [255, 255, 255]
    assert colour("I;16", 65535, channels=1) == [255]
    assert colour("I;16", 257 * 77, channels=1) == [77]
    assert colour("I;16", 257 * 77 + 129, channels=1) == [78]
    assert colour("I;16", 0) == [0, 0, 0]
    assert colour("RGBA", (200, 100, 50, 255)) == [200, 100, 50]
    assert colour("RGBA", (200, 100, 50, 0)) == [255, 255, 255]  # laid on white
    assert colour("RGBA", (0, 0, 0, 51)) == [204, 204, 204]
    assert colour("LA", (0, 51), channels=1) == [204]
    assert colour("CMYK", (0, 255, 255, 0), "jpg")[0] > 240
    assert colour("CMYK", (0, 0, 0, 255), "jpg", channels=1)[0] < 10


def test_palettes_are_looked_up(tmp_path: Path) -> None:
    image = Image.new("P", (6, 6), 1)
    image.putpalette([0, 0, 0, 200, 100, 50])
    assert colour_of(save(tmp_path / "a.png", image)) == [200, 100, 50]
    assert colour_of(save(tmp_path / "a.gif", image)) == [200, 100, 50]
    assert colour_of(save(tmp_path / "b.png", image, transparency=1)) == [255, 255, 255]
    partly = save(tmp_path / "c.png", image, transparency=bytes([255, 51]))
    assert colour_of(partly) == [244, 224, 214]


def test_an_animation_is_its_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (6, 6), c) for c in ("#c86432", "blue", "white")]
    path = save(tmp_path / "a.gif", frames[0], save_all=True, append_images=frames[1:])
    assert colour_of(path) == [200, 100, 50]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation_is_undone(tmp_path: Path, orientation: int) -> None:
    upright = Image.new("L", (8, 8), 0)
    upright.paste(255, (0, 0, 4, 4))  # the upper left is white
    upright.paste(128, (4, 0, 8, 4))  # the upper right is grey
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x112] = orientation
    path = save(tmp_path / "a.png", stored, exif=exif)
    assert torch.equal(read(path, size=8)[0], torch.tensor(np.asarray(upright)))


@pytest.mark.parametrize(("width", "height"), [(12, 4), (4, 12), (40, 10), (5, 4), (4000, 4)])
def test_the_middle_square_is_cut_out(tmp_path: Path, width: int, height: int) -> None:
    image = Image.new("L", (width, height), 10)
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    image.paste(200, (left, top, left + side, top + side))
    values = read(save(tmp_path / "a.png", image), channels=1)[0, 1:3, 1:3]
    assert values.min() >= 199


def test_a_size_that_fits_changes_nothing(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    path = save(tmp_path / "a.png", Image.fromarray(pixels))
    assert torch.equal(read(path, size=16), torch.tensor(pixels).permute(2, 0, 1))


def test_a_large_jpeg_is_decoded_small_and_alike(tmp_path: Path) -> None:
    ramp = np.linspace(0, 255, 1024).astype(np.uint8)
    path = save(tmp_path / "a.jpg", Image.fromarray(np.tile(ramp, (1024, 1))), quality=95)
    values = read(path, size=16, channels=1, max_pixels=10**7)[0].float()
    with Image.open(path) as image:
        exact = ImageOps.fit(image, (16, 16), Image.Resampling.BICUBIC)
    assert (values - torch.tensor(np.asarray(exact, np.float32))).abs().max() <= 2
