"""A round chart as SVG: a painted ground, spots in the colours of classes, names.

Dimensions: n spots.
"""

from collections.abc import Sequence
from typing import NamedTuple

from jaxtyping import Bool, Float, Int
from torch import Tensor

from lzn_runtime.pictures.labelled import shorten
from lzn_runtime.report.charts.zones import RADIUS
from lzn_runtime.report.markup import Html, tag

_SIDE = 400
_PLAIN = "var(--accent)"


class Spots(NamedTuple):
    """Spots with their classes, and which of them get a dark rim."""

    places: Float[Tensor, "n 2"]
    labels: Int[Tensor, " n"] | None = None
    rimmed: Bool[Tensor, " n"] | None = None


def chart(
    *,
    ground: str | None = None,
    spots: Spots | None = None,
    colours: Sequence[str] = (),
    names: Sequence[tuple[float, float, str]] = (),
    alt: str,
) -> Html:
    """Return the chart of a plane out to `RADIUS`.

    Args:
        ground: Data URI of a picture of the whole square.
        spots: Where spots lie on the plane.
        colours: Colour of each class.
        names: Place on the plane and text of each name.
        alt: What is to be seen, in words.
    """
    parts: list[Html] = []
    if ground is not None:
        parts.append(tag("image", href=ground, width=_SIDE, height=_SIDE))
    for deviations in (1, 2) if ground is not None else ():
        radius = f"{deviations / RADIUS * _SIDE / 2:.1f}"
        parts.append(tag("circle", cx=_SIDE // 2, cy=_SIDE // 2, r=radius, class_="ring"))
    if spots is not None:
        parts.append(_spots(spots, colours))
    for x, y, name in names:
        across, down = _place(x, y)
        parts.append(tag("text", shorten(name), x=across, y=down, dy="0.35em", class_="zone-name"))
    return tag("svg", *parts, viewBox=f"0 0 {_SIDE} {_SIDE}", role="img", aria_label=alt)


def _spots(spots: Spots, colours: Sequence[str]) -> Html:
    labels = spots.labels.tolist() if spots.labels is not None else None
    rimmed = spots.rimmed.tolist() if spots.rimmed is not None else [False] * len(spots.places)
    marks: list[Html] = []
    # Those with a rim come last, on top of the others.
    for i in sorted(range(len(rimmed)), key=lambda i: rimmed[i]):
        across, down = _place(*spots.places[i].tolist())
        colour = colours[labels[i]] if labels is not None and colours else _PLAIN
        kind = "spot wrong" if rimmed[i] else "spot"
        marks.append(tag("circle", cx=across, cy=down, r=3.4, fill=colour, class_=kind))
    return tag("g", *marks)


def _place(x: float, y: float) -> tuple[str, str]:
    across = (x / RADIUS + 1) / 2 * _SIDE
    down = (1 - y / RADIUS) / 2 * _SIDE
    return f"{across:.1f}", f"{down:.1f}"
