"""Numbers over seeds: mean and spread, and whether two means differ by more than chance.

Welch's test asks whether two samples of different variance have one mean:

    t = (m_1 - m_2) / sqrt(v_1 + v_2),   v_i = s_i^2 / n_i
    degrees of freedom = (v_1 + v_2)^2 / (v_1^2 / (n_1 - 1) + v_2^2 / (n_2 - 1))

Source: Welch, Biometrika 34, 1947.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

# fmt: off
_TWO_SIDED = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
    2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)
# fmt: on
"""Student's t that is exceeded in 5 % of cases, for 1 to 30 degrees of freedom."""


@dataclass(frozen=True)
class Spread:
    """Mean and spread of one number over seeds.

    Attributes:
        count: How many values there are; 1 at least.
        mean: Their mean.
        std: Their sample standard deviation (of n - 1); None for a single value.
        low: The lowest.
        high: The highest.
    """

    count: int
    mean: float
    std: float | None
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """Return mean and spread of one value or more."""
    std = stdev(values) if len(values) > 1 else None
    return Spread(len(values), fmean(values), std, min(values), max(values))


def differ(one: Spread, other: Spread) -> bool:
    """Whether two means differ at the level of 5 %, by Welch's test; never for a single value."""
    if one.std is None or other.std is None:
        return False
    v_1, v_2 = one.std**2 / one.count, other.std**2 / other.count
    if v_1 + v_2 == 0:
        return one.mean != other.mean
    t = abs(one.mean - other.mean) / math.sqrt(v_1 + v_2)
    share = v_1 / (v_1 + v_2)
    freedom = 1 / (share**2 / (one.count - 1) + (1 - share) ** 2 / (other.count - 1))
    return t > _TWO_SIDED[min(math.floor(freedom + 1e-9), len(_TWO_SIDED)) - 1]


def best(cells: Sequence[Spread | None], *, higher: bool) -> int | None:
    """Return which of some spreads is better than each other one; None where none surely is.

    Cells without numbers do not count; one alone is not the best of anything.
    """
    measured = [(i, cell) for i, cell in enumerate(cells) if cell is not None]
    if len(measured) < 2:
        return None
    sign = 1 if higher else -1
    place, winner = max(measured, key=lambda pair: sign * pair[1].mean)
    surely = all(differ(winner, cell) for i, cell in measured if i != place)
    return place if surely else None
