"""Group normalisation: statistics of one sample alone, so that batch mates cannot matter."""

from torch import nn


def num_groups(channels: int) -> int:
    """Return the largest divisor of `channels`, at most 8, that leaves groups of 4 or more."""
    return max(g for g in range(1, 9) if channels % g == 0 and (g == 1 or channels // g >= 4))


def group_norm(channels: int) -> nn.GroupNorm:
    """Return a group norm with learned scale and shift."""
    return nn.GroupNorm(num_groups(channels), channels)
