"""Maximum mean discrepancy of two sets of features under a Gaussian kernel.

    MMD^2 = mean k(x, x') + mean k(y, y') - 2 mean k(x, y),   k(a, b) = exp(-|a - b|^2 / 2 sigma^2)

Means are over all pairs, those of a sample with itself included: the estimator of least variance,
0 or more, as CMMD's code has it. Sources: Gretton et al. 2012, equation 5; arXiv:2401.09603.

Dimensions: n and m samples, f features.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from lzn_runtime.evaluation.distances import TILE, distance_tiles


def squared_discrepancy(
    x: Float[Tensor, "n f"],
    y: Float[Tensor, "m f"],
    *,
    sigma: float,
    device: torch.device,
    size: int = TILE,
) -> float:
    """Return the squared discrepancy."""
    means = [
        _mean_kernel(left, right, sigma=sigma, device=device, size=size)
        for left, right in ((x, x), (y, y), (x, y))
    ]
    return max(means[0] + means[1] - 2 * means[2], 0.0)


def _mean_kernel(
    x: Float[Tensor, "n f"],
    y: Float[Tensor, "m f"],
    *,
    sigma: float,
    device: torch.device,
    size: int,
) -> float:
    """Return the mean of the kernel, less 1: under a wide kernel all values are near 1."""
    total = torch.zeros((), dtype=torch.float64, device=device)
    for tile in distance_tiles(x, y, device=device, size=size):
        total += tile.squared.div_(-2 * sigma**2).expm1_().sum()
    return float(total) / (len(x) * len(y))
