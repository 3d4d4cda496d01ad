"""Grids of images with a name beside each row and above each column.

Dimensions: r rows, k columns, c channels, h height, w width.
"""

from collections.abc import Sequence
from pathlib import Path

from jaxtyping import UInt8
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from lzn_runtime.pictures.atomic import write_bytes
from lzn_runtime.pictures.grid import enlarge, grid_image, png

_INK = (33, 37, 41)
_GAP = 8
_LONGEST = 24
"""Characters of a name that are drawn; a longer one ends in three dots."""


def labelled_grid(
    images: UInt8[Tensor, "n c h w"],
    *,
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    per_row: int | None = None,
    scale: int | None = None,
    padding: int = 2,
) -> Image.Image:
    """Return a grid with the rows' names on its left and the columns' names above it.

    Args:
        images: Images row by row; the last row may be short.
        rows: One name a row, or nothing for no names there.
        columns: One name a column, or nothing.
        per_row: Images in a row; may be left out where `rows` or `columns` say it.
        scale: Whole enlargement; None makes cells 56 pixels wide or a little more.
        padding: Pixels between cells and around them.

    Raises:
        ValueError: The names do not fit the number of images, or what `grid_image` raises.
    """
    width = per_row or len(columns) or (-(-len(images) // len(rows)) if rows else len(images))
    height = -(-len(images) // max(width, 1))
    if rows and len(rows) != height:
        raise ValueError(f"{len(images)} images, {width} a row, need {height} rows' names")
    if columns and len(columns) != width:
        raise ValueError(f"{width} images a row, but {len(columns)} columns' names")
    grid = grid_image(images, columns=width, scale=scale, padding=padding)
    cell = enlarge(images[:1], scale=scale).shape[2] + padding
    line = (grid.height - padding) // height
    text_size = max(11, min(16, cell // 4))
    font = ImageFont.load_default(size=text_size)
    names = [shorten(name) for name in rows]
    left = round(max((font.getlength(name) for name in names), default=0))
    left += 2 * _GAP if left else 0
    top = 2 * text_size if columns else 0
    canvas = Image.new("RGB", (left + grid.width, top + grid.height), "white")
    canvas.paste(grid, (left, top))
    draw = ImageDraw.Draw(canvas)
    for i, name in enumerate(names):
        middle = top + padding + i * line + (line - padding) // 2
        draw.text((left - _GAP, middle), name, fill=_INK, font=font, anchor="rm")
    for j, name in enumerate(columns):
        centre = left + padding + j * cell + (cell - padding) // 2
        text = shorten(name, font=font, width=cell - 2)
        draw.text((centre, top // 2 + 1), text, fill=_INK, font=font, anchor="mm")
    return canvas


def shorten(
    name: str, *, font: "ImageFont.FreeTypeFont | ImageFont.ImageFont | None" = None, width: int = 0
) -> str:
    """Return a name on one line, cut to 24 characters and, with a font, to a width in pixels."""
    text = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 3] + "..."
    while font is not None and len(text) > 1 and font.getlength(text) > width:
        text = text[:-1]
    return text


def write_labelled_grid(
    images: UInt8[Tensor, "n c h w"],
    path: Path,
    *,
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    per_row: int | None = None,
    scale: int | None = None,
    padding: int = 2,
) -> None:
    """Write `labelled_grid(...)` as PNG; the file is complete or absent, whatever happens."""
    image = labelled_grid(
        images, rows=rows, columns=columns, per_row=per_row, scale=scale, padding=padding
    )
    write_bytes(path, png(image))


def write_class_grid(
    images: UInt8[Tensor, "n c h w"], names: Sequence[str], path: Path, *, columns: int
) -> None:
    """Write conditional samples: `columns` of each class in a row, the class's name on its left.

    `images` are class by class: `len(names) * columns` of them, else ValueError.
    """
    if len(images) != len(names) * columns:
        raise ValueError(f"{len(names)} classes of {columns} are not {len(images)} images")
    write_labelled_grid(images, path, rows=names, per_row=columns)
