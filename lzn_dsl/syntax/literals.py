"""What numbers and strings stand for."""

import math
import re

_SCALES = {"k": 1_000, "M": 1_000_000}
_ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}
_ESCAPE = re.compile(r"\\(.)")


def read_number(text: str) -> int | float:
    """Return what a NUMBER stands for: `4_000`, `5k` and `1.5k` are integers, `1e3` is a float.

    Raises OverflowError for a number too large, or too close to zero, for a float.
    """
    digits = text.replace("_", "")
    if scale := _SCALES.get(digits[-1]):
        whole, _, fraction = digits[:-1].partition(".")
        numerator = int(whole + fraction) * scale
        denominator: int = 10 ** len(fraction)
        return numerator / denominator if numerator % denominator else numerator // denominator
    if digits.lstrip("-").isdigit():
        return int(digits)
    number = float(digits)
    mantissa = digits.lower().partition("e")[0]
    if math.isinf(number) or (number == 0 and mantissa.strip("-.0")):
        raise OverflowError(f"{text} is beyond the range of floats")
    return number


def read_string(text: str) -> str:
    """Return what a STRING stands for. An unknown escape stands for itself."""
    return _ESCAPE.sub(lambda found: _ESCAPES.get(found[1], found[0]), text[1:-1])


def unknown_escape(text: str) -> tuple[int, int] | None:
    """Return where in a STRING the first unknown escape starts and ends, or None."""
    for found in _ESCAPE.finditer(text):
        if found[1] not in _ESCAPES:
            return found.span()
    return None
