"""Numbers of a comparison as people read them."""

import math

from lzn_runtime.comparison.columns import Column
from lzn_runtime.comparison.spread import Spread

PLUS_MINUS = "\u00b1"
ARROWS = {"higher": "\u2191", "lower": "\u2193"}
_DIGITS = 3


def unit_of(column: Column) -> str:
    """Return what a column's numbers count: `%` for shares."""
    return "%" if column.unit == "share" else column.unit


def scaled(column: Column, value: float) -> float:
    """Return a value in the unit that is shown."""
    return 100 * value if column.unit == "share" else value


def decimals(column: Column, largest: float) -> int:
    """Return the decimals that a column is shown with: one for shares, else three digits."""
    if column.unit == "share":
        return 1
    size = math.floor(math.log10(abs(largest))) if largest else 0
    return min(max(_DIGITS - 1 - size, 0), 6)


def mean_text(column: Column, found: Spread, *, sign: str = PLUS_MINUS) -> str:
    """Return mean and standard deviation: `98.9 +-0.2`; the value alone where there is one."""
    places = decimals(column, found.mean)
    mean = f"{scaled(column, found.mean):.{places}f}"
    return mean if found.std is None else f"{mean} {sign}{scaled(column, found.std):.{places}f}"


def range_text(column: Column, found: Spread) -> str:
    """Return lowest and highest value: `98.6 to 99.1`; nothing for a single value."""
    if found.count == 1:
        return ""
    places = decimals(column, found.mean)
    low, high = (f"{scaled(column, v):.{places}f}" for v in (found.low, found.high))
    return f"{low} to {high}"


def seconds_text(found: Spread | None, *, sign: str = PLUS_MINUS) -> str:
    """Return a time: `81 s`, `12.3 min`, `4.5 h`, with its spread; `-` where it is not known."""
    if found is None:
        return "-"
    size, unit = next(
        (s, u) for s, u in ((3600, "h"), (60, "min"), (1, "s")) if found.mean >= 2 * s or s == 1
    )
    places = 0 if size == 1 and found.mean >= 10 else 1
    mean = f"{found.mean / size:.{places}f}"
    if found.std is None:
        return f"{mean} {unit}"
    return f"{mean} {sign}{found.std / size:.{places}f} {unit}"


def seeds_text(count: int) -> str:
    """Return how many seeds a row stands for."""
    return "single seed" if count == 1 else f"{count} seeds"
