"""Where tasks stand: one lane a task, its steps as chips from left to right.

The columns of steps are the same in all lanes. An edge that skips a column is led through it in a
row of its own, so that it passes no chip.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from lzn_dsl.graph.pictures.geometry import Box, Panel, Point, Wire, rounded, through
from lzn_dsl.graph.pictures.measure import text_width
from lzn_dsl.graph.pictures.panels import PAD, TITLE
from lzn_dsl.graph.pictures.text import lines
from lzn_dsl.graph.records import MetricNode, StepNode, TaskNode, record, records

_CHIP, _TAG = 28, 22
_PITCH, _TAG_PITCH = 38, 27
_LEAST = 58
_TITLES = (120.0, 300.0)
_GAP = 30
_WIDEST = 260.0

_Edge = tuple[str, str]


@dataclass(frozen=True)
class Lane:
    """A task: its whole area, the area of its title, and the pill of its result."""

    task: str
    area: Box
    title: Box
    end: Box
    result: str


@dataclass(frozen=True)
class Lanes:
    """The tasks, with boxes of their steps and metrics by node."""

    lanes: tuple[Lane, ...]
    boxes: Mapping[str, Box]
    panels: tuple[Panel, ...]
    wires: tuple[Wire, ...]
    area: Box


@dataclass(frozen=True)
class _Plan:
    """A task before it is placed.

    Attributes:
        task: Its node.
        columns: Nodes by column, the last column the task itself. Names that are no nodes are
            places where an edge passes a column.
        paths: The names that each edge passes, by its nodes.
        labels: What is written beside an edge.
        texts: What stands in the chip of each node.
        tags: Nodes of its metrics.
    """

    task: str
    columns: Sequence[Sequence[str]]
    paths: Mapping[_Edge, Sequence[str]]
    labels: Mapping[_Edge, str]
    texts: Mapping[str, str]
    tags: Sequence[str]

    @property
    def height(self) -> float:
        """Height of its lane."""
        rows = max(len(column) for column in self.columns)
        return max(_LEAST, rows * _PITCH + 20, len(self.tags) * _TAG_PITCH + 14)

    def width(self, node: str) -> float:
        """Width of the chip of a node; 0 where an edge passes."""
        text = self.texts.get(node)
        return 0.0 if text is None else min(text_width(text, 12.5, bold=True) + 24, _WIDEST)


def place_lanes(graph: nx.MultiDiGraph, origin: Point, width: float) -> Lanes:
    """Place the tasks of a graph below a point, in a panel at least as wide as `width`."""
    plans = [_plan(graph, node) for node in records(graph, TaskNode)]
    if not plans:
        return Lanes((), {}, (), (), Box(*origin, width, 0))
    left = origin[0] + PAD
    title = max(_TITLES[0], *(min(_title_width(graph, p.task), _TITLES[1]) for p in plans))
    columns, end = _columns(plans, left + title + 24)
    tags = {tag: lines(record(graph, tag))[0] for plan in plans for tag in plan.tags}
    tag_x = end + 34
    right = tag_x + max(_tag_width(t) for t in tags.values()) if tags else end
    width = max(width, right + PAD - origin[0])
    boxes: dict[str, Box] = {}
    wires: list[Wire] = []
    lanes: list[Lane] = []
    y = origin[1] + TITLE - 4
    for plan in plans:
        area = Box(left, y, width - 2 * PAD, plan.height)
        chips = _chips(plan, columns, area.middle)
        own = [Box(tag_x, m, _tag_width(tags[t]), _TAG) for t, m in _tag_places(plan, area)]
        wires += [*_flows(graph, plan, chips), *_judges(plan, chips[plan.task], own)]
        boxes.update({n: b for n, b in chips.items() if n in plan.texts and n != plan.task})
        boxes.update(zip(plan.tags, own, strict=True))
        title_box = Box(left, y, title, plan.height)
        lanes.append(Lane(plan.task, area, title_box, chips[plan.task], plan.texts[plan.task]))
        y += plan.height
    area = Box(origin[0], origin[1], width, y + 8 - origin[1])
    return Lanes(tuple(lanes), boxes, (Panel("tasks", area),), tuple(wires), area)


def _plan(graph: nx.MultiDiGraph, task: str) -> _Plan:
    name = lines(record(graph, task))[0]
    own = [n for n, step in records(graph, StepNode).items() if step.task == name]
    tags = [n for n, metric in records(graph, MetricNode).items() if metric.task == name]
    texts = {node: lines(record(graph, node))[0] for node in own}
    steps = nx.DiGraph()
    steps.add_nodes_from([*own, task])
    labels: dict[_Edge, str] = {}
    for source, target, data in graph.edges(data=True):
        if source in steps and target in steps:
            steps.add_edge(source, target)
            label = data["flow"].label
            if target == task:
                texts[task] = label
            elif label != texts[source]:
                labels[source, target] = label
    texts.setdefault(task, "")
    order = [*own, task]
    columns = [sorted(layer, key=order.index) for layer in nx.topological_generations(steps)]
    return _Plan(task, columns, _pass_columns(steps, columns), labels, texts, tags)


def _pass_columns(steps: nx.DiGraph, columns: list[list[str]]) -> dict[_Edge, list[str]]:
    """Give edges that skip columns a place in each; return the names that each edge passes."""
    depth = {node: index for index, column in enumerate(columns) for node in column}
    paths: dict[_Edge, list[str]] = {}
    for source, target in steps.edges():
        passed = [f"{source} passes {c}" for c in range(depth[source] + 1, depth[target])]
        for index, name in enumerate(passed, start=depth[source] + 1):
            if name not in columns[index]:
                columns[index].append(name)
        paths[source, target] = [source, *passed, target]
    return paths


def _columns(plans: Sequence[_Plan], start: float) -> tuple[list[float], float]:
    """Return the x of each column, and where the widest lane ends."""
    xs: list[float] = []
    x = end = start
    for index in range(max(len(plan.columns) for plan in plans)):
        xs.append(x)
        here = [(p, n) for p in plans if index < len(p.columns) for n in p.columns[index]]
        texts = [t for p, n in here for (s, _), t in p.labels.items() if s == n]
        end = x + max(plan.width(node) for plan, node in here)
        x = end + max((text_width(text, 11) for text in texts), default=0) + _GAP
    return xs, end


def _chips(plan: _Plan, columns: Sequence[float], middle: float) -> dict[str, Box]:
    """Place the chips of a lane, and the places where edges pass."""
    return {
        node: Box(
            x,
            middle + (row - (len(column) - 1) / 2) * _PITCH - _CHIP / 2,
            plan.width(node),
            _CHIP,
        )
        for x, column in zip(columns, plan.columns, strict=False)
        for row, node in enumerate(column)
    }


def _flows(graph: nx.MultiDiGraph, plan: _Plan, chips: Mapping[str, Box]) -> Iterable[Wire]:
    for (source, target), path in plan.paths.items():
        points = [
            (chips[source].right, chips[source].middle),
            *((chips[node].x, chips[node].middle) for node in path[1:]),
        ]
        label = plan.labels.get((source, target), "")
        flow = next(iter(graph.get_edge_data(source, target).values()))["flow"]
        yield Wire(
            source=source,
            target=target,
            kind=flow.kind,
            path=through(points),
            end=points[-1],
            tip=flow.label,
            label=label,
            label_at=_label_at(points[0], points[1], text_width(label, 11)),
        )


def _label_at(start: Point, end: Point, width: float) -> Point:
    """Return the middle of a text over the level part of an edge."""
    if start[1] == end[1]:
        return (start[0] + end[0]) / 2 - 2, start[1] - 6
    return start[0] + 4 + width / 2, start[1] + (-5 if start[1] < end[1] else 14)


def _tag_places(plan: _Plan, area: Box) -> Iterable[tuple[str, float]]:
    for index, tag in enumerate(plan.tags):
        offset = (index - (len(plan.tags) - 1) / 2) * _TAG_PITCH
        yield tag, area.middle + offset - _TAG / 2


def _judges(plan: _Plan, end: Box, tags: Sequence[Box]) -> Iterable[Wire]:
    for node, tag in zip(plan.tags, tags, strict=True):
        start, bend, stop = (end.right, end.middle), tag.x - 14, (tag.x, tag.middle)
        corners = [] if start[1] == stop[1] else [(bend, start[1]), (bend, stop[1])]
        yield Wire(plan.task, node, "judges", rounded([start, *corners, stop]), stop, "judged by")


def _tag_width(text: str) -> float:
    return min(text_width(text, 11.5) + 20, _WIDEST)


def _title_width(graph: nx.MultiDiGraph, task: str) -> float:
    name, phrase = lines(record(graph, task))
    return max(text_width(name, 14, bold=True), text_width(phrase, 12)) + 8
