"""Shapes of a picture: boxes, panels, and the paths between them. Units are pixels, y downwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Largest x."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Largest y."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """The y half way down."""
        return self.y + self.height / 2

    @property
    def centre(self) -> float:
        """The x half way across."""
        return self.x + self.width / 2

    def overlaps(self, other: "Box") -> bool:
        """Whether the two have an area in common."""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom

    def contains(self, other: "Box") -> bool:
        """Whether the other lies within this one."""
        across = self.x <= other.x and other.right <= self.right
        return across and self.y <= other.y and other.bottom <= self.bottom


@dataclass(frozen=True)
class Panel:
    """A rounded area with a small title that holds boxes."""

    title: str
    box: Box


@dataclass(frozen=True)
class Wire:
    """An edge of the graph as it is drawn.

    Attributes:
        source: Node that it leaves.
        target: Node that it reaches.
        kind: What passes along it; see `lzn_dsl.graph.records.FlowKind`.
        path: Its path, as SVG's attribute `d`.
        end: Its last point.
        tip: What it is, in words.
        label: The text beside it, or an empty string.
        label_at: Where the middle of that text is.
    """

    source: str
    target: str
    kind: str
    path: str
    end: Point
    tip: str = ""
    label: str = ""
    label_at: Point = (0.0, 0.0)


def number(value: float) -> str:
    """Write a coordinate with at most one decimal."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def cubic(
    start: Point, end: Point, start_direction: Point, end_direction: Point
) -> tuple[Point, Point, Point, Point]:
    """Return the points of a Bezier curve that leaves and arrives in directions of length one."""
    reach = 0.5 * abs(end[0] - start[0])
    leave = (start[0] + reach * start_direction[0], start[1] + reach * start_direction[1])
    arrive = (end[0] - reach * end_direction[0], end[1] - reach * end_direction[1])
    return start, leave, arrive, end


def curve(
    start: Point,
    end: Point,
    *,
    start_direction: Point = (1.0, 0.0),
    end_direction: Point = (1.0, 0.0),
) -> str:
    """Return a path along such a curve; by default it leaves and arrives to the right."""
    _, leave, arrive, _ = cubic(start, end, start_direction, end_direction)
    return f"M{_xy(start)}C{_xy(leave)} {_xy(arrive)} {_xy(end)}"


def through(points: Sequence[Point]) -> str:
    """Return a smooth path from left to right through points."""
    pieces = [f"M{_xy(points[0])}"]
    for (x0, y0), (x1, y1) in pairwise(points):
        if abs(y0 - y1) < 0.05:
            pieces.append(f"H{number(x1)}")
            continue
        bend = (x0 + x1) / 2
        pieces.append(f"C{_xy((bend, y0))} {_xy((bend, y1))} {_xy((x1, y1))}")
    return "".join(pieces)


def rounded(points: Sequence[Point], radius: float = 7.0) -> str:
    """Return a path of straight lines through points, its corners rounded."""
    pieces = [f"M{_xy(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        into, out = _toward(corner, before, radius), _toward(corner, after, radius)
        pieces.append(f"L{_xy(into)}Q{_xy(corner)} {_xy(out)}")
    return "".join([*pieces, f"L{_xy(points[-1])}"])


def _toward(start: Point, end: Point, radius: float) -> Point:
    length = hypot(end[0] - start[0], end[1] - start[1])
    share = min(radius, length / 2) / length if length else 0.0
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _xy(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"
