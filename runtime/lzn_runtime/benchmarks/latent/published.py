"""Latents by the flow as the paper states it, the baseline: a tensor of differences at each step.

    V(s, t) = (abar - s) / (1 - t),  abar = sum_i P_i a_i,
    P = softmax_i( -|s - t a_i|^2 / (2 (1 - t)^2) )             t = 0: latent, t = 1: anchor

Dimensions: m = n points and anchors, q latent size. Source: arXiv:2509.15591, section 2.2.1.
"""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.utils.checkpoint import checkpoint


def published_latents(
    anchors: Float[Tensor, "n q"], noise: Float[Tensor, "n q"], *, steps: int, gap: float = 1e-4
) -> Float[Tensor, "n q"]:
    """Return the latents by Euler's method on uniform t; steps are recomputed in the backward."""
    s, h = (1 - gap) * anchors + gap * noise, (1 - gap) / steps
    for k in range(steps):
        s = checkpoint(_step, s, anchors, 1 - gap - k * h, h, use_reentrant=False)
    return s


def _step(s: Tensor, anchors: Tensor, t: float, h: float) -> Tensor:
    own_noise = (s[:, None] - t * anchors[None]) / (1 - t)  # (m, n, q)
    weight = torch.softmax(-own_noise.square().sum(-1) / 2, dim=-1)  # (m, n)
    velocity = (weight[..., None] * (anchors[None] - own_noise)).sum(1)  # (m, q)
    return s - h * velocity
