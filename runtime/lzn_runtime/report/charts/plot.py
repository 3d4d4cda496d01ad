"""What plots that stand alone have in common: their frame, axes, legend and style.

A plot is an SVG of class `plot`. Its series have their own colours, which read on light and dark;
text and axes get theirs from `charts.css`, which knows both.
"""

from collections.abc import Sequence
from importlib.resources import files
from typing import NamedTuple

from lzn_runtime.report.charts.scale import Scale
from lzn_runtime.report.charts.ticks import tick_text
from lzn_runtime.report.markup import Html, join, tag

_LETTER = 7.0
"""Width of a letter of a legend, about."""
_SWATCH = 24
_LEGEND_LINE = 20
_NAMES = 40
_DASHES = (None, "7 4", "2 3", "9 3 2 3")


class Frame(NamedTuple):
    """Where the axes of a plot are, in units of the picture."""

    left: float
    right: float
    top: float
    bottom: float

    def x(self, scale: Scale, value: float) -> float:
        """Return where a value lies from left to right."""
        return self.left + scale.place(scale.clamp(value)) * (self.right - self.left)

    def y(self, scale: Scale, value: float) -> float:
        """Return where a value lies from top to bottom."""
        return self.bottom - scale.place(scale.clamp(value)) * (self.bottom - self.top)


def plot(*parts: Html, width: float, height: float, alt: str) -> Html:
    """Return a plot of its parts; `alt` says in words what is to be seen."""
    return tag(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        width=f"{width:.0f}",
        height=f"{height:.0f}",
        role="img",
        aria_label=alt,
        class_="plot",
    )


def standalone(picture: Html) -> str:
    """Return a plot as the text of an SVG file, its style inside."""
    head, body = picture.split(">", 1)
    return f"{head}>{tag('style', Html(chart_style()))}{body}\n"


def chart_style() -> str:
    """Return the style of all plots, for a page that has some."""
    return files("lzn_runtime.report.charts").joinpath("charts.css").read_text(encoding="utf-8")


def short(text: str, most: int) -> str:
    """Return a text of so many characters at most."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def dash(place: int) -> str | None:
    """Return the dashes of the line of that place, so that colour is not all that tells."""
    return _DASHES[place % len(_DASHES)]


def horizontal_axis(frame: Frame, scale: Scale, label: str) -> Html:
    """Return the axis below a frame, with lines up at its ticks."""
    marks = [tag("path", d=f"M{frame.left} {frame.bottom}H{frame.right}", class_="spine")]
    for value in scale.ticks():
        x = f"{frame.x(scale, value):.1f}"
        marks.append(tag("path", d=f"M{x} {frame.top:.1f}V{frame.bottom:.1f}", class_="rule"))
        y = f"{frame.bottom + 17:.1f}"
        marks.append(tag("text", tick_text(value), x=x, y=y, text_anchor="middle"))
    middle = f"{(frame.left + frame.right) / 2:.1f}"
    y = f"{frame.bottom + 37:.1f}"
    marks.append(tag("text", label, x=middle, y=y, text_anchor="middle"))
    return tag("g", *marks)


def vertical_axis(frame: Frame, scale: Scale, label: str) -> Html:
    """Return the axis left of a frame, with lines across at its ticks."""
    marks: list[Html] = []
    for value in scale.ticks():
        y = f"{frame.y(scale, value):.1f}"
        marks.append(tag("path", d=f"M{frame.left} {y}H{frame.right}", class_="rule"))
        x = f"{frame.left - 8:.1f}"
        marks.append(tag("text", tick_text(value), x=x, y=y, dy="0.32em", text_anchor="end"))
    x, y = f"{frame.left - 46:.1f}", f"{(frame.top + frame.bottom) / 2:.1f}"
    told = f"{label}, logarithmic" if scale.log else label
    turned = f"rotate(-90 {x} {y})"
    marks.append(tag("text", told, x=x, y=y, text_anchor="middle", transform=turned))
    return tag("g", *marks)


def legend(
    names: Sequence[str], colours: Sequence[str], *, left: float, top: float, right: float
) -> tuple[Html, float]:
    """Return a legend in as many lines as it needs, and the height that it takes."""
    x, y = left, top
    marks: list[Html] = []
    for place, (name, colour) in enumerate(zip(names, colours, strict=True)):
        text = short(name, _NAMES)
        width = _SWATCH + 8 + _LETTER * len(text) + 18
        if x + width > right and x > left:
            x, y = left, y + _LEGEND_LINE
        line = f"M{x:.1f} {y - 4:.1f}h{_SWATCH}"
        pattern = dash(place)
        marks.append(tag("path", d=line, stroke=colour, stroke_dasharray=pattern, class_="line"))
        marks.append(tag("text", text, x=f"{x + _SWATCH + 8:.1f}", y=f"{y:.1f}", class_="name"))
        x += width
    return join(*marks), y - top + _LEGEND_LINE
