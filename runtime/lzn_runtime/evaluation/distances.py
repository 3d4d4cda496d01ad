"""Squared distances between many features, a tile at a time: memory does not grow with them.

In float64: a product of matrices loses the distance of near rows to rounding, in float32 soon.

Dimensions: n and m rows, f features, r and c rows of a tile.
"""

from collections.abc import Iterator
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

TILE = 4096
"""Rows and columns of a tile: 128 MiB."""
_ROUNDING = 1e-12
"""Squared distances below this share of the squared lengths are those of equal rows."""


class Tile(NamedTuple):
    """Squared distances of the rows from `row` to the columns from `column`."""

    row: int
    column: int
    squared: Float[Tensor, "r c"]

    @property
    def rows(self) -> slice:
        """The rows of the tile."""
        return slice(self.row, self.row + self.squared.shape[0])

    @property
    def columns(self) -> slice:
        """The columns of the tile."""
        return slice(self.column, self.column + self.squared.shape[1])


def distance_tiles(
    x: Float[Tensor, "n f"],
    y: Float[Tensor, "m f"],
    *,
    device: torch.device,
    size: int = TILE,
) -> Iterator[Tile]:
    """Yield all squared distances between rows of x and of y, row by row of tiles, on a device.

    A distance so small that rounding made it, as of equal rows, is exactly 0.
    """
    centre = y.mean(0, dtype=torch.float64).to(device)
    for row in range(0, len(x), size):
        left = x[row : row + size].to(device).double() - centre
        for column in range(0, len(y), size):
            right = y[column : column + size].to(device).double() - centre
            lengths = left.square().sum(1)[:, None] + right.square().sum(1)
            squared = torch.addmm(lengths, left, right.T, alpha=-2)  # (r, f) @ (f, c)
            squared[squared <= _ROUNDING * lengths] = 0
            yield Tile(row, column, squared)
