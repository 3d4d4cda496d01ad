"""The end of a damped walk down: the flow at rho = 0, where P is the weights whatever the noise.

With b_i = a_i - a_k, zero for the reference's own,

    f = sum_i w_i b_i,        df/d rho = sum_i w_i (b_i - f) <e, b_i>

so that both are known without an evaluation. The slope is the covariance of the anchors times e.

Dimensions: b points of a block, n anchors, q latent size. Source: docs/latent.md.
"""

from typing import NamedTuple

from jaxtyping import Float
from torch import Tensor

from lzn_runtime.latent import weighting
from lzn_runtime.latent.attention import Block, Gradients


class Moments(NamedTuple):
    """Moments of the anchors under their weights."""

    share: Float[Tensor, " n"]  # w_i
    mean: Float[Tensor, " q"]
    second: Float[Tensor, "q q"]  # sum_i w_i a_i a_i^T


class Seen(NamedTuple):
    """The moments as each point of a block sees them, its reference in the place of a column."""

    moments: Moments
    block: Block
    own_share: Float[Tensor, "b 1"]
    own_column: Float[Tensor, "b q"]  # the anchor whose place the reference takes
    others: Float[Tensor, "b q"]  # the sum of w_i a_i over all but that
    drift: Float[Tensor, "b q"]  # f


def moments_of(anchors: Float[Tensor, "n q"], log_weights: Float[Tensor, " n"] | None) -> Moments:
    """Return the moments."""
    share = weighting.shares(anchors, log_weights)
    mean = weighting.mean(anchors, log_weights)
    return Moments(share, mean, (anchors.T * share) @ anchors)


def see(moments: Moments, block: Block) -> Seen:
    """Return what a block sees of the moments."""
    own_share = moments.share[block.own_index, None]
    own_column = block.anchors[block.own_index]
    others = moments.mean - own_share * own_column
    drift = others - (1 - own_share) * block.own_anchors
    return Seen(moments, block, own_share, own_column, others, drift)


def slope(seen: Seen, noise: Float[Tensor, "b q"]) -> Float[Tensor, "b q"]:
    """Return df/d rho: linear in the noise, and symmetric."""
    own = seen.block.own_anchors
    along_own = _dot(noise, own)
    result = noise @ seen.moments.second  # (b, q) @ (q, q) -> (b, q)
    result -= seen.own_share * _dot(noise, seen.own_column) * seen.own_column
    result -= along_own * seen.others
    result -= (_dot(noise, seen.others) - (1 - seen.own_share) * along_own) * own
    return result - _dot(noise, seen.drift) * seen.drift


def finish(seen: Seen, at_zero: Float[Tensor, "2 b 1"], state: Float[Tensor, "b q"]) -> None:
    """Add to e, in place, f and then the slope of what came out, by their coefficients."""
    of_drift, of_slope = at_zero
    state.addcmul_(of_drift, seen.drift)
    state.addcmul_(of_slope, slope(seen, state))


def finish_back(
    seen: Seen,
    at_zero: Float[Tensor, "2 b 1"],
    state: Float[Tensor, "b q"],
    *,
    into: Gradients,
) -> None:
    """Turn `into.noise` to the gradient of what `finish` was given, `state`, which is lost.

    With s the gradient of the slope and c = a_k + f the mean that a point sees: grad e is the slope
    of s, grad a_i = w_i (s <e, a_i - c> + e <s, a_i - c>), grad a_k = -w_k (s <e, f> + e <s, f>).
    """
    of_drift, of_slope = at_zero
    own_share, share, own_index = seen.own_share, seen.moments.share, seen.block.own_index
    noise, mean = state.addcmul_(of_drift, seen.drift), seen.block.own_anchors + seen.drift
    grad_slope = of_slope * into.noise
    both = grad_slope.T @ noise  # (q, b) @ (b, q) -> (q, q)
    both += both.T.clone()
    at_mean = _paired(grad_slope, noise, mean).sum(0)
    into.anchors.add_(share[:, None] * (seen.block.anchors @ both - at_mean))
    own = own_share * _paired(grad_slope, noise, seen.own_column - mean)
    into.own_anchors.sub_(own_share * _paired(grad_slope, noise, seen.drift))
    into.noise.add_(slope(seen, grad_slope))
    grad_drift = of_drift * into.noise
    into.anchors.addr_(share, grad_drift.sum(0))
    into.anchors.index_add_(0, own_index, own + own_share * grad_drift, alpha=-1)
    into.own_anchors.addcmul_(1 - own_share, grad_drift, value=-1)


def _dot(left: Float[Tensor, "b q"], right: Float[Tensor, "b q"]) -> Float[Tensor, "b 1"]:
    return (left * right).sum(-1, keepdim=True)


def _paired(
    left: Float[Tensor, "b q"], right: Float[Tensor, "b q"], along: Float[Tensor, "b q"]
) -> Float[Tensor, "b q"]:
    """Return left <right, along> + right <left, along>."""
    return left * _dot(right, along) + right * _dot(left, along)
