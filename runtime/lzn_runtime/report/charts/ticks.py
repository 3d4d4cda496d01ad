"""Round numbers for axes."""

import math


def linear_ticks(low: float, high: float, *, count: int = 4) -> list[float]:
    """Return about `count` round numbers between two numbers, low < high, ends included."""
    raw = (high - low) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= raw * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [i * step for i in range(first, last + 1)]


def log_ticks(low: float, high: float) -> list[float]:
    """Return powers of ten between two positive numbers; with 2 and 5 between them where few."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    tens = [10.0**p for p in range(first, last + 1)]
    inside = [t for t in tens if low * (1 - 1e-9) <= t <= high * (1 + 1e-9)]
    if len(inside) >= 3:
        return inside[:: max(1, len(inside) // 4)]
    finer = [m * t for t in tens for m in (1, 2, 5)]
    return [t for t in finer if low * (1 - 1e-9) <= t <= high * (1 + 1e-9)]


def tick_text(value: float) -> str:
    """Return a tick's number, short: `0.05`, `200`, `12k`, `1e-5`."""
    size = abs(value)
    if size >= 10_000:
        return f"{value / 1000:g}k"
    if 0 < size < 1e-3:
        mantissa, exponent = f"{value:.0e}".split("e")
        return f"{mantissa}e{int(exponent)}"
    return f"{value:.4g}"
