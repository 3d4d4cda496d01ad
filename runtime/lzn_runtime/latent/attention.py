"""One evaluation of the latent flow, as attention over anchors, and its backward.

    e = u - rho a_k                                     own noise of a point whose reference is k
    l_i = log w_i - rho^2 |a_k - a_i|^2 / 2 + rho <e, a_i - a_k>      (l_k = log w_k)
    P = softmax(l),   f = abar - a_k = sum_{i != k} P_i (a_i - a_k),   -log P_k = lse(l) - l_k

The reference's own term is left out of f, so f is exactly zero where P is one-hot on k. Nothing of
size (m, n, q) is formed and P is never kept: the backward computes it again.

Dimensions: b points of a block, n anchors, q latent size. Source: docs/latent.md, equation (N).
"""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor


class Block(NamedTuple):
    """A block of points and what they need to know of the anchors; constant along the flow."""

    anchors: Float[Tensor, "n q"]
    log_weights: Float[Tensor, " n"] | None  # None: all equal
    own_anchors: Float[Tensor, "b q"]
    own_index: Int[Tensor, " b"]  # the column of `anchors` that each point's reference takes
    half_sq_dist: Float[Tensor, "b n"]  # |a_k - a_i|^2 / 2


class Evaluation(NamedTuple):
    """The flow at one value of rho."""

    drift: Float[Tensor, "b q"]  # f
    neg_log_prob: Float[Tensor, " b"] | None  # -log P_k


class Gradients(NamedTuple):
    """What one evaluation adds to the gradients of a block."""

    noise: Float[Tensor, "b q"]
    own_anchors: Float[Tensor, "b q"]


def evaluate(
    block: Block,
    noise: Float[Tensor, "b q"],
    rho: Float[Tensor, "#b 1"],
    *,
    strip: Float[Tensor, "b n"],
    log_prob: bool,
) -> Evaluation:
    """Return the drift f = abar - a_k, and -log P_k if asked for. `strip` is scratch."""
    mass, neg_log_prob = _posterior(block, noise, rho, strip=strip, log_prob=log_prob)
    drift = strip @ block.anchors  # (b, n) @ (n, q) -> (b, q)
    drift.addcmul_(mass, block.own_anchors, value=-1)
    return Evaluation(drift, neg_log_prob)


def evaluate_backward(
    block: Block,
    noise: Float[Tensor, "b q"],
    rho: Float[Tensor, "#b 1"],
    grad_drift: Float[Tensor, "b q"],
    grad_neg_log_prob: Float[Tensor, " b"] | None,
    *,
    strips: Float[Tensor, "2b n"],
    grad_anchors: Float[Tensor, "n q"],
) -> Gradients:
    """Add the gradient of the anchors to `grad_anchors` in place; return those of the points.

    With y_i = <g, a_i - a_k>, gamma the gradient of -log P_k and S_i = P_i (y_i - <g, f> + gamma):
    grad e = rho sum_i S_i (a_i - a_k), grad a_i = P_i g + S_i (rho e + rho^2 (a_k - a_i)).
    """
    rows = noise.shape[0]
    posterior, score = strips[:rows], strips[rows:]
    mass, _ = _posterior(block, noise, rho, strip=posterior, log_prob=False)
    torch.mm(grad_drift, block.anchors.T, out=score)  # (b, q) @ (q, n) -> (b, n)
    own_score = (grad_drift * block.own_anchors).sum(-1, keepdim=True)  # (b, 1)
    score.mul_(posterior)
    offset = (mass - 1) * own_score - score.sum(-1, keepdim=True)  # -y_k - sum_i P_i (y_i - y_k)
    if grad_neg_log_prob is not None:
        offset += grad_neg_log_prob[:, None]
    score.addcmul_(posterior, offset)  # now S, (b, n)
    score_mass = score.sum(-1, keepdim=True)  # (b, 1)

    pull = score @ block.anchors  # (b, n) @ (n, q) -> (b, q)
    pull.addcmul_(score_mass, block.own_anchors, value=-1).mul_(rho)
    position = rho * (noise + rho * block.own_anchors)  # rho u
    grad_anchors.addmm_(strips.T, torch.cat([grad_drift, position]))  # (n, 2b) @ (2b, q)
    column_mass = (rho * rho).expand(rows, 1).T @ score  # (1, b) @ (b, n) -> (1, n)
    grad_anchors.addcmul_(column_mass.T, block.anchors, value=-1)
    grad_own = rho * (pull - score_mass * noise) - mass * grad_drift
    return Gradients(pull, grad_own)


def _posterior(
    block: Block,
    noise: Float[Tensor, "b q"],
    rho: Float[Tensor, "#b 1"],
    *,
    strip: Float[Tensor, "b n"],
    log_prob: bool,
) -> tuple[Float[Tensor, "b 1"], Float[Tensor, " b"] | None]:
    """Fill `strip` with P of all anchors but the reference; return their sum and -log P_k."""
    scaled = rho * noise
    own_logit = (scaled * block.own_anchors).sum(-1)
    torch.mul(block.half_sq_dist, -(rho * rho), out=strip)
    strip.addmm_(scaled, block.anchors.T)  # (b, q) @ (q, n) -> (b, n)
    if block.log_weights is not None:
        strip += block.log_weights
        own_logit += block.log_weights[block.own_index]
    own = block.own_index[:, None]
    strip.scatter_(1, own, own_logit[:, None])
    neg_log_prob = None
    if log_prob:
        top = strip.amax(-1, keepdim=True)
        neg_log_prob = (strip - top).exp_().sum(-1).log_() + (top[:, 0] - own_logit)
    torch.softmax(strip, -1, out=strip)
    strip.scatter_(1, own, 0.0)
    return strip.sum(-1, keepdim=True), neg_log_prob
