"""A curve over training steps as SVG: measured values faint, their running mean strong."""

import math
from collections.abc import Sequence

from lzn_runtime.report.charts.scale import Scale, vertical_scale
from lzn_runtime.report.charts.ticks import tick_text
from lzn_runtime.report.markup import Html, tag

_WIDTH, _HEIGHT = 340, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 12, 12, 26
_POINTS = 600
"""Points that are drawn, at most."""


def curve(
    steps: Sequence[int], values: Sequence[float], *, title: str, smooth: bool = True
) -> Html:
    """Return the curve of finite values over steps; both have one length, 2 at least.

    The vertical scale is logarithmic where all values are positive and far apart.
    """
    mean = running_mean(values) if smooth else list(values)
    across, up = (
        Scale(steps[0], max(steps[-1], steps[0] + 1), log=False),
        vertical_scale(values, mean),
    )
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


def _x(scale: Scale, step: float) -> float:
    return _LEFT + scale.place(step) * (_WIDTH - _LEFT - _RIGHT)


def _y(scale: Scale, value: float) -> float:
    place = scale.place(min(max(value, scale.low), scale.high))
    return _HEIGHT - _BOTTOM - place * (_HEIGHT - _TOP - _BOTTOM)


def _path(steps: Sequence[int], values: Sequence[float], across: Scale, up: Scale) -> str:
    every = max(1, math.ceil(len(steps) / _POINTS))
    chosen = sorted({*range(0, len(steps), every), len(steps) - 1})
    points = [f"{_x(across, steps[i]):.1f} {_y(up, values[i]):.1f}" for i in chosen]
    return "M" + "L".join(points)


def _axes(across: Scale, up: Scale) -> Html:
    marks: list[Html] = []
    for value in up.ticks():
        y = f"{_y(up, value):.1f}"
        marks.append(tag("path", d=f"M{_LEFT} {y}H{_WIDTH - _RIGHT}", class_="grid"))
        marks.append(tag("text", tick_text(value), x=_LEFT - 7, y=y, dy="0.32em", class_="y"))
    for value in across.ticks():
        x = f"{_x(across, value):.1f}"
        marks.append(tag("text", tick_text(value), x=x, y=_HEIGHT - 8, class_="x"))
    return tag("g", *marks)
