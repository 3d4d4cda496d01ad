"""Scales of axes, linear or logarithmic."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from lzn_runtime.report.charts.ticks import linear_ticks, log_ticks

_LOG_RANGE = 12.0
"""Positive values whose largest is more than so many times the smallest get a log scale."""


class Scale(NamedTuple):
    """An axis from `low` to `high`, low < high; for a logarithmic one both are positive."""

    low: float
    high: float
    log: bool

    def place(self, value: float) -> float:
        """Return where a value lies, from 0 at `low` to 1 at `high`."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def clamp(self, value: float) -> float:
        """Return the value, or the end of the axis that it lies beyond."""
        return min(max(value, self.low), self.high)

    def ticks(self) -> list[float]:
        """Return a few round numbers on it."""
        return log_ticks(self.low, self.high) if self.log else linear_ticks(self.low, self.high)


def vertical_scale(
    values: Sequence[float], mean: Sequence[float], *, linear: bool = False
) -> Scale:
    """Return a scale that holds the mean and all but the wildest values.

    It is logarithmic where all values are positive and far apart, unless it must be linear.
    """
    ordered = sorted(values)
    high = max(*mean, ordered[min(len(ordered) - 1, math.floor(0.995 * len(ordered)))])
    low = min(*mean, ordered[math.ceil(0.005 * (len(ordered) - 1))])
    if not linear and low > 0 and high / low > _LOG_RANGE:
        return Scale(low / 1.1, high * 1.1, log=True)
    if low >= 0 and low < 0.4 * high:
        low = 0.0
    room = 0.06 * (high - low) or abs(high) * 0.1 or 1.0
    return Scale(low - (room if low else 0.0), high + room, log=False)
