"""Figures of `docs/scaling.md` as SVG: lines over logarithmic axes, and bars of parts."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lzn_runtime.benchmarks.latent.tables import Row
from lzn_runtime.report.charts.palette import class_colours
from lzn_runtime.report.charts.ticks import linear_ticks, tick_text
from lzn_runtime.report.markup import Html, tag

_WIDTH, _HEIGHT = 940, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 290, 40, 56
_INK, _GRID = "#222222", "#dddddd"


@dataclass(frozen=True)
class Line:
    """A line of a chart: its name, its points, and whether it is dashed."""

    name: str
    points: Sequence[tuple[float, float]]
    colour: str
    dashed: bool = False


def lines(
    found: Sequence[Line], *, title: str, across: str, up: str, logarithmic: bool = True
) -> str:
    """Return lines over a logarithmic horizontal axis with powers of two."""
    values = [y for line in found for _, y in line.points]
    xs = sorted({x for line in found for x, _ in line.points})
    low = math.floor(math.log10(min(values))) if logarithmic else 0.0
    high = math.ceil(math.log10(max(values))) if logarithmic else max(values)

    def place_x(x: float) -> float:
        share = math.log(x / xs[0]) / math.log(xs[-1] / xs[0])
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def place_y(y: float) -> float:
        share = ((math.log10(y) if logarithmic else y) - low) / (high - low)
        return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)

    ticks = (
        [10.0**p for p in range(int(low), int(high) + 1)]
        if logarithmic
        else [t for t in linear_ticks(low, high) if t <= high]
    )
    marks = [_horizontal(place_y(t), tick_text(t)) for t in ticks]
    marks += [_text(f"{x:,.0f}", place_x(x), _HEIGHT - _BOTTOM + 18, "middle") for x in xs]
    for i, line in enumerate(found):
        path = "M" + "L".join(f"{place_x(x):.1f} {place_y(y):.1f}" for x, y in line.points)
        dash = "6 4" if line.dashed else None
        style: dict[str, str | float] = {"fill": "none", "stroke": line.colour, "stroke_width": 2.2}
        marks.append(tag("path", d=path, stroke_dasharray=dash, **style))
        y = _TOP + 10 + 22 * i
        key = f"M{_WIDTH - _RIGHT + 16} {y}h26"
        marks.append(tag("path", d=key, stroke_dasharray=dash, **style))
        marks.append(_text(line.name, _WIDTH - _RIGHT + 50, y + 4, "start"))
    return _picture(marks, title=title, across=across, up=up)


def stacked(
    groups: Mapping[str, Mapping[str, Mapping[str, float]]], *, title: str, across: str, up: str
) -> str:
    """Return groups of bars, the parts of each as percent of their sum."""
    bars = [bar for group in groups.values() for bar in group.values()]
    parts = list(dict.fromkeys(part for bar in bars for part in bar))
    colours = dict(zip(parts, class_colours(len(parts)), strict=True))
    room = (_WIDTH - _LEFT - _RIGHT) / (len(bars) + 0.6 * len(groups))
    marks = [_horizontal(_place_percent(p), str(p)) for p in range(0, 101, 25)]
    left = _LEFT + 0.3 * room
    for name, group in groups.items():
        middle = left + len(group) * room / 2
        marks.append(_text(name, middle, _HEIGHT - _BOTTOM + 34, "middle", size=11))
        for label, bar in group.items():
            marks += _bar(bar, left + 0.08 * room, 0.84 * room, colours)
            below = _HEIGHT - _BOTTOM + 16
            marks.append(_text(label, left + room / 2, below, "middle", size=11))
            left += room
        left += 0.6 * room
    for i, part in enumerate(reversed(parts)):
        y, x = _TOP + 22 * i, _WIDTH - _RIGHT + 16
        marks.append(tag("rect", x=x, y=y, width=14, height=14, fill=colours[part]))
        marks.append(_text(part, x + 22, y + 12, "start"))
    return _picture(marks, title=title, across=across, up=up)


def _bar(
    bar: Mapping[str, float], left: float, width: float, colours: Mapping[str, str]
) -> list[Html]:
    done, total = 0.0, sum(bar.values())
    marks = []
    for part, value in bar.items():
        base, done = _place_percent(done), done + 100 * value / total
        top = _place_percent(done)
        size = {"x": f"{left:.1f}", "y": f"{top:.1f}", "width": f"{width:.1f}"}
        marks.append(tag("rect", height=f"{base - top:.1f}", fill=colours[part], **size))
    return marks


def _place_percent(percent: float) -> float:
    return _HEIGHT - _BOTTOM - percent / 100 * (_HEIGHT - _TOP - _BOTTOM)


def share_figure(shares: Sequence[Row], names: Sequence[str]) -> str:
    """Draw the percent of a step that latents take over the batch, for both forms."""
    colours = class_colours(len(names))
    found = [
        Line(
            f"{name}, {form}",
            [(float(row["batch n"]), float(row[f"{name}, {form}"])) for row in shares],
            colour,
            dashed=form == "published",
        )
        for name, colour in zip(names, colours, strict=True)
        for form in ("attention", "published")
    ]
    title = "Model: share of the latent computation in a step, H100"
    return lines(found, title=title, across="batch n", up="% of step", logarithmic=False)


def step_figure(steps: Sequence[Row], names: Sequence[str]) -> str:
    """Draw where the time of each configuration's step goes over the number of GPUs."""
    parts = ("networks", "latents", "gather", "all-reduce", "update")
    groups = {
        name: {
            str(row["GPUs"]): {part: float(row[f"{part}, ms"]) for part in parts}
            for row in steps
            if row["configuration"] == name
        }
        for name in names
    }
    title = "Model: where the time of a step goes, H100"
    return stacked(groups, title=title, across="GPUs", up="% of step")


def _picture(marks: Sequence[Html], *, title: str, across: str, up: str) -> str:
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    return (
        tag(
            "svg",
            tag("rect", width=_WIDTH, height=_HEIGHT, fill="white"),
            _text(title, _LEFT + 20, 20, "start"),
            _text(across, middle, _HEIGHT - 8, "middle"),
            _text(up, 8, _TOP - 12, "start", size=11),
            *marks,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
            width=_WIDTH,
            height=_HEIGHT,
            font_family="sans-serif",
            role="img",
            aria_label=title,
        )
        + "\n"
    )


def _horizontal(y: float, text: str) -> Html:
    rule = f"M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"
    return tag("g", tag("path", d=rule, stroke=_GRID), _text(text, _LEFT - 8, y + 4, "end"))


def _text(text: str, x: float, y: float, anchor: str, size: int = 13) -> Html:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text_anchor": anchor}
    return tag("text", text, font_size=size, fill=_INK, **place)
