"""The flow at rho = 0, where P is the weights whatever the noise: its value and its slope.

With b_i = a_i - a_k, zero for the reference's own,

    f = sum_i w_i b_i,        df/d rho = sum_i w_i (b_i - f) <e, b_i>

so that both are known without an evaluation: the slope is the covariance of the anchors times e.

Dimensions: b points of a block, n anchors, q latent size. Source: docs/latent.md.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from lzn_runtime.latent.attention import Block, Gradients


class Origin(NamedTuple):
    """Moments of the anchors under their weights."""

    share: Float[Tensor, " n"]  # w_i
    mean: Float[Tensor, " q"]
    second: Float[Tensor, "q q"]  # sum_i w_i a_i a_i^T


class AtOrigin(NamedTuple):
    """What the points of a block see at rho = 0."""

    own_share: Float[Tensor, "b 1"]
    own_column: Float[Tensor, "b q"]  # the anchor whose place the reference takes
    drift: Float[Tensor, "b q"]


def origin(anchors: Float[Tensor, "n q"], log_weights: Float[Tensor, " n"] | None) -> Origin:
    """Return the moments."""
    count = anchors.shape[0]
    if log_weights is None:
        share = anchors.new_full((count,), 1 / count)
    else:
        share = torch.softmax(log_weights, -1)
    return Origin(share, torch.mv(anchors.T, share), (anchors.T * share) @ anchors)


def at_origin(block: Block, moments: Origin) -> AtOrigin:
    """Return f at rho = 0 and what it is made from."""
    own_share = moments.share[block.own_index, None]
    own_column = block.anchors[block.own_index]
    others = moments.mean - own_share * own_column
    return AtOrigin(own_share, own_column, others - (1 - own_share) * block.own_anchors)


def drift_backward(
    seen: AtOrigin, grad_drift: Float[Tensor, "b q"], block: Block, moments: Origin, into: Gradients
) -> None:
    """Add what f at rho = 0 contributes to the gradients."""
    into.anchors.addr_(moments.share, grad_drift.sum(0))
    into.anchors.index_add_(0, block.own_index, seen.own_share * grad_drift, alpha=-1)
    into.own_anchors.addcmul_(1 - seen.own_share, grad_drift, value=-1)


def slope(
    seen: AtOrigin, noise: Float[Tensor, "b q"], block: Block, moments: Origin
) -> Float[Tensor, "b q"]:
    """Return df/d rho at rho = 0, linear in the noise and symmetric."""
    own = block.own_anchors
    others = moments.mean - seen.own_share * seen.own_column
    along_own = _dot(noise, own)
    result = noise @ moments.second  # (b, q) @ (q, q) -> (b, q)
    result -= seen.own_share * _dot(noise, seen.own_column) * seen.own_column
    result -= along_own * others
    result -= (_dot(noise, others) - (1 - seen.own_share) * along_own) * own
    return result - _dot(noise, seen.drift) * seen.drift


def slope_backward(
    seen: AtOrigin,
    noise: Float[Tensor, "b q"],
    grad_slope: Float[Tensor, "b q"],
    block: Block,
    moments: Origin,
    into: Gradients,
) -> None:
    """Add what the slope contributes to the gradients.

    With s the gradient and c = a_k + f the mean that a point sees: grad e is the slope of s,
    grad a_i = w_i (s <e, a_i - c> + e <s, a_i - c>), grad a_k = -w_k (s <e, f> + e <s, f>).
    """
    mean = block.own_anchors + seen.drift
    both = grad_slope.T @ noise  # (q, b) @ (b, q) -> (q, q)
    both += both.T.clone()
    at_mean = _paired(grad_slope, noise, mean).sum(0)
    into.anchors.add_(moments.share[:, None] * (block.anchors @ both - at_mean))
    own = seen.own_share * _paired(grad_slope, noise, seen.own_column - mean)
    into.anchors.index_add_(0, block.own_index, own, alpha=-1)
    into.own_anchors.sub_(seen.own_share * _paired(grad_slope, noise, seen.drift))
    into.noise.add_(slope(seen, grad_slope, block, moments))


def _dot(left: Float[Tensor, "b q"], right: Float[Tensor, "b q"]) -> Float[Tensor, "b 1"]:
    return (left * right).sum(-1, keepdim=True)


def _paired(
    left: Float[Tensor, "b q"], right: Float[Tensor, "b q"], along: Float[Tensor, "b q"]
) -> Float[Tensor, "b q"]:
    """Return left <right, along> + right <left, along>."""
    return left * _dot(right, along) + right * _dot(left, along)
