"""Sharing out samples over classes, for held-out data and for limits."""

import math
from collections.abc import Sequence
from fractions import Fraction


def share_out(counts: Sequence[int], total: int) -> list[int]:
    """Share out `total` in proportion to the counts of the classes, by largest remainders.

    Each class gets its exact share rounded down; what is left goes to the largest remainders, the
    first class first among equals. The result sums to `total` and never exceeds a class.
    """
    everything = sum(counts)
    if not 0 <= total <= everything:
        raise ValueError(f"total must be from 0 to {everything}, got {total}")
    shares = [Fraction(count * total, max(everything, 1)) for count in counts]
    result = [math.floor(share) for share in shares]
    by_remainder = sorted(range(len(counts)), key=lambda c: (result[c] - shares[c], c))
    for c in by_remainder[: total - sum(result)]:
        result[c] += 1
    return result


def held_out(counts: Sequence[int], share: float) -> list[int]:
    """Return how many of each class are held out: `share` of all, rounded up, shared out."""
    # The share as it was written: 0.2 of 180 is 36, not 37.
    return share_out(counts, math.ceil(Fraction(repr(share)) * sum(counts)))
