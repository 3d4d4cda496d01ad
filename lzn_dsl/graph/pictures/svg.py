"""The task graph as SVG: laid out here, without Graphviz, to be read from left to right."""

from collections.abc import Iterable

import networkx as nx

from lzn_dsl.graph.pictures.geometry import number
from lzn_dsl.graph.pictures.layout import MARGIN, Layout, lay_out
from lzn_dsl.graph.pictures.marks import mark, note_mark, panel_mark, task_mark, wire_mark
from lzn_dsl.graph.pictures.measure import shorten
from lzn_dsl.graph.pictures.style import num_tints, style_sheet
from lzn_dsl.graph.pictures.text import summary
from lzn_dsl.graph.pictures.xml import attribute, text
from lzn_dsl.graph.records import ColumnNode, DecoderNode, EncoderNode, NodeRecord, StepNode, record

_DEFINITIONS = (
    '<defs>\n<radialGradient id="lzn-space"><stop class="space-inner" offset="0"/>'
    '<stop class="space-outer" offset="1"/></radialGradient>\n'
    '<marker id="lzn-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
    'markerHeight="7" orient="auto"><path class="tip" d="M0 0.6L7.4 4L0 7.4L1.6 4z"/>'
    "</marker>\n</defs>"
)


def to_svg(graph: nx.MultiDiGraph) -> str:
    """Draw a task graph as SVG, light or dark as the viewer prefers.

    Each node is a group with the attribute `data-node`, each edge drawn one with `data-from` and
    `data-to`. Which module a step uses is shown by its colour, not by a line.
    """
    layout = lay_out(graph)
    title, said = str(graph.graph.get("title", "program")), summary(graph)
    width, height = number(layout.width), number(layout.height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="lzn-graph" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" role="img" '
        f"aria-label={attribute(title)}>",
        f"<title>{text(title)}</title>",
        f"<desc>{text(said)}</desc>",
        f"<style>\n{style_sheet()}\n</style>",
        _DEFINITIONS,
        f'<rect class="page" width="{width}" height="{height}" rx="14"/>',
        f'<text class="title" x="{MARGIN}" y="36">{text(shorten(title, 20, 700))}</text>',
        f'<text class="summary faint" x="{MARGIN}" y="55">{text(said)}</text>',
        *map(panel_mark, layout.panels),
        *_rules(layout),
        *map(wire_mark, layout.wires),
        *map(note_mark, layout.notes),
        *_marks(graph, layout),
        _legend(layout),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _marks(graph: nx.MultiDiGraph, layout: Layout) -> Iterable[str]:
    for node, box in layout.boxes.items():
        found = record(graph, node)
        yield mark(node, found, box, _tint(layout, _modality(found)))
    for lane in layout.lanes:
        yield task_mark(record(graph, lane.task), lane, _tint(layout, lane.result))


def _modality(found: NodeRecord) -> str | None:
    match found:
        case ColumnNode(column=name):
            return name
        case EncoderNode(modality=name) | DecoderNode(modality=name):
            return name
        case StepNode(modality=modality):
            return modality
    return None


def _tint(layout: Layout, modality: str | None) -> str:
    index = layout.tints.get(modality or "")
    return "" if index is None else f"tint-{index % num_tints()}"


def _rules(layout: Layout) -> Iterable[str]:
    """Draw a thin line between two lanes."""
    for lane in layout.lanes[1:]:
        y = number(lane.area.y)
        yield f'<path class="rule" d="M{number(lane.area.x)} {y}H{number(lane.area.right)}"/>'


def _legend(layout: Layout) -> str:
    x, y = MARGIN, layout.height - 17
    line = number(y - 4)
    said = f'y="{number(y)}" class="faint"'
    return (
        f'<g class="legend"><g class="wire"><path d="M{x} {line}h26" '
        'marker-end="url(#lzn-arrow)"/></g>'
        f'<text x="{x + 34}" {said}>what flows</text>'
        f'<g class="wire trains"><path d="M{x + 118} {line}h26"/></g>'
        f'<circle class="trains-tip" cx="{x + 145}" cy="{line}" r="2.6"/>'
        f'<text x="{x + 154}" {said}>an objective trains a module</text>'
        f'<text x="{x + 346}" {said}>'
        "a step has the colour of the modality whose module it uses</text></g>"
    )
