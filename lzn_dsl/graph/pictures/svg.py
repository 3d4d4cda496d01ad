"""The task graph as SVG: laid out here, without Graphviz, and readable as it is."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

import networkx as nx

from lzn_dsl.graph.pictures.geometry import Box, Panel, Wire, number
from lzn_dsl.graph.pictures.lanes import END, Lane
from lzn_dsl.graph.pictures.layout import MARGIN, Layout, lay_out
from lzn_dsl.graph.pictures.measure import shorten
from lzn_dsl.graph.pictures.style import DARK, style_sheet
from lzn_dsl.graph.pictures.text import lines, tip
from lzn_dsl.graph.quantities import parameters
from lzn_dsl.graph.records import (
    ColumnNode,
    DecoderNode,
    EncoderNode,
    MetricNode,
    NodeRecord,
    ObjectiveNode,
    SpaceNode,
    StepNode,
    TaskNode,
    record,
    records,
)

_ARROWS = ("samples", "anchors", "latents", "features", "result")


def to_svg(graph: nx.MultiDiGraph) -> str:
    """Draw a task graph as SVG, light or dark as the viewer prefers."""
    layout = lay_out(graph)
    title = str(graph.graph.get("title", "program"))
    size = f"{number(layout.width)} {number(layout.height)}"
    width, height = size.split()
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="lzn-graph" width="{width}" '
        f'height="{height}" viewBox="0 0 {size}" role="img" aria-label={_attribute(title)}>',
        f"<title>{_text(title)}</title>",
        f"<desc>{_text(summary(graph))}</desc>",
        f"<style>\n{style_sheet()}\n</style>",
        _definitions(),
        f'<rect class="page" width="{width}" height="{height}" rx="14"/>',
        *_header(title, summary(graph)),
        *(_panel(panel) for panel in layout.panels),
        *_rules(layout),
        *(_wire(wire, layout) for wire in layout.wires),
        *(_node(graph, node, box, layout) for node, box in layout.boxes.items()),
        *(_lane(graph, lane) for lane in layout.lanes),
        _legend(layout),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def summary(graph: nx.MultiDiGraph) -> str:
    """Say in a line what a graph holds."""
    modules = [r for _, r in _of(graph, EncoderNode | DecoderNode)]
    names = {r.modality for r in modules if isinstance(r, EncoderNode | DecoderNode)}
    total = sum(r.parameters for r in modules if isinstance(r, EncoderNode | DecoderNode))
    return ", ".join(
        [
            _plural(len(names), "modality", "modalities"),
            _plural(len(records(graph, TaskNode)), "task", "tasks"),
            _plural(len(records(graph, ObjectiveNode)), "objective", "objectives"),
            parameters(total),
        ]
    )


def _of(graph: nx.MultiDiGraph, kind: type) -> Iterable[tuple[str, NodeRecord]]:
    return ((n, d["record"]) for n, d in graph.nodes(data=True) if isinstance(d["record"], kind))


def _plural(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _definitions() -> str:
    return (
        "<defs>\n"
        '<radialGradient id="lzn-space"><stop class="space-inner" offset="0"/>'
        '<stop class="space-outer" offset="1"/></radialGradient>\n'
        '<marker id="lzn-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path class="tip" d="M0 0.6L7.4 4L0 7.4L1.6 4z"/>'
        "</marker>\n"
        "</defs>"
    )


def _header(title: str, text: str) -> list[str]:
    return [
        f'<text class="title" x="{MARGIN}" y="35">{_text(shorten(title, 20, 600))}</text>',
        f'<text class="summary faint" x="{MARGIN}" y="53">{_text(text)}</text>',
    ]


def _panel(panel: Panel) -> str:
    box = panel.box
    title = shorten(panel.title, 12, box.width - 28, bold=True)
    return (
        f'<g class="panel"><rect {_place(box)} rx="12"/>'
        f'<text x="{number(box.x + 14)}" y="{number(box.y + 21)}">{_text(title)}</text></g>'
    )


def _rules(layout: Layout) -> Iterable[str]:
    for lane in layout.lanes[1:]:
        y = number(lane.box.y)
        yield f'<path class="rule" d="M{number(lane.box.x)} {y}H{number(lane.box.right)}"/>'


def _wire(wire: Wire, layout: Layout) -> str:
    in_panel = " in-panel" if wire.kind in ("samples", "features", "latents", "result") else ""
    if wire.source == "space" or wire.target.startswith("encoder:"):
        in_panel = ""
    marker = ' marker-end="url(#lzn-arrow)"' if wire.kind in _ARROWS else ""
    parts = [
        f'<g class="wire {wire.kind}{in_panel}" data-from={_attribute(wire.source)} '
        f"data-to={_attribute(wire.target)}>",
        f"<title>{_text(wire.tip)}</title>" if wire.tip else "",
        f'<path d="{wire.path}"{marker}/>',
    ]
    if wire.kind == "trains":
        x, y = wire.end
        parts.append(f'<circle class="trains-tip" cx="{number(x)}" cy="{number(y)}" r="2.6"/>')
    if wire.label:
        x, y = wire.label_at
        parts.append(f'<text x="{number(x)}" y="{number(y)}">{_text(wire.label)}</text>')
    return "".join([*parts, "</g>"])


def _node(graph: nx.MultiDiGraph, node: str, box: Box, layout: Layout) -> str:
    found = record(graph, node)
    kind = type(found).__name__.removesuffix("Node").lower()
    modality = getattr(found, "column", None) or getattr(found, "modality", None)
    tint = layout.tints.get(str(modality))
    classes = kind if tint is None or kind == "objective" else f"{kind} tint-{tint % len(DARK.tints)}"
    if isinstance(found, StepNode) and found.primitive == "input":
        classes = f"input {classes}"
    return (
        f'<g class="node {classes}" data-node={_attribute(node)}>'
        f"<title>{_text(tip(found))}</title>{_shape(found, box)}</g>"
    )


def _shape(found: NodeRecord, box: Box) -> str:
    match found:
        case SpaceNode():
            return _space(found, box)
        case ColumnNode() | EncoderNode() | DecoderNode():
            return _module(found, box)
        case StepNode() | ObjectiveNode():
            radius = box.height / 2 if isinstance(found, ObjectiveNode) else 8
            return _pill(lines(found)[0], box, radius, 12.5)
        case _:
            return _pill(lines(found)[0], box, 6, 11.5)


def _pill(text: str, box: Box, radius: float, size: float) -> str:
    shown = shorten(text, size, box.width - 14)
    return (
        f'<rect class="box" {_place(box)} rx="{number(radius)}"/>'
        f'<text class="middle" x="{number(box.centre)}" '
        f'y="{number(box.middle + 0.36 * size)}">{_text(shown)}</text>'
    )


def _module(found: NodeRecord, box: Box) -> str:
    name, *others = lines(found)
    pitch = 17
    y = box.middle - pitch * len(others) / 2 + 4.6
    x = number(box.x + 22)
    room = box.width - 30
    texts = [f'<text class="name" x="{x}" y="{number(y)}">{_text(shorten(name, 14, room, bold=True))}</text>']
    for index, line in enumerate(others, start=1):
        texts.append(
            f'<text class="faint" x="{x}" y="{number(y + pitch * index)}">'
            f"{_text(shorten(line, 12, room))}</text>"
        )
    bar = Box(box.x + 9, box.y + 11, 4, box.height - 22)
    return (
        f'<rect class="box" {_place(box)} rx="9"/><rect class="bar" {_place(bar)} rx="2"/>'
        + "".join(texts)
    )


def _space(found: SpaceNode, box: Box) -> str:
    x, y, radius = number(box.centre), box.middle, box.width / 2
    name, prior, size = lines(found)
    rings = "".join(
        f'<circle class="ring" cx="{x}" cy="{number(y)}" r="{number(radius * share)}"/>'
        for share in (0.45, 0.75)
    )
    return (
        f'<circle cx="{x}" cy="{number(y)}" r="{number(radius)}" fill="url(#lzn-space)"/>{rings}'
        f'<text class="name middle" x="{x}" y="{number(y - 12)}">{name}</text>'
        f'<text class="middle" x="{x}" y="{number(y + 8)}" font-style="italic">{prior}</text>'
        f'<text class="faint middle" x="{x}" y="{number(y + 27)}">{_text(size)}</text>'
    )


def _lane(graph: nx.MultiDiGraph, lane: Lane) -> str:
    found = record(graph, lane.task)
    name, phrase = lines(found)
    x, y = number(lane.title.x), lane.box.middle
    room = lane.title.width
    dot = (
        f'<circle class="tip" cx="{number(lane.end[0])}" cy="{number(lane.end[1])}" r="{END - 1}"/>'
    )
    return (
        f'<g class="node task" data-node={_attribute(lane.task)}><title>{_text(tip(found))}</title>'
        f'<text class="name" x="{x}" y="{number(y - 4)}">'
        f"{_text(shorten(name, 14, room, bold=True))}</text>"
        f'<text class="faint" x="{x}" y="{number(y + 13)}">{_text(shorten(phrase, 12, room))}</text>'
        f"{dot}</g>"
    )


def _legend(layout: Layout) -> str:
    y = layout.height - 17
    x = MARGIN
    return (
        '<g class="legend">'
        f'<g class="wire"><path d="M{x} {number(y - 4)}h26" marker-end="url(#lzn-arrow)"/></g>'
        f'<text class="faint" x="{x + 34}" y="{number(y)}">what flows</text>'
        f'<g class="wire trains"><path d="M{x + 118} {number(y - 4)}h26"/></g>'
        f'<circle class="trains-tip" cx="{x + 145}" cy="{number(y - 4)}" r="2.6"/>'
        f'<text class="faint" x="{x + 154}" y="{number(y)}">an objective trains a module</text>'
        f'<text class="faint" x="{x + 346}" y="{number(y)}">'
        "a step has the colour of the modality whose module it uses</text></g>"
    )


def _place(box: Box) -> str:
    return (
        f'x="{number(box.x)}" y="{number(box.y)}" '
        f'width="{number(box.width)}" height="{number(box.height)}"'
    )


def _text(value: str) -> str:
    return escape(_legal(value))


def _attribute(value: str) -> str:
    return quoteattr(_legal(value))


def _legal(value: str) -> str:
    """Replace characters that no XML document may hold."""
    return "".join(c if c in "\t\n" or 32 <= ord(c) < 0xD800 or 0xE000 <= ord(c) < 0xFFFE or ord(c) > 0xFFFF else "\ufffd" for c in value)
