"""Squared distances between anchors, accurate however close the anchors are.

|a|^2 + |b|^2 - 2 <a, b> loses everything in float32 once anchors are some 1e-3 of their norm apart,
so float32 is taken through float64 products, and float64 through differences.

Dimensions: b points, n anchors, q latent size.
"""

import torch
from jaxtyping import Float
from torch import Tensor


def half_sq_distances(
    points: Float[Tensor, "b q"], anchors: Float[Tensor, "n q"]
) -> Float[Tensor, "b n"]:
    """Return |p - a|^2 / 2, at least zero. Both should be centred where they are float32."""
    if points.dtype == torch.float64:
        exact = "donot_use_mm_for_euclid_dist"
        return torch.cdist(points, anchors, compute_mode=exact).square_().mul_(0.5)
    left, right = points.double(), anchors.double()
    half = torch.addmm(_half_sq_norms(right), left, right.T, alpha=-1)  # (b, q) @ (q, n) -> (b, n)
    half += _half_sq_norms(left)[:, None]
    return half.clamp_(min=0).to(points.dtype)


def _half_sq_norms(points: Float[Tensor, "b q"]) -> Float[Tensor, " b"]:
    return points.square().sum(-1).mul_(0.5)
