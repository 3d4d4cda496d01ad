"""One evaluation of the latent flow, as attention over anchors, and its backward.

    e = u - rho a_k                                     own noise of a point whose reference is k
    l_i = log w_i - rho^2 |a_k - a_i|^2 / 2 + rho <e, a_i - a_k>      (l_k = log w_k)
    P = softmax(l),   f = abar - a_k = sum_{i != k} P_i (a_i - a_k),   -log P_k = lse(l) - l_k

The reference's own term is left out of sums, so f is exactly zero where P is one-hot on k. Anchors
are taken a tile at a time: sums forward are merged from tile to tile, the backward knows their
total and with it every P_i. Nothing of size (m, n, q) is formed and P is never kept.

Dimensions: b points of a block, n anchors, c of a tile, q latent size.
Source: docs/latent.md, equation (N).
"""

import math
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

# Logits are taken in units of log 2: `exp2` takes half of the time of `exp`.
_LOG2_E = 1 / math.log(2)


class Tile(NamedTuple):
    """Some of the anchors, as seen from the points of a block."""

    place: slice  # of the anchors
    anchors: Float[Tensor, "c q"]
    log_weights: Float[Tensor, " c"] | None  # None: all equal
    half_sq_dist: Float[Tensor, "b c"]  # |a_k - a_i|^2 / 2
    own_rows: Int[Tensor, " s"]  # the points whose reference has its column here, and the column
    own_columns: Int[Tensor, " s"]


class Block(NamedTuple):
    """A block of points and what they need to know of the anchors; constant along the flow."""

    anchors: Float[Tensor, "n q"]
    log_weights: Float[Tensor, " n"] | None
    own_anchors: Float[Tensor, "b q"]
    own_index: Int[Tensor, " b"]  # the column that each point's reference takes
    half_sq_dist: Float[Tensor, "b n"]
    tiles: tuple[Tile, ...]


def widest(block: Block) -> int:
    """Return the number of anchors of the widest tile."""
    return max(tile.anchors.shape[0] for tile in block.tiles)


class Scratch(NamedTuple):
    """Memory that one evaluation after another writes to: fresh pages cost as much as products."""

    posterior: Float[Tensor, "b c"]
    rows: Float[Tensor, "b q"]


class BackwardScratch(NamedTuple):
    """The same for the backward.

    The first half of `strips` belongs to P, the second to S. The thirds of `pairs` are rho e in
    units of log 2; the gradient g of f, which the caller writes there before each evaluation and
    which is divided there by the total of P; and rho e + rho^2 a_k.
    """

    strips: Float[Tensor, "2b c"]
    pairs: Float[Tensor, "3b q"]
    rows: Float[Tensor, "b q"]


class Normalizer(NamedTuple):
    """What the forward found of P: P_i = 2^(l_i - top) / total, with l in units of log 2."""

    neg_log_prob: Float[Tensor, "b 1"]  # -log P_k, good to its last digits near 0 and near 1
    top: Float[Tensor, "b 1"]  # one of the l_i, and at least all of them up to rounding
    total: Float[Tensor, "b 1"]


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
    normalizer: Normalizer,
    stiffness: Float[Tensor, "b 1"] | None,
) -> None:
    """Write to `normalizer`, and f = abar - a_k to `drift` and L to `stiffness` where given.

    L = rho D2 (1 - D2^2 / D4), with Dp = sum_i P_i |a_i - a_k|^p, estimates the rate at which the
    flow draws points together. It is exact where one other anchor has weight, and sees a cluster of
    anchors far from the reference's own as one.
    """
    scaled = torch.mul(noise, _LOG2_E * rho, out=scratch.rows)
    own_logit = _own_logit(block, scaled)  # (b, 1)
    # Sums over the others of exp(l_i - top), where top is at least the reference's own logit.
    top, others = own_logit, torch.zeros_like(own_logit)
    limits = torch.finfo(noise.dtype)
    second, fourth = others, others  # the same times |a_i - a_k|^2 / 2, and times its square
    for number, tile in enumerate(block.tiles):
        posterior = scratch.posterior[:, : tile.anchors.shape[0]]
        _logits(tile, scaled, rho, out=posterior)
        below, top = top, torch.maximum(top, posterior.amax(-1, keepdim=True))
        posterior.sub_(top).exp2_()
        kept = torch.exp2(below - top)
        others = others * kept + posterior.sum(-1, keepdim=True)
        if drift is not None and number == 0:
            torch.mm(posterior, tile.anchors, out=drift)  # (b, c) @ (c, q) -> (b, q)
        elif drift is not None:
            drift.mul_(kept).addmm_(posterior, tile.anchors)
        if stiffness is not None:
            posterior.mul_(tile.half_sq_dist)
            second = second * kept + posterior.sum(-1, keepdim=True)
            posterior.mul_(tile.half_sq_dist)
            # Infinite from 1e9 on in float32; no more than the largest number is asked of it.
            fourth = (fourth * kept + posterior.sum(-1, keepdim=True)).clamp_(max=limits.max)
    own = torch.exp2(own_logit - top)
    total = others + own
    far = (top - own_logit) / _LOG2_E + total.log()
    normalizer.neg_log_prob.copy_(torch.where(others < own, torch.log1p(others / own), far))
    normalizer.top.copy_(top)
    normalizer.total.copy_(total)
    if drift is not None:
        drift.div_(total).addcmul_(others / total, block.own_anchors, value=-1)
    if stiffness is not None:
        mean = second / total  # of |a_i - a_k|^2 / 2
        spread = 1 - mean * (second / fourth.clamp_(min=limits.tiny))
        stiffness.copy_(mean.mul_(rho).mul_(spread.clamp_(min=0.0)).mul_(2))


def evaluate_backward(
    block: Block,
    noise: Float[Tensor, "b q"],
    rho: Float[Tensor, "b 1"],
    drift: Float[Tensor, "b q"] | None,
    normalizer: Normalizer,
    grad_neg_log_prob: Float[Tensor, "b 1"] | None,
    scratch: BackwardScratch,
    *,
    into: Gradients,
) -> None:
    """Add what one evaluation contributes to the gradients.

    With g the gradient of f, y_i = <g, a_i - a_k>, gamma that of -log P_k and
    S_i = P_i (y_i - <g, f> + gamma): grad e = rho sum_i S_i (a_i - a_k),
    grad a_i = P_i g + S_i (rho e + rho^2 (a_k - a_i)).
    `drift` is f, or None where g is zero. g is in `scratch`, and is lost.
    """
    size, rows = noise.shape[0], scratch.rows
    scaled, grad_drift, position = (scratch.pairs[i * size : (i + 1) * size] for i in range(3))
    torch.mul(noise, _LOG2_E * rho, out=scaled)
    torch.mul(block.own_anchors, rho * rho, out=position).addcmul_(noise, rho)
    shift, total = torch.zeros_like(rho), torch.zeros_like(rho)
    if drift is not None:
        torch.add(block.own_anchors, drift, out=rows).mul_(grad_drift)
        shift -= rows.sum(-1, keepdim=True)
    if grad_neg_log_prob is not None:
        shift += grad_neg_log_prob
    # P stays without its total, which divides the factors that P meets.
    grad_drift.div_(normalizer.total)
    shift /= normalizer.total
    for number, tile in enumerate(block.tiles):
        strips = scratch.strips[:, : tile.anchors.shape[0]]
        posterior, score = strips[:size], strips[size:]
        _logits(tile, scaled, rho, out=posterior)
        posterior.sub_(normalizer.top).exp2_()
        torch.mm(grad_drift, tile.anchors.T, out=score)  # (b, q) @ (q, c) -> (b, c)
        score.add_(shift).mul_(posterior)  # now S
        # Found by summing: rounding of S cancels between this and the product with the anchors.
        total += score.sum(-1, keepdim=True)
        if number == 0:
            torch.mm(score, tile.anchors, out=rows)  # (b, c) @ (c, q) -> (b, q)
        else:
            rows.addmm_(score, tile.anchors)
        into.anchors[tile.place].addmm_(strips.T, scratch.pairs[size:])  # (c, 2b) @ (2b, q)
        into.weight[tile.place].addmv_(score.T, (rho * rho)[:, 0])  # (c, b) @ (b,) -> (c,)
    others = -torch.expm1(-normalizer.neg_log_prob) * normalizer.total
    pull = rows.addcmul_(total, block.own_anchors, value=-1).mul_(rho)
    into.noise.add_(pull)
    into.own_anchors.addcmul_(pull, rho)
    into.own_anchors.addcmul_(noise, rho * total, value=-1)
    into.own_anchors.addcmul_(grad_drift, others, value=-1)


def _own_logit(block: Block, scaled: Float[Tensor, "b q"]) -> Float[Tensor, "b 1"]:
    """Return the reference's own l_k + rho <e, a_k>, in units of log 2 as `scaled`, rho e, is."""
    own_logit = (scaled * block.own_anchors).sum(-1, keepdim=True)
    if block.log_weights is not None:
        own_logit += _LOG2_E * block.log_weights[block.own_index, None]
    return own_logit


def _logits(
    tile: Tile,
    scaled: Float[Tensor, "b q"],
    rho: Float[Tensor, "b 1"],
    *,
    out: Float[Tensor, "b c"],
) -> None:
    """Write l_i + rho <e, a_k> but for the reference's own, in units of log 2 as `scaled` is."""
    torch.mul(tile.half_sq_dist, -_LOG2_E * rho * rho, out=out)
    out.addmm_(scaled, tile.anchors.T)  # (b, q) @ (q, c) -> (b, c)
    if tile.log_weights is not None:
        out.add_(tile.log_weights, alpha=_LOG2_E)
    out[tile.own_rows, tile.own_columns] = -torch.inf
