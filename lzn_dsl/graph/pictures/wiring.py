"""Where objectives stand, and the dashed lines from them to the modules that they train.

The lines run like those of a circuit: out of a pill's side, up a channel of its own, and into the
module. Pills further down have channels further out, so that no two lines share a stretch. Pills
whose lines reach highest come last, which keeps crossings few. Beside a pill stand its reasons.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from lzn_dsl.graph.pictures.geometry import Box, Panel, Wire, rounded
from lzn_dsl.graph.pictures.measure import shorten, text_width
from lzn_dsl.graph.pictures.panels import PAD, TITLE
from lzn_dsl.graph.pictures.text import because
from lzn_dsl.graph.records import EncoderNode, ObjectiveNode, record, records

CHANNEL = 9
"""Distance between two channels."""

_FIRST = 12
"""Distance of the innermost channel from the panels."""

_HEIGHT = 28
_SAME, _OTHER = 36, 22
"""Least distance between the middles of pills: in the same column, in different ones."""

_WIDEST = 320.0
_NOTE, _NOTE_SIZE = 360.0, 11.0
_FREE = -1e9


@dataclass(frozen=True)
class Note:
    """A text beside a pill, and the area that it covers."""

    text: str
    box: Box


@dataclass(frozen=True)
class Objectives:
    """The pills of objectives in their panel, with notes and wires."""

    boxes: Mapping[str, Box]
    panels: tuple[Panel, ...]
    wires: tuple[Wire, ...]
    notes: tuple[Note, ...]
    bottom: float


@dataclass(frozen=True)
class _Pill:
    node: str
    record: ObjectiveNode
    encoders: tuple[str, ...]
    decoders: tuple[str, ...]


def channels(graph: nx.MultiDiGraph) -> tuple[int, int]:
    """Return how many channels the encoders' and the decoders' side need."""
    pills = _pills(graph)
    return sum(bool(p.encoders) for p in pills), sum(bool(p.decoders) for p in pills)


def most_taps(graph: nx.MultiDiGraph) -> int:
    """Return the largest number of objectives that train one module."""
    trained: dict[str, int] = {}
    for pill in _pills(graph):
        for module in (*pill.encoders, *pill.decoders):
            trained[module] = trained.get(module, 0) + 1
    return max(trained.values(), default=0)


def place_objectives(
    graph: nx.MultiDiGraph, modules: Mapping[str, Box], core: Box, top: float
) -> Objectives:
    """Place the objectives under the modules, whose area from encoders to decoders is `core`."""
    pills = sorted(_pills(graph), key=lambda p: -_highest(p, modules))
    if not pills:
        return Objectives({}, (), (), (), core.bottom)
    boxes: dict[str, Box] = {}
    lowest = {False: _FREE, True: _FREE}
    middle = top + TITLE + _HEIGHT / 2 - _OTHER
    for pill in pills:
        on_right = bool(pill.decoders)
        middle = max(middle + _OTHER, lowest[on_right] + _SAME)
        lowest[on_right] = middle
        width = min(text_width(pill.record.name, 12.5) + 28, _WIDEST)
        x = core.right - PAD - width if on_right else core.x + PAD
        boxes[pill.node] = Box(x, middle - _HEIGHT / 2, width, _HEIGHT)
    bottom = max(box.bottom for box in boxes.values()) + PAD
    inner = (core.x + PAD, core.right - PAD)
    return Objectives(
        boxes=boxes,
        panels=(Panel("objectives", Box(core.x, top, core.width, bottom - top)),),
        wires=(
            *_wires([(p.node, p.encoders) for p in pills], boxes, modules, core.x, -1),
            *_wires([(p.node, p.decoders) for p in pills], boxes, modules, core.right, 1),
        ),
        notes=tuple(_note(p, boxes[p.node], inner) for p in pills if p.record.reasons),
        bottom=bottom,
    )


def _pills(graph: nx.MultiDiGraph) -> list[_Pill]:
    pills = []
    for node, found in records(graph, ObjectiveNode).items():
        trained = [t for _, t, d in graph.out_edges(node, data=True) if d["flow"].kind == "trains"]
        encoders = tuple(t for t in trained if isinstance(record(graph, t), EncoderNode))
        decoders = tuple(t for t in trained if t not in encoders)
        pills.append(_Pill(node, found, encoders, decoders))
    return pills


def _highest(pill: _Pill, modules: Mapping[str, Box]) -> float:
    return min((modules[m].y for m in (*pill.encoders, *pill.decoders)), default=-_FREE)


def _note(pill: _Pill, box: Box, inner: tuple[float, float]) -> Note:
    """Place the reasons of a pill right of it, or left of it on the line that leaves there."""
    on_left = bool(pill.decoders)
    room = min(box.x - inner[0] - 90, _NOTE) if on_left else inner[1] - box.right - 20
    text = shorten(because(pill.record), _NOTE_SIZE, room)
    width = text_width(text, _NOTE_SIZE) + 14
    x = box.x - width - 1 if on_left else box.right + 8
    return Note(text, Box(x, box.middle - 8, width, 16))


def _wires(
    trained: Sequence[tuple[str, tuple[str, ...]]],
    pills: Mapping[str, Box],
    modules: Mapping[str, Box],
    edge: float,
    side: int,
) -> Iterable[Wire]:
    """Return the wires on one side (-1 left, 1 right) of the area that ends at `edge`."""
    used = [(node, names) for node, names in trained if names]
    taps = _taps([(node, m) for node, names in reversed(used) for m in names], modules)
    for index, (node, names) in enumerate(used):
        start = (pills[node].x if side < 0 else pills[node].right, pills[node].middle)
        channel = edge + side * (_FIRST + CHANNEL * index)
        highest = min(names, key=lambda m: taps[node, m])
        for module in names:
            end = (modules[module].x if side < 0 else modules[module].right, taps[node, module])
            points = [(channel, end[1]), end]
            if module == highest:
                points = [start, (channel, start[1]), *points]
            yield Wire(node, module, "trains", rounded(points), end, "trains")


def _taps(
    pairs: Sequence[tuple[str, str]], modules: Mapping[str, Box]
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
