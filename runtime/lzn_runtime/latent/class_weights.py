"""Weights of class anchors: how frequent each class is in a batch.

Dimensions: m labels, c classes. Source: arXiv:2509.15591, section 2.2.3 and appendix B.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lzn_runtime.latent import checks


def class_weights(labels: Int[Tensor, " m"], num_classes: int) -> Float[Tensor, " c"]:
    """Return each class's share of the labels, in float32; exactly 0 for an absent class.

    `labels` are in [0, num_classes), at least one. `ValueError` otherwise.
    """
    if num_classes < 1:
        raise ValueError(f"num_classes must be at least 1, got {num_classes}")
    if labels.ndim != 1 or labels.shape[0] == 0:
        raise ValueError(f"labels must be a vector, not empty, got shape {tuple(labels.shape)}")
    checks.indices("labels", labels, labels.shape[0], of="labels")
    checks.require(checks.in_range("labels", labels, num_classes))
    counts = torch.bincount(labels, minlength=num_classes)
    return counts.to(torch.float32) / labels.shape[0]
