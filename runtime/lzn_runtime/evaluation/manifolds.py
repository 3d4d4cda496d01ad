"""Precision and recall of samples, by balls around each sample that reach to its k-th neighbour.

    precision = share of drawn samples that lie in the ball of a real one
    recall    = share of real samples that lie in the ball of a drawn one

A ball's radius is the distance to the k-th nearest other sample of the same kind; its rim belongs
to it. Source: Kynkaanniemi et al., arXiv:1904.06991, section 2.

Dimensions: n drawn and m real samples, f features.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from lzn_runtime.evaluation.distances import TILE, distance_tiles


class Overlap(NamedTuple):
    """How two sets of samples overlap; shares."""

    precision: float
    recall: float


def overlap(
    drawn: Float[Tensor, "n f"],
    real: Float[Tensor, "m f"],
    *,
    k: int,
    device: torch.device,
    size: int = TILE,
) -> Overlap:
    """Return precision and recall; ValueError unless there are more than k samples of each."""
    drawn_radii = squared_radii(drawn, k=k, device=device, size=size)
    real_radii = squared_radii(real, k=k, device=device, size=size)
    is_real = torch.zeros(len(drawn), dtype=torch.bool, device=device)
    is_drawn = torch.zeros(len(real), dtype=torch.bool, device=device)
    for tile in distance_tiles(drawn, real, device=device, size=size):
        is_real[tile.rows] |= (tile.squared <= real_radii[tile.columns]).any(1)
        is_drawn[tile.columns] |= (tile.squared <= drawn_radii[tile.rows, None]).any(0)
    return Overlap(float(is_real.double().mean()), float(is_drawn.double().mean()))


def squared_radii(
    samples: Float[Tensor, "n f"], *, k: int, device: torch.device, size: int = TILE
) -> Float[Tensor, " n"]:
    """Return the squared distance of each sample to its k-th nearest other one."""
    if len(samples) <= k:
        raise ValueError(f"there must be more than {k} samples, got {len(samples)}")
    radii = torch.empty(len(samples), dtype=torch.float64, device=device)
    nearest: Tensor | None = None
    for tile in distance_tiles(samples, samples, device=device, size=size):
        seen = tile.squared if nearest is None else torch.cat([nearest, tile.squared], 1)
        nearest = seen.topk(min(k + 1, seen.shape[1]), largest=False).values  # itself is one
        if tile.columns.stop == len(samples):
            radii[tile.rows] = nearest[:, k]
            nearest = None
    return radii
