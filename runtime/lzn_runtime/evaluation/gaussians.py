"""Frechet distance between two Gaussians that are fitted to features.

    d = |m1 - m2|^2 + tr(C1) + tr(C2) - 2 tr((C1^(1/2) C2 C1^(1/2))^(1/2))

The trace of the root is that of the usual (C1 C2)^(1/2), but the matrix is symmetric, so that an
eigendecomposition takes its root in real numbers whatever the rank; fewer samples than features
give covariances that are singular. In float64. Sources: Dowson and Landau 1982; FID,
arXiv:1706.08500, section 2.

Dimensions: n samples, f features.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor


class Gaussian(NamedTuple):
    """Mean and covariance (unbiased) in float64."""

    mean: Float[Tensor, " f"]
    covariance: Float[Tensor, "f f"]


def fit_gaussian(features: Float[Tensor, "n f"]) -> Gaussian:
    """Return mean and covariance of features. Raises ValueError for fewer than two samples."""
    if features.ndim != 2 or len(features) < 2:
        raise ValueError(f"features must be (2 or more, f), got {tuple(features.shape)}")
    values = features.double()
    mean = values.mean(0)
    centred = values - mean
    return Gaussian(mean, centred.T @ centred / (len(values) - 1))  # (f, n) @ (n, f) -> (f, f)


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
