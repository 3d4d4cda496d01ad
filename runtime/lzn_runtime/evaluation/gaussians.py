"""Frechet distance between two Gaussians that are fitted to features.

    d = |m1 - m2|^2 + tr(C1) + tr(C2) - 2 tr((C1^(1/2) C2 C1^(1/2))^(1/2))

The trace of the root is that of the usual (C1 C2)^(1/2), but the matrix is symmetric, so that an
eigendecomposition takes its root in real numbers whatever the rank; fewer samples than features
give covariances that are singular. In float64. Sources: Dowson and Landau 1982; FID,
arXiv:1706.08500, section 2.

Dimensions: n samples, f features.
"""

from collections.abc import Iterable
from functools import reduce
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

_BLOCK = 4096


class Gaussian(NamedTuple):
    """Mean and covariance (unbiased) in float64."""

    mean: Float[Tensor, " f"]
    covariance: Float[Tensor, "f f"]


def fit_gaussian(features: Float[Tensor, "n f"], *, device: torch.device | None = None) -> Gaussian:
    """Return mean and covariance of features, on a device: by default theirs.

    The features are taken a few thousand at a time, so that they are never there in float64.
    Raises ValueError for fewer than two samples.
    """
    if features.ndim != 2 or len(features) < 2:
        raise ValueError(f"features must be (2 or more, f), got {tuple(features.shape)}")
    blocks = torch.split(features, _BLOCK)
    where = features.device if device is None else device
    mean = _sum(block.to(where).double().sum(0) for block in blocks) / len(features)
    centred = (block.to(where).double() - mean for block in blocks)
    scatter = _sum(rows.T @ rows for rows in centred)  # (f, n) @ (n, f) -> (f, f)
    return Gaussian(mean, scatter / (len(features) - 1))


def frechet_distance(first: Gaussian, second: Gaussian, *, ridge: float = 0.0) -> float:
    """Return the Frechet distance, 0 or more.

    `ridge`, 0 or more, is added to the diagonal of both covariances, which keeps directions
    without variance from counting as noise; it does not change the distance of equal Gaussians.
    """
    if ridge < 0:
        raise ValueError(f"ridge must be 0 or more, got {ridge}")
    eye = torch.eye(len(first.mean), dtype=torch.float64, device=first.mean.device)
    left, right = first.covariance + ridge * eye, second.covariance + ridge * eye
    values, vectors = torch.linalg.eigh(left)
    root = (vectors * values.clamp(min=0).sqrt()) @ vectors.T  # C1^(1/2), (f, f)
    product = root @ right @ root
    cross = torch.linalg.eigvalsh((product + product.T) / 2).clamp(min=0).sqrt().sum()
    shift = (first.mean - second.mean).square().sum()
    return max(float(shift + left.trace() + right.trace() - 2 * cross), 0.0)


def _sum(parts: Iterable[Tensor]) -> Tensor:
    return reduce(torch.Tensor.add_, parts)
