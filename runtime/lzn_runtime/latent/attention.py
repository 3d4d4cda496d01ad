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

    columns: Float[Tensor, "q n"]  # the anchors, transposed: all products run faster on it
    log_weights: Float[Tensor, " n"] | None  # None: all equal
    own_anchors: Float[Tensor, "b q"]
    own_index: Int[Tensor, " b"]  # the column that each point's reference takes
    half_sq_dist: Float[Tensor, "b n"]  # |a_k - a_i|^2 / 2


class Scratch(NamedTuple):
    """Memory that one evaluation after another writes to: fresh pages cost as much as products."""

    posterior: Float[Tensor, "b n"]
    rows: Float[Tensor, "b q"]


class BackwardScratch(NamedTuple):
    """The same for the backward; the first half of each pair belongs to P, the second to S."""

    strips: Float[Tensor, "2b n"]
    pairs: Float[Tensor, "2b q"]  # [g; rho u]
    rows: Float[Tensor, "b q"]
    pull: Float[Tensor, "b q"]


class Gradients(NamedTuple):
    """Gradients that evaluations add to, in place."""

    noise: Float[Tensor, "b q"]
    own_anchors: Float[Tensor, "b q"]
    columns: Float[Tensor, "q n"]


def evaluate(
    block: Block,
    noise: Float[Tensor, "b q"],
    rho: Float[Tensor, "b 1"],
    scratch: Scratch,
    *,
    drift: Float[Tensor, "b q"] | None,
    neg_log_prob: Float[Tensor, " b"] | None,
) -> None:
    """Write f = abar - a_k to `drift` and -log P_k to `neg_log_prob`, where they are given.

    -log P_k is good to its last digits whether P_k is near 0 or near 1.
    """
    own_logit = _logits(block, noise, rho, scratch)
    posterior = scratch.posterior
    top = None if neg_log_prob is None else posterior.amax(-1)
    torch.softmax(posterior, -1, out=posterior)
    peak = None if neg_log_prob is None else posterior.amax(-1)
    posterior.scatter_(1, block.own_index[:, None], 0.0)
    mass = posterior.sum(-1, keepdim=True)
    if neg_log_prob is not None and top is not None and peak is not None:
        near_one = -torch.log1p(-mass[:, 0])
        neg_log_prob.copy_(torch.where(mass[:, 0] < 0.5, near_one, top - own_logit - peak.log()))
    if drift is not None:
        torch.mm(posterior, block.columns.T, out=drift)  # (b, n) @ (n, q) -> (b, q)
        drift.addcmul_(mass, block.own_anchors, value=-1)


def evaluate_backward(
    block: Block,
    noise: Float[Tensor, "b q"],
    rho: Float[Tensor, "b 1"],
    drift: Float[Tensor, "b q"] | None,
    grad_neg_log_prob: Float[Tensor, "b 1"] | None,
    scratch: BackwardScratch,
    *,
    into: Gradients,
) -> None:
    """Add what one evaluation contributes to the gradients. The gradient g of f is pairs[:b].

    With y_i = <g, a_i - a_k>, gamma the gradient of -log P_k and S_i = P_i (y_i - <g, f> + gamma):
    grad e = rho sum_i S_i (a_i - a_k),  grad a_i = P_i g + S_i (rho e + rho^2 (a_k - a_i)).
    `drift` is f, or None where g is zero.
    """
    size = noise.shape[0]
    posterior, score = scratch.strips[:size], scratch.strips[size:]
    grad_drift, position = scratch.pairs[:size], scratch.pairs[size:]
    _logits(block, noise, rho, Scratch(posterior, scratch.rows))
    torch.softmax(posterior, -1, out=posterior)
    posterior.scatter_(1, block.own_index[:, None], 0.0)
    mass = posterior.sum(-1, keepdim=True)

    if drift is None:
        score.zero_()
    else:
        torch.add(block.own_anchors, drift, out=scratch.rows).mul_(grad_drift)
        torch.mm(grad_drift, block.columns, out=score)  # (b, q) @ (q, n) -> (b, n)
        score -= scratch.rows.sum(-1, keepdim=True)  # now y_i - <g, f>
    if grad_neg_log_prob is not None:
        score += grad_neg_log_prob
    score.mul_(posterior)  # now S
    total = score.sum(-1, keepdim=True)  # (b, 1)

    torch.mm(score, block.columns.T, out=scratch.pull)  # (b, n) @ (n, q) -> (b, q)
    pull = scratch.pull.addcmul_(total, block.own_anchors, value=-1).mul_(rho)
    into.noise.add_(pull)
    into.own_anchors.addcmul_(pull, rho)
    into.own_anchors.addcmul_(noise, rho * total, value=-1)
    into.own_anchors.addcmul_(grad_drift, mass, value=-1)
    torch.mul(block.own_anchors, rho, out=position).add_(noise).mul_(rho)
    into.columns.addmm_(scratch.pairs.T, scratch.strips)  # (q, 2b) @ (2b, n) -> (q, n)
    weight = (rho * rho).T @ score  # (1, b) @ (b, n) -> (1, n)
    into.columns.addcmul_(weight, block.columns, value=-1)


def _logits(
    block: Block, noise: Float[Tensor, "b q"], rho: Float[Tensor, "b 1"], scratch: Scratch
) -> Float[Tensor, " b"]:
    """Fill the scratch with l_i + rho <e, a_k>; return the reference's own, l_k + rho <e, a_k>."""
    scaled, strip = scratch.rows, scratch.posterior
    torch.mul(noise, rho, out=scaled)
    torch.mul(block.half_sq_dist, -(rho * rho), out=strip)
    strip.addmm_(scaled, block.columns)  # (b, q) @ (q, n) -> (b, n)
    own_logit = scaled.mul_(block.own_anchors).sum(-1)
    if block.log_weights is not None:
        strip += block.log_weights
        own_logit += block.log_weights[block.own_index]
    strip.scatter_(1, block.own_index[:, None], own_logit[:, None])
    return own_logit
