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

    columns: Float[Tensor, "q n"]  # the anchors, transposed: logits come faster from it
    log_weights: Float[Tensor, " n"] | None  # None: all equal
    own_anchors: Float[Tensor, "b q"]
    own_index: Int[Tensor, " b"]  # the column that each point's reference takes
    half_sq_dist: Float[Tensor, "b n"]  # |a_k - a_i|^2 / 2


class Scratch(NamedTuple):
    """Memory that one evaluation after another writes to: fresh pages cost as much as products."""

    posterior: Float[Tensor, "b n"]
    rows: Float[Tensor, "b q"]


class BackwardScratch(NamedTuple):
    """The same for the backward; the first half of `strips` belongs to P, the second to S."""

    strips: Float[Tensor, "2b n"]
    pairs: Float[Tensor, "2b q"]
    rows: Float[Tensor, "b q"]


class Gradients(NamedTuple):
    """Gradients that evaluations add to, in place. `weight` stands for - weight_i a_i."""

    noise: Float[Tensor, "b q"]
    own_anchors: Float[Tensor, "b q"]
    anchors: Float[Tensor, "n q"]
    weight: Float[Tensor, " n"]


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
    posterior, scaled = scratch.posterior, scratch.rows
    torch.mul(noise, rho, out=scaled)
    torch.mul(block.half_sq_dist, -(rho * rho), out=posterior)
    posterior.addmm_(scaled, block.columns)  # (b, q) @ (q, n) -> (b, n)
    own_logit = _settle_logits(block, posterior, scaled)
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
    grad_drift: Float[Tensor, "b q"],
    grad_neg_log_prob: Float[Tensor, "b 1"] | None,
    scratch: BackwardScratch,
    *,
    into: Gradients,
) -> None:
    """Add what one evaluation contributes to the gradients; `grad_drift` is the gradient g of f.

    With y_i = <g, a_i - a_k>, gamma the gradient of -log P_k and S_i = P_i (y_i - <g, f> + gamma):
    grad e = rho sum_i S_i (a_i - a_k),  grad a_i = P_i g + S_i (rho e + rho^2 (a_k - a_i)).
    `drift` is f, or None where g is zero.
    """
    size, rows = noise.shape[0], scratch.rows
    posterior, score = scratch.strips[:size], scratch.strips[size:]
    scaled, position = scratch.pairs[:size], scratch.pairs[size:]
    torch.mul(noise, rho, out=scaled)
    torch.mul(block.half_sq_dist, -(rho * rho), out=posterior)
    if drift is None:
        shift = torch.zeros_like(rho)
    else:
        shift = torch.add(block.own_anchors, drift, out=rows).mul_(grad_drift).sum(-1, keepdim=True)
        shift.neg_()
    if grad_neg_log_prob is not None:
        shift += grad_neg_log_prob
    score.copy_(shift.expand_as(score))
    position.copy_(grad_drift)
    scratch.strips.addmm_(scratch.pairs, block.columns)  # (2b, q) @ (q, n) -> (2b, n)
    _settle_logits(block, posterior, scaled)
    torch.softmax(posterior, -1, out=posterior)
    posterior.scatter_(1, block.own_index[:, None], 0.0)
    mass = posterior.sum(-1, keepdim=True)
    score.mul_(posterior)  # now S
    total = score.sum(-1, keepdim=True)  # (b, 1)

    torch.mm(score, block.columns.T, out=rows)  # (b, n) @ (n, q) -> (b, q)
    pull = rows.addcmul_(total, block.own_anchors, value=-1).mul_(rho)
    into.noise.add_(pull)
    into.own_anchors.addcmul_(pull, rho)
    into.own_anchors.addcmul_(noise, rho * total, value=-1)
    into.own_anchors.addcmul_(grad_drift, mass, value=-1)
    scaled.copy_(grad_drift)
    torch.mul(block.own_anchors, rho, out=position).add_(noise).mul_(rho)
    into.anchors.addmm_(scratch.strips.T, scratch.pairs)  # (n, 2b) @ (2b, q) -> (n, q)
    into.weight.addmv_(score.T, (rho * rho)[:, 0])  # (n, b) @ (b,) -> (n,)


def drift_at_zero(block: Block) -> Float[Tensor, "b q"]:
    """Return f at rho = 0, where P is the weights whatever the noise: the mean without a_k."""
    share = _shares(block)
    own_share = share[block.own_index, None]
    others = torch.mv(block.columns, share) - own_share * block.columns[:, block.own_index].T
    return others - (1 - own_share) * block.own_anchors


def drift_at_zero_backward(
    block: Block, grad_drift: Float[Tensor, "b q"], *, into: Gradients
) -> None:
    """Add what f at rho = 0 contributes to the gradients."""
    share = _shares(block)
    own_share = share[block.own_index, None]
    into.anchors.addr_(share, grad_drift.sum(0))
    into.anchors.index_add_(0, block.own_index, own_share * grad_drift, alpha=-1)
    into.own_anchors.addcmul_(1 - own_share, grad_drift, value=-1)


def _shares(block: Block) -> Float[Tensor, " n"]:
    if block.log_weights is not None:
        return torch.softmax(block.log_weights, -1)
    count = block.columns.shape[1]
    return block.columns.new_full((count,), 1 / count)


def _settle_logits(
    block: Block, strip: Float[Tensor, "b n"], scaled: Float[Tensor, "b q"]
) -> Float[Tensor, " b"]:
    """Finish l_i + rho <e, a_k> in `strip`; return the reference's own, l_k + rho <e, a_k>.

    `scaled` is rho e, and is overwritten.
    """
    own_logit = scaled.mul_(block.own_anchors).sum(-1)
    if block.log_weights is not None:
        strip += block.log_weights
        own_logit += block.log_weights[block.own_index]
    strip.scatter_(1, block.own_index[:, None], own_logit[:, None])
    return own_logit
