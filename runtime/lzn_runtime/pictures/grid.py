"""Grids of images as PNG files.

Small images are enlarged by whole pixels (nearest neighbour), so that what the model drew is what a
person sees. Dimensions: b images, c channels (1 grey, 3 colour), h height, w width.
"""

import io
import math
from pathlib import Path

import numpy as np
import torch
from jaxtyping import UInt8
from PIL import Image
from torch import Tensor

from lzn_runtime.pictures.atomic import write_bytes

_MIN_CELL = 56
"""Pixels that an enlarged cell is wide at least."""
_BACKGROUND = 255


def default_scale(width: int) -> int:
    """Return the least whole enlargement that makes an image of that width 56 pixels wide."""
    return max(1, math.ceil(_MIN_CELL / width))


def enlarge(
    images: UInt8[Tensor, "b c h w"], *, scale: int | None = None
) -> UInt8[np.ndarray, "b height width 3"]:
    """Return the images as RGB, enlarged `scale` times (None: until 56 pixels wide).

    Raises ValueError for anything but uint8 images of one or three channels.
    """
    if images.ndim != 4 or images.dtype != torch.uint8 or images.shape[1] not in (1, 3):
        raise ValueError(
            "images must be uint8 of shape (b, 1 or 3, h, w), "
            f"got {images.dtype} of shape {tuple(images.shape)}"
        )
    factor = default_scale(images.shape[3]) if scale is None else scale
    if factor < 1:
        raise ValueError(f"scale must be at least 1, got {factor}")
    pixels = images.detach().cpu().permute(0, 2, 3, 1).expand(-1, -1, -1, 3).numpy()
    return pixels.repeat(factor, axis=1).repeat(factor, axis=2)


def grid_image(
    images: UInt8[Tensor, "b c h w"],
    *,
    columns: int,
    scale: int | None = None,
    padding: int = 2,
) -> Image.Image:
    """Return one picture of all images, row by row, on white.

    Args:
        images: At least one image.
        columns: Images in a row, at least 1; a last row that is not full stays white at its end.
        scale: Whole enlargement, at least 1; None makes cells 56 pixels wide or a little more.
        padding: Pixels between cells and around them, at least 0.

    Raises:
        ValueError: No images, images of another shape or type, or a number out of range.
    """
    if columns < 1 or padding < 0:
        raise ValueError(f"columns must be >= 1 and padding >= 0, got {columns} and {padding}")
    cells = enlarge(images, scale=scale)
    count, height, width = cells.shape[:3]
    if count == 0:
        raise ValueError("a grid needs at least one image")
    columns = min(columns, count)
    rows = math.ceil(count / columns)
    shape = (rows * (height + padding) + padding, columns * (width + padding) + padding, 3)
    canvas = np.full(shape, _BACKGROUND, dtype=np.uint8)
    for i, cell in enumerate(cells):
        top = padding + (i // columns) * (height + padding)
        left = padding + (i % columns) * (width + padding)
        canvas[top : top + height, left : left + width] = cell
    return Image.fromarray(canvas)


def write_grid(
    images: UInt8[Tensor, "b c h w"],
    path: Path,
    *,
    columns: int,
    scale: int | None = None,
    padding: int = 2,
) -> None:
    """Write `grid_image(...)` as PNG; the file is complete or absent, whatever happens.

    Raises what `grid_image` raises, and OSError where the file cannot be written.
    """
    write_bytes(path, png(grid_image(images, columns=columns, scale=scale, padding=padding)))


def png(image: Image.Image) -> bytes:
    """Return a picture as the bytes of a PNG file."""
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()
