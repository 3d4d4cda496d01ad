"""The latent flow as the paper defines it: slow, in float64, on uniform t. t = 0 is the latent.

    V(s, t) = (abar(s, t) - s) / (1 - t)
    abar = sum_i P_i a_i,  P = softmax_i( log w_i - |s - t a_i|^2 / (2 (1 - t)^2) )

Dimensions: m points, n anchors, q latent size.
"""

from itertools import pairwise

import torch
from torch import Tensor


def log_posterior(s: Tensor, anchors: Tensor, t: float, weights: Tensor | None = None) -> Tensor:
    """log P(a_i | s, t), (m, n), from an (m, n, q) tensor of differences."""
    sq_dist = (s[:, None] - t * anchors[None]).square().sum(-1)
    logits = -sq_dist / (2 * (1 - t) ** 2)
    if weights is not None:
        logits = logits + weights.log()
    return logits.log_softmax(-1)


def posterior(s: Tensor, anchors: Tensor, t: float, weights: Tensor | None = None) -> Tensor:
    """P(a_i | s, t), (m, n)."""
    return log_posterior(s, anchors, t, weights).exp()


def velocity(s: Tensor, anchors: Tensor, t: float, weights: Tensor | None = None) -> Tensor:
    """V(s, t), (m, q)."""
    return (posterior(s, anchors, t, weights) @ anchors - s) / (1 - t)


def euler(
    s: Tensor, anchors: Tensor, grid: list[float], weights: Tensor | None = None
) -> list[Tensor]:
    """Points at every t of the grid, by Euler's method."""
    points = [s]
    for t, t_next in pairwise(grid):
        points.append(points[-1] + (t_next - t) * velocity(points[-1], anchors, t, weights))
    return points


def runge_kutta(
    s: Tensor, anchors: Tensor, grid: list[float], weights: Tensor | None = None
) -> Tensor:
    """The point at the last t of the grid, by the classical fourth-order method."""
    for t, t_next in pairwise(grid):
        h, middle = t_next - t, (t + t_next) / 2
        k_1 = velocity(s, anchors, t, weights)
        k_2 = velocity(s + h / 2 * k_1, anchors, middle, weights)
        k_3 = velocity(s + h / 2 * k_2, anchors, middle, weights)
        k_4 = velocity(s + h * k_3, anchors, t_next, weights)
        s = s + h / 6 * (k_1 + 2 * k_2 + 2 * k_3 + k_4)
    return s


def latents(
    anchors: Tensor,
    noise: Tensor,
    *,
    pool: Tensor | None = None,
    weights: Tensor | None = None,
    gap: float = 1e-2,
    steps: int = 400,
) -> Tensor:
    """C(X): from (1 - gap) a + gap e at t = 1 - gap to t = 0, in float64."""
    start = (1 - gap) * anchors.double() + gap * noise.double()
    grid = torch.linspace(1 - gap, 0, steps + 1, dtype=torch.float64).tolist()
    rows = anchors if pool is None else pool
    return runge_kutta(start, rows.double(), grid, weights)
