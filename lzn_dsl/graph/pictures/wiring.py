"""Where objectives stand, and the dashed lines from them to the modules that they train.

The lines run like those of a circuit: out of a pill's side, up a channel of its own, and into the
module. Pills further down have channels further out, so that no two lines share a stretch. Pills
whose lines reach highest come last, which keeps crossings few.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx

from lzn_dsl.graph.pictures.geometry import Box, Panel, Wire, rounded
from lzn_dsl.graph.pictures.measure import text_width
from lzn_dsl.graph.pictures.modules import PAD, TITLE
from lzn_dsl.graph.records import EncoderNode, ObjectiveNode, record, records

CHANNEL = 9
"""Distance between two channels."""

_HEIGHT = 28
_SAME, _OTHER = 36, 21
"""Least distance between the middles of pills: in the same column, in different ones."""

_WIDEST = 320


@dataclass(frozen=True)
class Objectives:
    """The pills of objectives in their panel, and their wires."""

    boxes: dict[str, Box]
    panels: tuple[Panel, ...]
    wires: tuple[Wire, ...]
    bottom: float


@dataclass(frozen=True)
class _Pill:
    node: str
    encoders: tuple[str, ...]
    decoders: tuple[str, ...]


def count_channels(graph: nx.MultiDiGraph) -> int:
    """Return how many channels the encoders' side needs."""
    return sum(bool(pill.encoders) for pill in _pills(graph))


def count_decoder_channels(graph: nx.MultiDiGraph) -> int:
    """Return how many channels the decoders' side needs."""
    return sum(bool(pill.decoders) for pill in _pills(graph))


def most_taps(graph: nx.MultiDiGraph) -> int:
    """Return the largest number of objectives that train one module."""
    trained: dict[str, int] = {}
    for pill in _pills(graph):
        for module in (*pill.encoders, *pill.decoders):
            trained[module] = trained.get(module, 0) + 1
    return max(trained.values(), default=0)


def place_objectives(graph: nx.MultiDiGraph, modules: Mapping[str, Box], area: Box) -> Objectives:
    """Place the objectives into an area, whose height is not looked at."""
    pills = sorted(_pills(graph), key=lambda p: -_highest(p, modules))
    if not pills:
        return Objectives({}, (), (), area.y)
    boxes: dict[str, Box] = {}
    lowest = {"left": -1e9, "right": -1e9}
    middle = area.y + TITLE + _HEIGHT / 2 - _OTHER
    for pill in pills:
        side = "right" if pill.decoders else "left"
        middle = max(middle + _OTHER, lowest[side] + _SAME)
        lowest[side] = middle
        text = text_width(record_name(graph, pill.node), 12.5) + 28
        width = min(text, _WIDEST, area.width - 2 * PAD)
        x = area.right - PAD - width if side == "right" else area.x + PAD
        boxes[pill.node] = Box(x, middle - _HEIGHT / 2, width, _HEIGHT)
    bottom = max(b.bottom for b in boxes.values()) + PAD
    panel = Panel("objectives", Box(area.x, area.y, area.width, bottom - area.y))
    wires = (*_left(pills, boxes, modules, area), *_right(pills, boxes, modules, area))
    return Objectives(boxes, (panel,), wires, bottom)


def record_name(graph: nx.MultiDiGraph, node: str) -> str:
    """Return the name of an objective."""
    found = record(graph, node)
    assert isinstance(found, ObjectiveNode)
    return found.name


def _pills(graph: nx.MultiDiGraph) -> list[_Pill]:
    pills = []
    for node in records(graph, ObjectiveNode):
        trained = [t for _, t, d in graph.out_edges(node, data=True) if d["flow"].kind == "trains"]
        encoders = tuple(t for t in trained if isinstance(record(graph, t), EncoderNode))
        pills.append(_Pill(node, encoders, tuple(t for t in trained if t not in encoders)))
    return pills


def _highest(pill: _Pill, modules: Mapping[str, Box]) -> float:
    return min((modules[m].y for m in (*pill.encoders, *pill.decoders)), default=1e9)


def _left(
    pills: list[_Pill], boxes: Mapping[str, Box], modules: Mapping[str, Box], area: Box
) -> Iterable[Wire]:
    used = [p for p in pills if p.encoders]
    taps = _taps([(p.node, m) for p in reversed(used) for m in p.encoders], modules)
    for index, pill in enumerate(used):
        start = (boxes[pill.node].x, boxes[pill.node].middle)
        channel = area.x - 12 - CHANNEL * index
        for module in pill.encoders:
            end = (modules[module].x, taps[pill.node, module])
            path = rounded([start, (channel, start[1]), (channel, end[1]), end])
            yield Wire(pill.node, module, "trains", path, end, "trains")


def _right(
    pills: list[_Pill], boxes: Mapping[str, Box], modules: Mapping[str, Box], area: Box
) -> Iterable[Wire]:
    used = [p for p in pills if p.decoders]
    taps = _taps([(p.node, m) for p in reversed(used) for m in p.decoders], modules)
    for index, pill in enumerate(used):
        start = (boxes[pill.node].right, boxes[pill.node].middle)
        channel = area.right + 12 + CHANNEL * index
        for module in pill.decoders:
            end = (modules[module].right, taps[pill.node, module])
            path = rounded([start, (channel, start[1]), (channel, end[1]), end])
            yield Wire(pill.node, module, "trains", path, end, "trains")


def _taps(
    pairs: list[tuple[str, str]], modules: Mapping[str, Box]
) -> dict[tuple[str, str], float]:
    """Choose where each line enters its module: outer channels higher, the middle kept free."""
    found: dict[tuple[str, str], float] = {}
    for module in dict.fromkeys(m for _, m in pairs):
        nodes = [n for n, m in pairs if m == module]
        slots = len(nodes) + len(nodes) % 2
        step = min(18.0, (modules[module].height - 18) / max(slots - 1, 1))
        for index, node in enumerate(nodes, start=slots - len(nodes)):
            found[node, module] = modules[module].middle + (index - (slots - 1) / 2) * step
    return found
