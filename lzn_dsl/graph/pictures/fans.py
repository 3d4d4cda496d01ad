"""Lines between boxes and the circle of the latent space."""

from dataclasses import dataclass
from math import cos, radians, sin

from lzn_dsl.graph.pictures.geometry import Box, Point, cubic, curve, number

_STEP, _SPREAD = 28.0, 110.0
"""Degrees between two lines at the circle, and between the outermost ones at most."""

_ABOVE = 8
"""Pixels from a line up to the text on it."""


@dataclass(frozen=True)
class Line:
    """A path, its last point, and where a text beside it has its middle."""

    path: str
    end: Point
    label_at: Point


def straight(source: Box, target: Box) -> Line:
    """Return the line from one box to another at its right."""
    start, end = (source.right, source.middle), (target.x, target.middle)
    # The text stands close to the source: dashed lines cross further right.
    at = (start[0] + 50, start[1] - _ABOVE)
    if start[1] == end[1]:
        return Line(f"M{number(start[0])} {number(start[1])}H{number(end[0])}", end, at)
    return Line(curve(start, end), end, at)


def fan_in(source: Box, circle: Box, index: int, count: int) -> Line:
    """Return one of `count` lines into the left side of a circle, counted from the top."""
    across, down = _direction(index, count)
    radius = circle.width / 2
    start = (source.right, source.middle)
    end = (circle.centre - across * radius, circle.middle + down * radius)
    points = cubic(start, end, (1.0, 0.0), (across, -down))
    return Line(curve(start, end, end_direction=(across, -down)), end, _at(points, 0.4))


def fan_out(circle: Box, target: Box, index: int, count: int) -> Line:
    """Return one of `count` lines out of the right side of a circle, counted from the top."""
    across, down = _direction(index, count)
    radius = circle.width / 2
    start = (circle.centre + across * radius, circle.middle + down * radius)
    end = (target.x, target.middle)
    points = cubic(start, end, (across, down), (1.0, 0.0))
    return Line(curve(start, end, start_direction=(across, down)), end, _at(points, 0.6))


def _direction(index: int, count: int) -> Point:
    step = min(_STEP, _SPREAD / max(count - 1, 1))
    angle = radians((index - (count - 1) / 2) * step)
    return cos(angle), sin(angle)


def _at(points: tuple[Point, Point, Point, Point], time: float) -> Point:
    """Return a place above a cubic curve."""
    back = 1 - time
    weights = (back**3, 3 * back**2 * time, 3 * back * time**2, time**3)
    x = sum(w * p[0] for w, p in zip(weights, points, strict=True))
    y = sum(w * p[1] for w, p in zip(weights, points, strict=True))
    return x, y - _ABOVE
