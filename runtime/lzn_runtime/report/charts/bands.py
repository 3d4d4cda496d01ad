"""Several lines over steps, each with a band: means, and the spread around them."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from lzn_runtime.report.charts.palette import line_colours
from lzn_runtime.report.charts.plot import (
    Frame,
    dash,
    horizontal_axis,
    legend,
    plot,
    vertical_axis,
)
from lzn_runtime.report.charts.scale import Scale, vertical_scale
from lzn_runtime.report.markup import Html, tag

_WIDTH, _INNER = 640, 280
_LEFT, _RIGHT, _BELOW = 68, 16, 50
_POINTS = 400
"""Points of a line that are drawn, at most."""
_FEW = 24
"""Lines of at most so many points get a mark at each."""


class Line(NamedTuple):
    """Means over steps, with the lowest and highest value at each; all of one length."""

    name: str
    steps: Sequence[int]
    mean: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


def bands(lines: Sequence[Line], *, title: str, label: str, linear: bool = False) -> Html:
    """Return a plot of lines with one point or more each.

    Args:
        lines: The lines.
        title: What is to be seen.
        label: That of the vertical axis.
        linear: Never make the vertical axis logarithmic.
    """
    steps = [step for line in lines for step in line.steps]
    across = Scale(min(steps), max(*steps, min(steps) + 1), log=False)
    means = [value for line in lines for value in line.mean]
    edges = [value for line in lines for value in (*line.low, *line.high)]
    up = vertical_scale(edges, means, linear=linear)
    colours = line_colours(len(lines))
    names, height = legend(
        [line.name for line in lines], colours, left=_LEFT, top=50, right=_WIDTH - _RIGHT
    )
    top = 46 + height
    frame = Frame(_LEFT, _WIDTH - _RIGHT, top, top + _INNER)
    drawn = [
        _draw(line, place, colour, frame, across, up)
        for place, (line, colour) in enumerate(zip(lines, colours, strict=True))
    ]
    ends = "; ".join(f"{line.name}: {line.mean[-1]:.3g}" for line in lines)
    return plot(
        tag("text", title, x=_LEFT, y=24, class_="title"),
        names,
        vertical_axis(frame, up, label),
        horizontal_axis(frame, across, "training steps"),
        *drawn,
        width=_WIDTH,
        height=frame.bottom + _BELOW,
        alt=f"{title} over training steps, at the end {ends}",
    )


def _draw(line: Line, place: int, colour: str, frame: Frame, across: Scale, up: Scale) -> Html:
    every = max(1, math.ceil(len(line.steps) / _POINTS))
    chosen = sorted({*range(0, len(line.steps), every), len(line.steps) - 1})

    def points(values: Sequence[float], order: Sequence[int]) -> str:
        pairs = ((frame.x(across, line.steps[i]), frame.y(up, values[i])) for i in order)
        return "L".join(f"{x:.1f} {y:.1f}" for x, y in pairs)

    around = f"M{points(line.high, chosen)}L{points(line.low, chosen[::-1])}Z"
    parts = [tag("path", d=around, fill=colour, class_="band")]
    path = f"M{points(line.mean, chosen)}"
    parts.append(tag("path", d=path, stroke=colour, stroke_dasharray=dash(place), class_="line"))
    if len(line.steps) <= _FEW:
        for step, value in zip(line.steps, line.mean, strict=True):
            x, y = f"{frame.x(across, step):.1f}", f"{frame.y(up, value):.1f}"
            parts.append(tag("circle", cx=x, cy=y, r=3.2, fill=colour))
    return tag("g", *parts)
