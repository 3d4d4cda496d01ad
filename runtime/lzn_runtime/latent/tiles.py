"""Padding to sizes at which a matrix product gives a row the same digits wherever it lies.

A product's kernel treats the last rows and columns of odd sizes in another order. At multiples of
16 in all sizes every row of a product is computed alike, so that with blocks of one shape a point's
result has the same digits alone and in any batch (measured on CPU, and a test says so).

Dimensions: m points, n anchors, q latent size; M, N, Q the same rounded up.
"""

import torch
from jaxtyping import Float
from torch import Tensor

# Points of a block.
ROWS = 64
_TILE = 16


def pad_points(points: Float[Tensor, "m q"]) -> Float[Tensor, "M Q"]:
    """Repeat the last point up to whole blocks, and add columns of zeros."""
    wide = pad_columns(points)
    missing = -wide.shape[0] % ROWS
    return torch.cat([wide, wide[-1:].expand(missing, -1)]) if missing else wide


def pad_columns(points: Float[Tensor, "m q"]) -> Float[Tensor, "m Q"]:
    """Add columns of zeros: the flow stays at zero there."""
    missing = -points.shape[1] % _TILE
    return torch.nn.functional.pad(points, (0, missing)) if missing else points


def pad_anchors(
    anchors: Float[Tensor, "n q"], log_weights: Float[Tensor, " n"] | None, *, free: int = 0
) -> tuple[Float[Tensor, "N Q"], Float[Tensor, " N"] | None]:
    """Add anchors of weight zero, and at row n as many of weight one as `free` says.

    They lie in the middle of the others. Weights that stay all equal are None.
    """
    wide = pad_columns(anchors)
    count = wide.shape[0]
    missing = free + (-(count + free)) % _TILE
    if missing == 0:
        return wide, log_weights
    middle = wide.detach().mean(0, keepdim=True).expand(missing, -1)
    if log_weights is None:
        log_weights = anchors.new_zeros(count)
    added = anchors.new_full((missing,), -torch.inf)
    added[:free] = 0.0
    return torch.cat([wide, middle]), torch.cat([log_weights, added])
