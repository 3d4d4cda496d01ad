"""Where tasks stand: one lane a task, its steps as chips from left to right."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx

from lzn_dsl.graph.pictures.geometry import Box, Panel, Point, Wire, rounded, through
from lzn_dsl.graph.pictures.measure import text_width
from lzn_dsl.graph.pictures.modules import PAD, TITLE
from lzn_dsl.graph.pictures.text import lines
from lzn_dsl.graph.records import MetricNode, StepNode, TaskNode, record, records

CHIP, TAG = 28, 22
"""Heights of a chip and of a tag."""

END = 5
"""Radius of the dot at which a task ends."""

_PITCH, _TAG_PITCH = 38, 27
_LEAST = 56
_TITLES = (120, 300)
_GAP = 34
_WIDEST_CHIP = 260


@dataclass(frozen=True)
class Lane:
    """A task: its area, the area of its title, and the dot at which it ends."""

    task: str
    box: Box
    title: Box
    end: Point


@dataclass(frozen=True)
class Lanes:
    """The lower half of a picture."""

    lanes: tuple[Lane, ...]
    boxes: dict[str, Box]
    panels: tuple[Panel, ...]
    wires: tuple[Wire, ...]
    area: Box


@dataclass(frozen=True)
class _Line:
    """A task before it is placed: its steps by column, with None where an edge passes by."""

    task: str
    columns: tuple[tuple[str, ...], ...]
    paths: Mapping[tuple[str, str], tuple[str, ...]]
    tags: tuple[str, ...]

    @property
    def height(self) -> float:
        rows = max((len(c) for c in self.columns), default=1)
        return max(_LEAST, rows * _PITCH + 18, len(self.tags) * _TAG_PITCH + 14)


def place_lanes(graph: nx.MultiDiGraph, origin: Point, width: float) -> Lanes:
    """Place the tasks of a graph below a point, at least as wide as `width`."""
    tasks = [_line(graph, node) for node in records(graph, TaskNode)]
    if not tasks:
        return Lanes((), {}, (), (), Box(*origin, 0, 0))
    title = _clamp(max(_title_width(graph, line.task) for line in tasks), *_TITLES)
    placed = [_chips(graph, line) for line in tasks]
    ends = max(end for _, _, end in placed)
    tags = max(
        (text_width(lines(record(graph, t))[0], 11.5) + 20 for line in tasks for t in line.tags),
        default=0,
    )
    start = origin[0] + PAD + title + 24
    needed = start - origin[0] + ends + (34 + tags if tags else 0) + PAD
    width = max(width, needed)
    tag_x = origin[0] + width - PAD - tags
    boxes: dict[str, Box] = {}
    wires: list[Wire] = []
    lanes: list[Lane] = []
    y = origin[1] + TITLE - 4
    for line, (chips, labels, end) in zip(tasks, placed, strict=True):
        area = Box(origin[0] + PAD, y, width - 2 * PAD, line.height)
        dot = (start + end - END, area.middle)
        lane = Lane(line.task, area, Box(area.x, y, title, line.height), dot)
        lanes.append(lane)
        own = {n: Box(b.x + start, b.y + area.middle, b.width, b.height) for n, b in chips.items()}
        boxes.update({n: b for n, b in own.items() if n in graph})
        wires += _flows(graph, line, own, dot, labels)
        wires += _judges(graph, line, lane, tag_x, boxes)
        y += line.height
    area = Box(origin[0], origin[1], width, y + 8 - origin[1])
    return Lanes(tuple(lanes), boxes, (Panel("tasks", area),), tuple(wires), area)


def _line(graph: nx.MultiDiGraph, task: str) -> _Line:
    name = lines(record(graph, task))[0]
    own = [n for n, r in records(graph, StepNode).items() if isinstance(r, StepNode) and r.task == name]
    steps = nx.DiGraph()
    steps.add_nodes_from(own)
    steps.add_edges_from((s, t) for s, t in graph.edges() if s in steps and t in steps)
    columns = [sorted(layer, key=own.index) for layer in nx.topological_generations(steps)]
    depth = {node: i for i, layer in enumerate(columns) for node in layer}
    paths: dict[tuple[str, str], tuple[str, ...]] = {}
    for source, target in steps.edges():
        passed = []
        for column in range(depth[source] + 1, depth[target]):
            passing = f"{source} passes {column}"
            if passing not in columns[column]:
                columns[column].append(passing)
            passed.append(passing)
        paths[source, target] = (source, *passed, target)
    tags = tuple(
        n for n, r in records(graph, MetricNode).items() if isinstance(r, MetricNode) and r.task == name
    )
    return _Line(task, tuple(tuple(c) for c in columns), paths, tags)


def _chips(
    graph: nx.MultiDiGraph, line: _Line
) -> tuple[dict[str, Box], dict[tuple[str, str], str], float]:
    """Place the chips of a lane around the origin; also return edge labels and the far end."""
    boxes: dict[str, Box] = {}
    labels = _labels(graph, line)
    x = 0.0
    for index, column in enumerate(line.columns):
        widths = {n: _chip_width(graph, n) for n in column}
        widest = max(widths.values(), default=0)
        for row, node in enumerate(column):
            middle = (row - (len(column) - 1) / 2) * _PITCH
            left = x + (widest - widths[node]) / 2
            boxes[node] = Box(left, middle - CHIP / 2, widths[node], CHIP)
        following = line.columns[index + 1] if index + 1 < len(line.columns) else (line.task,)
        texts = [labels.get((s, t), "") for s in column for t in following]
        x += widest + max(text_width(t, 11) for t in texts) + _GAP
    return boxes, labels, x + 2 * END


def _labels(graph: nx.MultiDiGraph, line: _Line) -> dict[tuple[str, str], str]:
    """Return what flows along each edge; an input that says so itself needs no label."""
    labels: dict[tuple[str, str], str] = {}
    for column in line.columns:
        for source in (n for n in column if n in graph):
            said = lines(record(graph, source))[0]
            for _, target, data in graph.out_edges(source, data=True):
                path = line.paths.get((source, target), (source, target))
                text = data["flow"].label
                labels[path[0], path[1]] = "" if text == said else text
    return labels


def _flows(
    graph: nx.MultiDiGraph,
    line: _Line,
    boxes: Mapping[str, Box],
    end: Point,
    labels: Mapping[tuple[str, str], str],
) -> Iterable[Wire]:
    for source in boxes:
        if source not in graph:
            continue
        for _, target, data in graph.out_edges(source, data=True):
            path = line.paths.get((source, target), (source, target))
            start = (boxes[source].right, boxes[source].middle)
            points = [start]
            for node in path[1:-1]:
                points += [(boxes[node].x, boxes[node].middle), (boxes[node].right, boxes[node].middle)]
            last = end if target == line.task else (boxes[target].x, boxes[target].middle)
            last = (last[0] - END, last[1]) if target == line.task else last
            points.append(last)
            label = labels.get((path[0], path[1]), "")
            at = ((points[0][0] + points[1][0]) / 2 - 2, (points[0][1] + points[1][1]) / 2 - 6)
            flow = data["flow"]
            yield Wire(source, target, flow.kind, through(points), last, flow.label, label, at)


def _judges(
    graph: nx.MultiDiGraph, line: _Line, lane: Lane, x: float, boxes: dict[str, Box]
) -> Iterable[Wire]:
    for index, tag in enumerate(line.tags):
        middle = lane.box.middle + (index - (len(line.tags) - 1) / 2) * _TAG_PITCH
        width = text_width(lines(record(graph, tag))[0], 11.5) + 20
        boxes[tag] = Box(x, middle - TAG / 2, width, TAG)
        start, bend, end = (lane.end[0] + END, lane.end[1]), x - 14, (x, middle)
        points = [start, end] if start[1] == middle else [start, (bend, start[1]), (bend, middle), end]
        yield Wire(line.task, tag, "judges", rounded(points), end, "judged by")


def _chip_width(graph: nx.MultiDiGraph, node: str) -> float:
    if node not in graph:
        return 0.0
    return min(text_width(lines(record(graph, node))[0], 12.5) + 26, _WIDEST_CHIP)


def _title_width(graph: nx.MultiDiGraph, task: str) -> float:
    name, phrase = lines(record(graph, task))
    return max(text_width(name, 14, bold=True), text_width(phrase, 12)) + 8


def _clamp(value: float, low: float, high: float) -> float:
    return max(low, min(value, high))
