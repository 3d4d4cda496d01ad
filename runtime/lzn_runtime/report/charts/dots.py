"""Rows of dots: every value as a dot, the mean as a stroke, what it comes to in words."""

from collections.abc import Sequence
from typing import NamedTuple

from lzn_runtime.report.charts.palette import line_colours
from lzn_runtime.report.charts.plot import Frame, horizontal_axis, plot, short
from lzn_runtime.report.charts.scale import Scale
from lzn_runtime.report.markup import Html, tag

_WIDTH, _ROW = 640, 38
_TOP, _BELOW = 44, 50
_RIGHT = 130
_LETTER = 7.2
_NAMES = 34


class Row(NamedTuple):
    """A name with its values, one at least, their mean, and what to write beside them."""

    name: str
    values: Sequence[float]
    mean: float
    text: str


def dots(rows: Sequence[Row], *, title: str, label: str) -> Html:
    """Return a plot of rows; `label` is that of the axis."""
    names = [short(row.name, _NAMES) for row in rows]
    left = 24 + _LETTER * max(len(name) for name in names)
    frame = Frame(left, _WIDTH - _RIGHT, _TOP, _TOP + _ROW * len(rows))
    scale = _scale([value for row in rows for value in row.values])
    colours = line_colours(len(rows))
    drawn = [
        _draw(row, name, colour, frame, scale, _TOP + _ROW * (place + 0.5))
        for place, (row, name, colour) in enumerate(zip(rows, names, colours, strict=True))
    ]
    said = "; ".join(f"{row.name}: {row.text}" for row in rows)
    return plot(
        tag("text", title, x=16, y=24, class_="title"),
        horizontal_axis(frame, scale, label),
        *drawn,
        width=_WIDTH,
        height=frame.bottom + _BELOW,
        alt=f"{title}: {said}",
    )


def _draw(row: Row, name: str, colour: str, frame: Frame, scale: Scale, y: float) -> Html:
    low, high = (frame.x(scale, value) for value in (min(row.values), max(row.values)))
    mean = frame.x(scale, row.mean)
    middle = f"{y:.1f}"
    parts = [
        tag(
            "text",
            name,
            x=f"{frame.left - 10:.1f}",
            y=middle,
            dy="0.33em",
            text_anchor="end",
            class_="name",
        ),
        tag(
            "path",
            d=f"M{low:.1f} {middle}H{high:.1f}",
            stroke=colour,
            stroke_width=2,
            stroke_opacity=0.55,
        ),
    ]
    count = len(row.values)
    for place, value in enumerate(row.values):
        # Below each other, so that equal values are seen as several.
        offset = 0.0 if count == 1 else 12 * (place / (count - 1) - 0.5)
        x = f"{frame.x(scale, value):.1f}"
        parts.append(
            tag("circle", cx=x, cy=f"{y + offset:.1f}", r=4, fill=colour, fill_opacity=0.8)
        )
    if count > 1:
        parts.append(tag("path", d=f"M{mean:.1f} {y - 13:.1f}V{y + 13:.1f}", class_="mean"))
    parts.append(
        tag("text", row.text, x=f"{frame.right + 12:.1f}", y=middle, dy="0.33em", class_="name")
    )
    return tag("g", *parts)


def _scale(values: Sequence[float]) -> Scale:
    """Return a scale with room around the values, so that small differences are seen."""
    low, high = min(values), max(values)
    room = 0.08 * (high - low) or 0.02 * abs(high) or 1.0
    return Scale(low - room, high + room, log=False)
