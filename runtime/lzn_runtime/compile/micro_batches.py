"""Micro-batches: a network sees a batch in slices, so that training needs the memory of one.

All anchors of a batch bound its zones: a smaller batch would be another method. So the batch stays
whole, and each network works on it in two passes:

    1. each slice without gradient           -> anchors of all samples; from them, flows and losses
    2. each slice again, once dL/d anchors is known, with gradient  -> its share of dL/d weights

Pass 2 belongs to the backward pass of the result and keeps one slice at a time. The gradient is
that of the whole batch, up to rounding, because a sample's result does not depend on its batch
mates and all noise is a function of its key and index.

Dimensions: b samples; `...` the shape of one sample or value.
"""

from collections.abc import Callable

import torch
from jaxtyping import Shaped
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

_BATCH_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.SyncBatchNorm)


def in_slices(
    network: Callable[..., Tensor], *columns: Shaped[Tensor, "b ..."] | None, count: int
) -> Shaped[Tensor, "b ..."]:
    """Return `network(*columns)`, worked out on `count` slices of the samples, one at a time.

    Slices differ by at most one sample; there are fewer where the samples are. A column that is
    None is None in each slice. With one slice this is the plain call.
    """
    if count == 1:
        return network(*columns)
    samples = next(len(column) for column in columns if column is not None)
    count = min(count, samples)
    slices = zip(
        *((None,) * count if c is None else c.tensor_split(count) for c in columns), strict=True
    )
    return torch.cat([checkpoint(network, *part, use_reentrant=False) for part in slices])


def batch_statistics(module: nn.Module) -> list[str]:
    """Return the names of batch norms that, in their present mode, look at the whole batch."""
    return [
        name
        for name, part in module.named_modules()
        if isinstance(part, _BATCH_NORMS) and (part.training or part.running_mean is None)
    ]
