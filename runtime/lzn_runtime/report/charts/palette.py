"""Colours of classes and curves: as different as can be, alike in both themes.

Colours are points of OKLCH (lightness, chroma, hue), a space in which equal steps look equal.
Source: Ottosson, A perceptual color space for image processing, 2020.
"""

import math


def class_colours(count: int) -> list[str]:
    """Return one colour for each class as `#rrggbb`: hues all around, lightness taking turns."""
    lightness = (0.63, 0.74) if count > 6 else (0.67,)
    return [
        oklch(lightness[i % len(lightness)], 0.145, 20 + 360 * i / max(count, 1))
        for i in range(count)
    ]


def line_colours(count: int) -> list[str]:
    """Return one colour for each line as `#rrggbb`: blue, orange, ...; read on light and dark.

    Neighbours in the list are far apart in hue, and take turns in lightness.
    """
    start = (255, 45, 160, 320, 205, 95)
    hues = [start[i % len(start)] + 25 * (i // len(start)) for i in range(count)]
    return [oklch((0.6, 0.68)[i % 2], 0.15, hue) for i, hue in enumerate(hues)]


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return a colour as `#rrggbb`; chroma that no screen can show is cut off."""
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return "#" + "".join(f"{_channel(value):02x}" for value in linear)


def rgb(colour: str) -> tuple[int, int, int]:
    """Return the three bytes of `#rrggbb`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _channel(linear: float) -> int:
    value = min(max(linear, 0.0), 1.0)
    encoded = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(255 * encoded)
