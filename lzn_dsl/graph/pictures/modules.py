"""Where data, encoders, the space and decoders stand: one row a modality, four columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians, sin

import networkx as nx

from lzn_dsl.graph.pictures.geometry import Box, Panel, Point, Wire, curve
from lzn_dsl.graph.pictures.measure import text_width
from lzn_dsl.graph.pictures.text import lines
from lzn_dsl.graph.records import ColumnNode, DecoderNode, EncoderNode, NodeRecord, record

PAD, TITLE = 14, 34
"""Space inside a panel: around its boxes, and above them for its title."""

_ROW, _ROW_GAP = 66, 14
_COLUMN_ROW, _COLUMN_GAP = 46, 8
_RADIUS = 80
_NARROW, _WIDE = 118, 224
_GUTTER = 84


@dataclass(frozen=True)
class Modules:
    """The upper half of a picture.

    Attributes:
        boxes: Box of each column, module and the space, by node.
        panels: Panels of data, encoders and decoders; one that would be empty is left out.
        wires: What flows between them.
        area: All of it.
    """

    boxes: dict[str, Box]
    panels: tuple[Panel, ...]
    wires: tuple[Wire, ...]
    area: Box


@dataclass(frozen=True)
class _Row:
    modality: str
    columns: tuple[str, ...]
    encoder: str | None
    decoder: str | None

    def height(self, least: float) -> float:
        stacked = len(self.columns) * (_COLUMN_ROW + _COLUMN_GAP) - _COLUMN_GAP
        return max(_ROW, least, stacked)


def modalities(graph: nx.MultiDiGraph) -> list[str]:
    """Return the modalities of a graph in the order of their modules."""
    names: dict[str, None] = {}
    for _, data in graph.nodes(data=True):
        if isinstance(data["record"], EncoderNode | DecoderNode):
            names[data["record"].modality] = None
    return list(names)


def place_modules(
    graph: nx.MultiDiGraph, origin: Point, *, channels: int, taps: int, width: float = 0
) -> Modules:
    """Place the modules of a graph.

    Args:
        graph: The task graph.
        origin: Upper left corner.
        channels: Number of dashed lines to leave room for, left of the encoders.
        taps: Largest number of dashed lines that reach one module.
        width: Width to fill, by wider gutters.
    """
    rows = _rows(graph)
    least = 26 + 7 * taps
    heights = [row.height(least) for row in rows]
    inner = max(sum(heights) + _ROW_GAP * (len(rows) - 1), 2 * _RADIUS - 16)
    middles = _spread(heights, origin[1] + TITLE, inner)
    widths = [_width(graph, nodes) for nodes in _columns(rows)]
    entry = 40 + (9 * channels + 10 if channels else 0)
    taken = sum(w + 2 * PAD for w in widths if w) + (entry if widths[0] else 0)
    taken += 2 * _GUTTER + 2 * _RADIUS
    more = max(0.0, width - taken) / 2
    boxes: dict[str, Box] = {}
    panels: list[Panel] = []
    panel_height = TITLE + inner + PAD

    def column(title: str, x: float, width: float, nodes: Iterable[tuple[str, float]]) -> float:
        if not width:
            return x
        area = Box(x, origin[1], width + 2 * PAD, panel_height)
        panels.append(Panel(title, area))
        for node, middle in nodes:
            is_column = isinstance(record(graph, node), ColumnNode)
            height = _COLUMN_ROW if is_column else max(_ROW, least)
            boxes[node] = Box(x + PAD, middle - height / 2, width, height)
        return area.right

    x = column(_data_title(graph), origin[0], widths[0], _stacked(rows, middles))
    x += entry if widths[0] else 0
    x = column("encoders", x, widths[1], _nodes(rows, middles, "encoder"))
    space = Box(
        x + _GUTTER + more, origin[1] + panel_height / 2 - _RADIUS, 2 * _RADIUS, 2 * _RADIUS
    )
    boxes["space"] = space
    x = space.right + _GUTTER + more
    x = column("decoders", x, widths[2], _nodes(rows, middles, "decoder"))
    area = Box(origin[0], origin[1], x - origin[0], panel_height)
    return Modules(boxes, tuple(panels), tuple(_wires(graph, boxes)), area)


def _rows(graph: nx.MultiDiGraph) -> list[_Row]:
    found: dict[str, dict[str, list[str]]] = {name: {} for name in modalities(graph)}
    for node, data in graph.nodes(data=True):
        match data["record"]:
            case EncoderNode(modality=name):
                found[name].setdefault("encoder", []).append(node)
            case DecoderNode(modality=name):
                found[name].setdefault("decoder", []).append(node)
            case ColumnNode(column=name):
                found.setdefault(name, {}).setdefault("columns", []).append(node)
    return [
        _Row(
            name,
            tuple(parts.get("columns", ())),
            next(iter(parts.get("encoder", ())), None),
            next(iter(parts.get("decoder", ())), None),
        )
        for name, parts in found.items()
    ]


def _columns(rows: Iterable[_Row]) -> tuple[list[str], list[str], list[str]]:
    listed = list(rows)
    return (
        [c for row in listed for c in row.columns],
        [row.encoder for row in listed if row.encoder],
        [row.decoder for row in listed if row.decoder],
    )


def _spread(heights: list[float], top: float, inner: float) -> list[float]:
    """Return the middle of each row, the rows spread over the height that there is."""
    if len(heights) == 1:
        return [top + inner / 2]
    gap = (inner - sum(heights)) / max(len(heights) - 1, 1)
    gap = min(gap, 2 * _ROW_GAP)
    y = top + (inner - sum(heights) - gap * (len(heights) - 1)) / 2
    middles = []
    for height in heights:
        middles.append(y + height / 2)
        y += height + gap
    return middles


def _width(graph: nx.MultiDiGraph, nodes: Iterable[str]) -> float:
    listed = list(nodes)
    return min(max((_text_width(record(graph, n)) for n in listed), default=0), _WIDE)


def _text_width(node: NodeRecord) -> float:
    name, *others = lines(node)
    widths = [text_width(name, 14, bold=True), *(text_width(o, 12) for o in others)]
    return max(_NARROW, max(widths) + 40)


def _data_title(graph: nx.MultiDiGraph) -> str:
    names = {d["record"].dataset for _, d in graph.nodes(data=True) if _is_column(d["record"])}
    return f"data: {next(iter(names))}" if len(names) == 1 else "data"


def _is_column(node: NodeRecord) -> bool:
    return isinstance(node, ColumnNode)


def _stacked(rows: list[_Row], middles: list[float]) -> Iterable[tuple[str, float]]:
    pitch = _COLUMN_ROW + _COLUMN_GAP
    for row, middle in zip(rows, middles, strict=True):
        for index, node in enumerate(row.columns):
            yield node, middle + (index - (len(row.columns) - 1) / 2) * pitch


def _nodes(rows: list[_Row], middles: list[float], part: str) -> Iterable[tuple[str, float]]:
    for row, middle in zip(rows, middles, strict=True):
        node = row.encoder if part == "encoder" else row.decoder
        if node:
            yield node, middle


def _wires(graph: nx.MultiDiGraph, boxes: Mapping[str, Box]) -> Iterable[Wire]:
    space = boxes["space"]
    for kind in ("samples", "anchors", "latents"):
        edges = [
            (s, t, d["flow"])
            for s, t, d in graph.edges(data=True)
            if d["flow"].kind == kind and s in boxes and t in boxes
        ]
        directions = _fan(len(edges))
        edges.sort(key=lambda e: boxes[e[0] if e[0] != "space" else e[1]].middle)
        for index, (source, target, flow) in enumerate(edges):
            start = (boxes[source].right, boxes[source].middle)
            end = (boxes[target].x, boxes[target].middle)
            across, down = directions[index]
            if kind == "anchors":
                end = (space.centre - across * _RADIUS, space.middle + down * _RADIUS)
                path = curve(start, end, end_direction=(across, -down))
            elif kind == "latents":
                start = (space.centre + across * _RADIUS, space.middle + down * _RADIUS)
                path = curve(start, end, start_direction=(across, down))
            else:
                path = curve(start, end)
            tip = f"{flow.label} {kind}" if flow.label != kind else kind
            label = kind if index == 0 else ""
            yield Wire(source, target, kind, path, end, tip, label, _label_at(start, end, kind))


def _fan(count: int) -> list[Point]:
    """Return directions out of a circle to one side, spread evenly, from top to bottom."""
    step = min(28.0, 110.0 / max(count - 1, 1))
    angles = [(i - (count - 1) / 2) * step for i in range(count)]
    return [(cos(radians(a)), sin(radians(a))) for a in angles]


def _label_at(start: Point, end: Point, kind: str) -> Point:
    if kind == "samples":
        return (start[0] + end[0]) / 2, start[1] - 7
    return (start[0] + end[0]) / 2, (start[1] + end[1]) / 2 - 9
