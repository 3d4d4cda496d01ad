"""Pictures of a plane of the latent space: its zones, and what is drawn from its points.

Both are round, of the same radius in standard deviations of the prior, and transparent outside, so
that they lie on any ground.

Dimensions: g pixels a side, p tiles, q latent size, c classes, h height, w width.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int, UInt8
from PIL import Image
from torch import Tensor
from torch.nn import functional

from lzn_runtime.report.charts.palette import rgb

RADIUS = 3.0
"""Radius of the pictures; 98.9 % of a plane's prior lies inside."""
_EVALUATED = 20_000_000
"""Pixels times classes times latent size that are evaluated, at most (but 60 pixels a side)."""
_SIDE = 480

Classify = Callable[[Float[Tensor, "p q"]], Float[Tensor, "p c"]]
"""Returns the log-probability of each class at the end of the flow of each latent."""


class Zones(NamedTuple):
    """A painted plane, and where the name of each class that it shows may stand."""

    image: Image.Image
    places: dict[int, tuple[float, float]]


def paint_zones(plane: Float[Tensor, "2 q"], classify: Classify, colours: Sequence[str]) -> Zones:
    """Return the plane's zones, each in its class's colour, paler where the prior is thin."""
    work = len(colours) * plane.shape[1]
    side = min(_SIDE // 4, max(60, math.isqrt(_EVALUATED // max(work, 1))))
    points = _pixels(side).to(plane)  # (g g, 2)
    latents = points @ plane  # (g g, 2) @ (2, q) -> (g g, q)
    labels = torch.cat([classify(part).argmax(1).cpu() for part in torch.split(latents, 2048)])
    places = _places(points.cpu().double(), labels, count=len(colours))
    fine = _refine(labels.view(side, side), count=len(colours))
    table = np.array([rgb(colour) for colour in colours], dtype=np.uint8)
    radius = _pixels(2 * _SIDE).norm(dim=1).reshape(2 * _SIDE, 2 * _SIDE).numpy()
    pixels = np.zeros((2 * _SIDE, 2 * _SIDE, 4), dtype=np.uint8)
    pixels[:, :, :3] = table[fine.numpy()]
    density = np.exp(-(radius**2) / 6)
    pixels[:, :, 3] = np.where(radius <= RADIUS, 255 * (0.14 + 0.66 * density), 0)
    image = Image.fromarray(pixels).resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    return Zones(image, places)


def _refine(labels: Int[Tensor, "g g"], *, count: int) -> Int[Tensor, "side side"]:
    """Return the labels in twice the size of the picture, with smooth edges between them."""
    shares = functional.one_hot(labels, count).permute(2, 0, 1).float()[None]
    # The average over neighbours rounds the steps of pixels off before they are enlarged.
    soft = functional.avg_pool2d(shares, 3, stride=1, padding=1, count_include_pad=False)
    return functional.interpolate(soft, size=(2 * _SIDE, 2 * _SIDE), mode="bicubic").argmax(1)[0]


def _places(
    points: Float[Tensor, "p 2"], labels: Int[Tensor, " p"], *, count: int
) -> dict[int, tuple[float, float]]:
    """Return the middle of each class's zone near the rim, or of all of it if it does not reach."""
    radius = points.norm(dim=1)
    rim = (radius > 0.72 * RADIUS) & (radius <= 0.94 * RADIUS)
    found: dict[int, tuple[float, float]] = {}
    for label in range(count):
        inside = (labels == label) & (radius <= RADIUS)
        if not bool(inside.any()):
            continue
        part = inside & rim if bool((inside & rim).any()) else inside
        middle = points[part].mean(0)
        nearest = points[part][(points[part] - middle).norm(dim=1).argmin()]
        found[label] = (float(nearest[0]), float(nearest[1]))
    return found


def _pixels(side: int) -> Float[Tensor, "p 2"]:
    """Return the middle of each pixel, row by row from the top left, the second axis up."""
    middle = (torch.arange(side, dtype=torch.float64) + 0.5) / side * 2 - 1
    across, down = torch.meshgrid(middle, middle, indexing="xy")
    return RADIUS * torch.stack([across.flatten(), -down.flatten()], dim=1)


def tile_points(tiles: int) -> Float[Tensor, "p 2"]:
    """Return the middles of those of tiles by tiles cells that lie inside the disc."""
    points = _pixels(tiles)
    return points[points.norm(dim=1) <= RADIUS * (1 - 0.35 / tiles)]


def lay_tiles(
    images: UInt8[Tensor, "p channels h w"],
    points: Float[Tensor, "p 2"],
    colours: Sequence[str] | None,
    *,
    tiles: int,
) -> Image.Image:
    """Return pictures at their points of the plane.

    Grey pictures are set in ink of a colour each (`colours`, one for each picture), their ground
    left transparent; others stay as they are.
    """
    height, width = images.shape[2:]
    canvas = np.zeros((tiles * height, tiles * width, 4), dtype=np.uint8)
    cells = images.permute(0, 2, 3, 1).numpy()
    inverted = _bright_ground(cells)
    for i, cell in enumerate(cells):
        column = int((points[i, 0] / RADIUS + 1) / 2 * tiles)
        row = int((1 - points[i, 1] / RADIUS) / 2 * tiles)
        here = canvas[row * height : (row + 1) * height, column * width : (column + 1) * width]
        if colours is None or cell.shape[2] == 3:
            here[:, :, :3], here[:, :, 3] = cell, 255
        else:
            here[:, :, :3] = rgb(colours[i])
            here[:, :, 3] = 255 - cell[:, :, 0] if inverted else cell[:, :, 0]
    scale = max(1, 520 // canvas.shape[1])
    image = Image.fromarray(canvas)
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)


def _bright_ground(cells: UInt8[np.ndarray, "p h w channels"]) -> bool:
    """Whether most of the pictures' border is bright."""
    border = np.concatenate(
        [cells[:, 0].ravel(), cells[:, -1].ravel(), cells[:, :, 0].ravel(), cells[:, :, -1].ravel()]
    )
    return bool(np.median(border) > 127)
