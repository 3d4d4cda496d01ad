"""Running average of the weights, whose decay grows with the number of updates.

average <- d average + (1 - d) weights,   d = min(decay, (1 + n) / (10 + n)) at update n = 1, 2, ...
"""

from collections.abc import Iterable

import torch
from torch import nn


@torch.no_grad()
def update_average(
    average: nn.Module,
    model: nn.Module,
    *,
    decay: float,
    updates: int,
    frozen: Iterable[str] = (),
) -> None:
    """Move the average's parameters towards the model's in place, and copy the model's buffers.

    Buffers that are no part of the state, such as the support, are left alone.

    Args:
        average: A module of the same structure as `model`.
        model: The module that is trained.
        decay: Decay after many updates, in [0, 1).
        updates: Updates that the average has had.
        frozen: Modules that are left alone, by name.
    """
    if not 0 <= decay < 1:
        raise ValueError(f"decay must be in [0, 1), got {decay}")
    share = 1 - min(decay, (2 + updates) / (11 + updates))
    means = average.state_dict(keep_vars=True)
    left = tuple(f"{module}." for module in frozen)
    for name, value in model.state_dict(keep_vars=True).items():
        if name.startswith(left):
            continue
        if isinstance(value, nn.Parameter):
            means[name].lerp_(value, share)
        else:
            means[name].copy_(value)
