"""Classes by the vote of the nearest neighbours, by the cosine of their features.

A weighted vote counts exp(cosine / temperature), a majority vote 1; a tie of votes goes to the
class whose neighbours are nearer. Source: Wu et al., arXiv:1805.01978, section 3.4.

Dimensions: n samples, m samples of known class, f features, k neighbours, c classes.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from lzn_runtime.evaluation.distances import TILE


class Neighbours(NamedTuple):
    """The nearest rows of others, nearest first, and their cosines; on the CPU."""

    rows: Int[Tensor, "n k"]
    cosines: Float[Tensor, "n k"]


def nearest(
    samples: Float[Tensor, "n f"],
    others: Float[Tensor, "m f"],
    *,
    k: int,
    device: torch.device,
    size: int = TILE,
) -> Neighbours:
    """Return the k nearest of the others for each sample; k is m at most."""
    found = []
    for block in torch.split(samples, size):
        left = functional.normalize(block.to(device).float())
        cosines = torch.empty(len(left), 0, device=device)
        rows = torch.empty(len(left), 0, dtype=torch.int64, device=device)
        for first in range(0, len(others), size):
            right = functional.normalize(others[first : first + size].to(device).float())
            numbers = torch.arange(first, first + len(right), device=device)
            cosines = torch.cat([cosines, left @ right.T], 1)  # (b, f) @ (f, m)
            rows = torch.cat([rows, numbers.expand(len(left), -1)], 1)
            cosines, places = cosines.topk(min(k, cosines.shape[1]))
            rows = rows.gather(1, places)
        found.append((rows.cpu(), cosines.cpu()))
    return Neighbours(*(torch.cat(parts) for parts in zip(*found, strict=True)))


def votes(
    neighbours: Neighbours,
    labels: Int[Tensor, " m"],
    *,
    num_classes: int,
    temperature: float | None,
) -> Float[Tensor, "n c"]:
    """Return the votes for each class; a majority vote where there is no temperature."""
    cosines = neighbours.cosines.double()
    if temperature is None:
        weights = 1 + 1e-6 * cosines  # too little to outweigh a vote
    else:
        weights = ((cosines - cosines[:, :1]) / temperature).exp()
    empty = torch.zeros(len(cosines), num_classes, dtype=torch.float64)
    return empty.scatter_add_(1, labels[neighbours.rows].long(), weights)
