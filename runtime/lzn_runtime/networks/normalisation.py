"""Group normalisation: statistics of one sample alone, so that batch mates cannot matter."""

from torch import nn


def num_groups(channels: int, *, most: int = 8) -> int:
    """Return the largest divisor of `channels`, at most `most`, that leaves groups of 4 or more."""
    fits = (g for g in range(1, most + 1) if channels % g == 0)
    return max(g for g in fits if g == 1 or channels // g >= 4)


def group_norm(channels: int) -> nn.GroupNorm:
    """Return a group norm with learned scale and shift."""
    return nn.GroupNorm(num_groups(channels), channels)


def fine_group_norm(channels: int) -> nn.GroupNorm:
    """Return a group norm of up to 32 groups, as the paper's U-Nets have."""
    return nn.GroupNorm(num_groups(channels, most=32), channels, eps=1e-6)
