"""A curve over training steps as SVG: measured values faint, their running mean strong."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from lzn_runtime.report.charts.ticks import linear_ticks, log_ticks, tick_text
from lzn_runtime.report.markup import Html, tag

_WIDTH, _HEIGHT = 340, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 12, 12, 26
_LOG_RANGE = 12.0
"""Positive values whose largest is more than so many times the smallest get a log scale."""
_POINTS = 600
"""Points that are drawn, at most."""


class _Scale(NamedTuple):
    low: float
    high: float
    log: bool

    def place(self, value: float) -> float:
        """Return where a value lies, from 0 at `low` to 1 at `high`."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        return log_ticks(self.low, self.high) if self.log else linear_ticks(self.low, self.high)


def curve(
    steps: Sequence[int], values: Sequence[float], *, title: str, smooth: bool = True
) -> Html:
    """Return the curve of finite values over steps; both have one length, 2 at least.

    The vertical scale is logarithmic where all values are positive and far apart.
    """
    mean = running_mean(values) if smooth else list(values)
    across, up = _Scale(steps[0], max(steps[-1], steps[0] + 1), log=False), _vertical(values, mean)
    last = mean[-1]
    lines = [_axes(across, up)]
    if smooth:
        lines.append(tag("path", d=_path(steps, values, across, up), class_="raw"))
    lines.append(tag("path", d=_path(steps, mean, across, up), class_="line"))
    lines.append(
        tag(
            "circle", cx=f"{_x(across, steps[-1]):.1f}", cy=f"{_y(up, last):.1f}", r=3, class_="end"
        )
    )
    label = f"{title}: {tick_text(values[0])} at step {steps[0]}, {last:.3g} at step {steps[-1]}"
    picture = tag(
        "svg",
        *lines,
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        aria_label=label + (", logarithmic scale" if up.log else ""),
        class_="curve",
    )
    scale = tag("span", "log scale", class_="hint") if up.log else None
    head = tag("figcaption", tag("b", title), tag("span", f"{last:.3g}", class_="now"), scale)
    return tag("figure", head, picture, class_="panel chart")


def running_mean(values: Sequence[float]) -> list[float]:
    """Return an exponential mean over about a twentieth of the values, unbiased at the start."""
    keep = 1 - 1 / max(1.0, len(values) / 20)
    mean, weight, found = 0.0, 0.0, []
    for value in values:
        mean, weight = keep * mean + (1 - keep) * value, keep * weight + (1 - keep)
        found.append(mean / weight)
    return found


def _vertical(values: Sequence[float], mean: Sequence[float]) -> _Scale:
    """Return a scale that holds the mean and all but the wildest values."""
    ordered = sorted(values)
    high = max(*mean, ordered[min(len(ordered) - 1, math.floor(0.995 * len(ordered)))])
    low = min(*mean, ordered[math.ceil(0.005 * (len(ordered) - 1))])
    if low > 0 and high / low > _LOG_RANGE:
        return _Scale(low / 1.1, high * 1.1, log=True)
    if low >= 0 and low < 0.4 * high:
        low = 0.0
    room = 0.06 * (high - low) or abs(high) * 0.1 or 1.0
    return _Scale(low - (room if low else 0.0), high + room, log=False)


def _x(scale: _Scale, step: float) -> float:
    return _LEFT + scale.place(step) * (_WIDTH - _LEFT - _RIGHT)


def _y(scale: _Scale, value: float) -> float:
    place = scale.place(min(max(value, scale.low), scale.high))
    return _HEIGHT - _BOTTOM - place * (_HEIGHT - _TOP - _BOTTOM)


def _path(steps: Sequence[int], values: Sequence[float], across: _Scale, up: _Scale) -> str:
    every = max(1, math.ceil(len(steps) / _POINTS))
    chosen = sorted({*range(0, len(steps), every), len(steps) - 1})
    points = [f"{_x(across, steps[i]):.1f} {_y(up, values[i]):.1f}" for i in chosen]
    return "M" + "L".join(points)


def _axes(across: _Scale, up: _Scale) -> Html:
    marks: list[Html] = []
    for value in up.ticks():
        y = f"{_y(up, value):.1f}"
        marks.append(tag("path", d=f"M{_LEFT} {y}H{_WIDTH - _RIGHT}", class_="grid"))
        marks.append(tag("text", tick_text(value), x=_LEFT - 7, y=y, dy="0.32em", class_="y"))
    for value in across.ticks():
        x = f"{_x(across, value):.1f}"
        marks.append(tag("text", tick_text(value), x=x, y=_HEIGHT - 8, class_="x"))
    return tag("g", *marks)
