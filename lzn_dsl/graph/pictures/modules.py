"""Where data, encoders, the space and decoders stand: a row for each modality, four columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx

from lzn_dsl.graph.pictures.fans import fan_in, fan_out, straight
from lzn_dsl.graph.pictures.geometry import Box, Panel, Point, Wire
from lzn_dsl.graph.pictures.measure import text_width
from lzn_dsl.graph.pictures.panels import PAD, TITLE
from lzn_dsl.graph.pictures.text import lines
from lzn_dsl.graph.records import ColumnNode, DecoderNode, EncoderNode, record, records

_MODULE, _COLUMN = 66, 46
_GAP, _COLUMN_GAP = 14, 8
_RADIUS = 80
_WIDTHS = (118.0, 224.0)
_ENTRY, _GUTTER = 66, 84


@dataclass(frozen=True)
class Modules:
    """The upper part of a picture.

    Attributes:
        boxes: Box of each column, module and the space, by node.
        panels: Panels of data, encoders and decoders; one that would be empty is left out.
        wires: What flows between them.
        area: All of it.
        core: The area from the encoders to the decoders.
    """

    boxes: Mapping[str, Box]
    panels: tuple[Panel, ...]
    wires: tuple[Wire, ...]
    area: Box
    core: Box


@dataclass(frozen=True)
class Room:
    """What the modules must leave room for.

    Attributes:
        channels: Width of the dashed lines left of the encoders.
        taps: Largest number of dashed lines that reach one module.
        width: Width to fill, by wider gutters.
    """

    channels: float
    taps: int
    width: float = 0.0


def modalities(graph: nx.MultiDiGraph) -> list[str]:
    """Return the modalities of a graph in the order of their modules, then of other columns."""
    names = [encoder.modality for encoder in records(graph, EncoderNode).values()]
    names += [decoder.modality for decoder in records(graph, DecoderNode).values()]
    names += [column.column for column in records(graph, ColumnNode).values()]
    return list(dict.fromkeys(names))


def place_modules(graph: nx.MultiDiGraph, origin: Point, room: Room) -> Modules:
    """Place the modules of a graph right of and below a point."""
    height = max(_MODULE, 26.0 + 7 * room.taps)
    rows = _rows(graph)
    middles, inner = _middles(rows, height, origin[1] + TITLE)
    panel_height = TITLE + inner + PAD
    data = {n: y for name in rows for n, y in _stack(rows[name].columns, middles[name])}
    encoders = {n: middles[name] for name in rows for n in rows[name].encoders}
    decoders = {n: middles[name] for name in rows for n in rows[name].decoders}
    widths = [_width(graph, nodes) for nodes in (data, encoders, decoders)]
    entry = _ENTRY + room.channels if data else 0.0
    gutter = _GUTTER + max(0.0, room.width - sum(widths) - entry - 2 * (_GUTTER + _RADIUS)) / 2
    boxes: dict[str, Box] = {}
    panels: list[Panel] = []

    def column(title: str, x: float, width: float, nodes: Mapping[str, float], box: float) -> float:
        if nodes:
            panels.append(Panel(title, Box(x, origin[1], width, panel_height)))
        for node, middle in nodes.items():
            boxes[node] = Box(x + PAD, middle - box / 2, width - 2 * PAD, box)
        return x + width

    x = column(_data_title(graph), origin[0], widths[0], data, _COLUMN) + entry
    core = x
    x = column("encoders", x, widths[1], encoders, height) + gutter
    boxes["space"] = Box(x, origin[1] + TITLE + inner / 2 - _RADIUS, 2 * _RADIUS, 2 * _RADIUS)
    x = column("decoders", x + 2 * _RADIUS + gutter, widths[2], decoders, height)
    return Modules(
        boxes=boxes,
        panels=tuple(panels),
        wires=tuple(_wires(graph, boxes)),
        area=Box(origin[0], origin[1], x - origin[0], panel_height),
        core=Box(core, origin[1], x - core, panel_height),
    )


@dataclass(frozen=True)
class _Row:
    columns: tuple[str, ...]
    encoders: tuple[str, ...]
    decoders: tuple[str, ...]


def _rows(graph: nx.MultiDiGraph) -> dict[str, _Row]:
    """Return the nodes of each modality."""
    columns, encoders = records(graph, ColumnNode), records(graph, EncoderNode)
    decoders = records(graph, DecoderNode)
    return {
        name: _Row(
            tuple(n for n, column in columns.items() if column.column == name),
            tuple(n for n, encoder in encoders.items() if encoder.modality == name),
            tuple(n for n, decoder in decoders.items() if decoder.modality == name),
        )
        for name in modalities(graph)
    }


def _middles(rows: Mapping[str, _Row], height: float, top: float) -> tuple[dict[str, float], float]:
    """Return the middle of each row, and the height of all rows."""
    stacked = [len(r.columns) * (_COLUMN + _COLUMN_GAP) - _COLUMN_GAP for r in rows.values()]
    heights = [max(height, s) for s in stacked]
    total = sum(heights) + _GAP * (len(heights) - 1)
    inner = max(total, 2 * _RADIUS - 16)
    y = top + (inner - total) / 2
    middles = {}
    for name, row_height in zip(rows, heights, strict=True):
        middles[name] = y + row_height / 2
        y += row_height + _GAP
    return middles, inner


def _stack(nodes: tuple[str, ...], middle: float) -> Iterable[tuple[str, float]]:
    for index, node in enumerate(nodes):
        yield node, middle + (index - (len(nodes) - 1) / 2) * (_COLUMN + _COLUMN_GAP)


def _width(graph: nx.MultiDiGraph, nodes: Iterable[str]) -> float:
    """Return the width of the panel of some nodes, or 0 for none."""
    widths = [_WIDTHS[0]]
    for node in nodes:
        name, *others = lines(record(graph, node))
        widths += [text_width(name, 14, bold=True) + 38, *(text_width(o, 12) + 38 for o in others)]
    return min(max(widths), _WIDTHS[1]) + 2 * PAD if nodes else 0.0


def _data_title(graph: nx.MultiDiGraph) -> str:
    names = {column.dataset for column in records(graph, ColumnNode).values()}
    return f"data: {next(iter(names))}" if len(names) == 1 else "data"


def _wires(graph: nx.MultiDiGraph, boxes: Mapping[str, Box]) -> Iterable[Wire]:
    space = boxes["space"]
    edges: dict[str, list[tuple[str, str, str]]] = {"samples": [], "anchors": [], "latents": []}
    for source, target, data in graph.edges(data=True):
        flow = data["flow"]
        if flow.kind in edges and source in boxes and target in boxes:
            edges[flow.kind].append((source, target, flow.label))
    for kind, listed in edges.items():
        listed.sort(key=lambda edge: boxes[edge[1 if kind == "latents" else 0]].middle)
        for index, (source, target, label) in enumerate(listed):
            if kind == "samples":
                line = straight(boxes[source], boxes[target])
            elif kind == "anchors":
                line = fan_in(boxes[source], space, index, len(listed))
            else:
                line = fan_out(space, boxes[target], index, len(listed))
            tip = kind if label == kind else f"{kind} of {label}"
            shown = kind if index == 0 else ""
            yield Wire(source, target, kind, line.path, line.end, tip, shown, line.label_at)
