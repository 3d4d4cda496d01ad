"""Numbers as people read them: `1.2 M`, `3.4 GFLOP`, `120 MB`."""

_STEPS = ((10**15, "P"), (10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k"))


def count(number: int) -> str:
    """Return a count: `940`, `4.1 k`, `1.2 M`."""
    value, prefix = _scaled(number)
    return f"{value} {prefix}".strip()


def flop(number: int) -> str:
    """Return a number of floating-point operations: `3.4 GFLOP`."""
    value, prefix = _scaled(number)
    return f"{value} {prefix}FLOP"


def memory(number: int) -> str:
    """Return a number of bytes: `120 MB`."""
    value, prefix = _scaled(number)
    return f"{value} {prefix}B"


def parameters(number: int) -> str:
    """Return a number of parameters: `1.2 M parameters`, `no parameters`."""
    if number == 1:
        return "1 parameter"
    return f"{count(number)} parameters" if number else "no parameters"


def _scaled(number: int) -> tuple[str, str]:
    for scale, prefix in _STEPS:
        # From 999.5 on, a number would be shown as 1000 of the smaller unit.
        if number >= 0.9995 * scale:
            value = number / scale
            return (f"{value:.1f}" if value < 9.95 else f"{value:.0f}"), prefix
    return str(number), ""
