"""Anchors under their weights: the shares, the mean, and those that are absent.

Dimensions: n anchors, q latent size.
"""

import torch
from jaxtyping import Float
from torch import Tensor


def shares(anchors: Float[Tensor, "n q"], log_weights: Float[Tensor, " n"] | None) -> Tensor:
    """Return the weights (n,), of sum 1; without `log_weights` all are equal."""
    if log_weights is None:
        return anchors.new_full((len(anchors),), 1 / len(anchors))
    return torch.softmax(log_weights, -1)


def mean(
    anchors: Float[Tensor, "n q"], log_weights: Float[Tensor, " n"] | None
) -> Float[Tensor, " q"]:
    """Return the mean of the anchors under their weights."""
    if log_weights is None:
        return anchors.mean(0)
    return torch.mv(anchors.T, shares(anchors, log_weights))


def without_absent(
    anchors: Float[Tensor, "n q"], log_weights: Float[Tensor, " n"] | None
) -> Float[Tensor, "n q"]:
    """Return the anchors with those of weight zero at 0: wherever they lay, they take no digits."""
    if log_weights is None:
        return anchors
    return anchors.masked_fill((log_weights == -torch.inf)[:, None], 0.0)
