"""Drawn shapes: pictures of one coloured shape, with the shape and the colour as two labels.

Each picture is a function of the seed and its number alone. Dimensions: n samples, s side, k points
a side of a pixel.
"""

import math
from collections.abc import Callable
from pathlib import Path

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from lzn_dsl.registry.builtin.datasets import COLORS, SHAPE_NAMES, ShapesSettings
from lzn_runtime.data.dataset import InMemoryDataset
from lzn_runtime.randomness import integers, key, uniform

_POINTS = 3  # a pixel is the mean of 3 by 3 points
_AT_ONCE = 1024
_FIRST = {"train": 0, "test": 2**40}  # numbers of the samples: no picture is in both splits

Coordinates = Float[Tensor, "n s s"]


def open_shapes(settings: ShapesSettings, folder: Path) -> InMemoryDataset:  # noqa: ARG001
    """Return the pictures: image uint8 (n, 3, size, size), shape and color int64 (n,)."""
    index = torch.arange(settings.samples) + _FIRST[settings.split]
    shape = integers(key(settings.seed, "shape"), index, 0, len(SHAPE_NAMES))
    color = integers(key(settings.seed, "color"), index, 0, len(COLORS))
    images = [_draw(index[p], shape[p], color[p], settings) for p in _parts(settings.samples)]
    return InMemoryDataset({"image": torch.cat(images), "shape": shape, "color": color})


def _draw(index: Tensor, shape: Tensor, color: Tensor, settings: ShapesSettings) -> Tensor:
    """Draw the samples of these numbers, shapes and colours: uint8 (n, 3, size, size)."""
    numbers = uniform(key(settings.seed, "place"), index, (5,), dtype=torch.float64)
    place, turn, light = numbers[:, :2], numbers[:, 2:3], numbers[:, 3:4]
    radius = 0.45 + 0.25 * numbers[:, 4:]  # in half sides of the picture
    center = (2 * place - 1) * (0.9 - radius)
    angle = 2 * math.pi * turn[:, :, None]
    side = settings.size * _POINTS
    line = (torch.arange(side, dtype=torch.float64) + 0.5) * 2 / side - 1
    y, x = (line[:, None] - center[:, 1, None, None], line - center[:, 0, None, None])
    across = (angle.cos() * x + angle.sin() * y) / radius[:, :, None]  # (n, 3 s, 3 s)
    down = (angle.cos() * y - angle.sin() * x) / radius[:, :, None]
    inside = torch.zeros(len(index), side, side, dtype=torch.bool)
    for number, covers in enumerate(_COVERS):
        chosen = shape == number
        inside[chosen] = covers(across[chosen], down[chosen])
    cover = inside.double().view(-1, settings.size, _POINTS, settings.size, _POINTS).mean((2, 4))
    tint = torch.tensor(list(COLORS.values()), dtype=torch.float64)[color] * (0.7 + 0.3 * light)
    images: Tensor = cover[:, None] * tint[:, :, None, None]
    return images.round().to(torch.uint8)


def _parts(count: int) -> list[slice]:
    return [slice(start, start + _AT_ONCE) for start in range(0, count, _AT_ONCE)]


def _disc(x: Coordinates, y: Coordinates) -> Bool[Tensor, "n s s"]:
    return x.square() + y.square() < 0.8


def _square(x: Coordinates, y: Coordinates) -> Bool[Tensor, "n s s"]:
    return torch.maximum(x.abs(), y.abs()) < 0.75


def _triangle(x: Coordinates, y: Coordinates) -> Bool[Tensor, "n s s"]:
    return (y < 0.5) & (math.sqrt(3) * x.abs() - y < 1)


def _cross(x: Coordinates, y: Coordinates) -> Bool[Tensor, "n s s"]:
    near, far = torch.minimum(x.abs(), y.abs()), torch.maximum(x.abs(), y.abs())
    return (near < 0.3) & (far < 1)


_COVERS: tuple[Callable[[Coordinates, Coordinates], Bool[Tensor, "n s s"]], ...]
_COVERS = (_disc, _square, _triangle, _cross)  # in the order of SHAPE_NAMES
