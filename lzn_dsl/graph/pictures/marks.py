"""How each kind of node, and each wire, is drawn."""

from lzn_dsl.graph.pictures.geometry import Box, Panel, Wire, number
from lzn_dsl.graph.pictures.lanes import Lane
from lzn_dsl.graph.pictures.measure import shorten
from lzn_dsl.graph.pictures.text import lines, tip
from lzn_dsl.graph.pictures.wiring import Note
from lzn_dsl.graph.pictures.xml import attribute, place, text
from lzn_dsl.graph.records import (
    ColumnNode,
    DecoderNode,
    EncoderNode,
    MetricNode,
    NodeRecord,
    ObjectiveNode,
    SpaceNode,
    StepNode,
)

_PLAIN = ("trains", "judges")
"""Wires without an arrow."""

_LINE = 17
"""Distance between lines of text in a box."""


def mark(node: str, found: NodeRecord, box: Box, tint: str) -> str:
    """Draw a node other than a task; `tint` is the class of its modality's colour."""
    match found:
        case SpaceNode():
            return _group(node, found, "space", _space(found, box))
        case ColumnNode():
            return _group(node, found, f"column {tint}", _module(found, box))
        case EncoderNode() | DecoderNode():
            return _group(node, found, f"module {tint}", _module(found, box))
        case StepNode(primitive="input"):
            shape = _pill(lines(found)[0], box, box.height / 2, bold=True)
            return _group(node, found, f"input step {tint}", shape)
        case StepNode():
            return _group(node, found, f"step {tint}", _pill(lines(found)[0], box, 8))
        case ObjectiveNode():
            shape = _pill(found.name, box, box.height / 2)
            return _group(node, found, "objective", shape)
        case MetricNode():
            return _group(node, found, "metric", _pill(lines(found)[0], box, 6, 11.5))
    raise AssertionError(found)


def task_mark(found: NodeRecord, lane: Lane, tint: str) -> str:
    """Draw a task: its name and phrase, and the pill of its result."""
    name, phrase = lines(found)
    x, y, room = number(lane.title.x), lane.area.middle, lane.title.width
    end = _pill(lane.result, lane.end, lane.end.height / 2, bold=True)
    body = (
        f'<text class="name" x="{x}" y="{number(y - 4)}">'
        f"{text(shorten(name, 14, room, bold=True))}</text>"
        f'<text class="faint" x="{x}" y="{number(y + 13)}">{text(shorten(phrase, 12, room))}</text>'
        f'<g class="result {tint}">{end}</g>'
    )
    return _group(lane.task, found, "task", body)


def panel_mark(panel: Panel) -> str:
    """Draw a panel with its title."""
    title = shorten(panel.title, 12, panel.box.width - 28, bold=True)
    return (
        f'<g class="panel"><rect {place(panel.box)} rx="12"/>'
        f'<text x="{number(panel.box.x + 14)}" y="{number(panel.box.y + 21)}">'
        f"{text(title)}</text></g>"
    )


def note_mark(note: Note) -> str:
    """Draw a note on a ground of its own."""
    x, y = number(note.box.centre), number(note.box.middle + 4)
    return (
        f'<g class="note"><rect {place(note.box)}/>'
        f'<text class="faint middle" x="{x}" y="{y}">{text(note.text)}</text></g>'
    )


def wire_mark(wire: Wire) -> str:
    """Draw an edge with its label."""
    marker = "" if wire.kind in _PLAIN else ' marker-end="url(#lzn-arrow)"'
    parts = [
        f'<g class="wire {wire.kind}" data-from={attribute(wire.source)} '
        f"data-to={attribute(wire.target)}>",
        f"<title>{text(wire.tip)}</title>" if wire.tip else "",
        f'<path d="{wire.path}"{marker}/>',
    ]
    if wire.kind == "trains":
        x, y = wire.end
        parts.append(f'<circle class="trains-tip" cx="{number(x)}" cy="{number(y)}" r="2.6"/>')
    if wire.label:
        x, y = wire.label_at
        parts.append(f'<text x="{number(x)}" y="{number(y)}">{text(wire.label)}</text>')
    return "".join([*parts, "</g>"])


def _group(node: str, found: NodeRecord, classes: str, body: str) -> str:
    return (
        f'<g class="node {classes.strip()}" data-node={attribute(node)}>'
        f"<title>{text(tip(found))}</title>{body}</g>"
    )


def _pill(label: str, box: Box, radius: float, size: float = 12.5, *, bold: bool = False) -> str:
    x, y = number(box.centre), number(box.middle + 0.36 * size)
    shown = text(shorten(label, size, box.width - 14, bold=bold))
    return (
        f'<rect class="box" {place(box)} rx="{number(radius)}"/>'
        f'<text class="middle" x="{x}" y="{y}">{shown}</text>'
    )


def _module(found: NodeRecord, box: Box) -> str:
    name, *others = lines(found)
    x, y, room = number(box.x + 22), box.middle - _LINE * len(others) / 2 + 4.6, box.width - 30
    bar = Box(box.x + 9, box.y + 11, 4, box.height - 22)
    parts = [
        f'<rect class="box" {place(box)} rx="9"/><rect class="bar" {place(bar)} rx="2"/>',
        f'<text class="name" x="{x}" y="{number(y)}">',
        f"{text(shorten(name, 14, room, bold=True))}</text>",
    ]
    for index, line in enumerate(others, start=1):
        shown = text(shorten(line, 12, room))
        parts.append(f'<text class="faint" x="{x}" y="{number(y + _LINE * index)}">{shown}</text>')
    return "".join(parts)


def _space(found: SpaceNode, box: Box) -> str:
    x, y, radius = number(box.centre), box.middle, box.width / 2
    name, prior, size = lines(found)
    rings = "".join(
        f'<circle class="ring" cx="{x}" cy="{number(y)}" r="{number(radius * share)}"/>'
        for share in (0.72, 0.86)
    )
    return (
        f'<circle cx="{x}" cy="{number(y)}" r="{number(radius)}" fill="url(#lzn-space)"/>{rings}'
        f'<text class="name middle" x="{x}" y="{number(y - 12)}">{name}</text>'
        f'<text class="middle" x="{x}" y="{number(y + 8)}" font-style="italic">{prior}</text>'
        f'<text class="faint middle" x="{x}" y="{number(y + 27)}">{text(size)}</text>'
    )
