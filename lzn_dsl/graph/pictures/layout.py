"""The layout of a whole picture: modules above, objectives below them, tasks as lanes."""

from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx

from lzn_dsl.graph.pictures.geometry import Box, Panel, Wire
from lzn_dsl.graph.pictures.lanes import Lane, place_lanes
from lzn_dsl.graph.pictures.modules import Room, modalities, place_modules
from lzn_dsl.graph.pictures.wiring import (
    CHANNEL,
    Note,
    channels,
    most_taps,
    place_objectives,
)

MARGIN = 28
HEADER = 70
FOOTER = 40
_BETWEEN = 18


@dataclass(frozen=True)
class Layout:
    """Where everything is.

    Attributes:
        boxes: Box of each node but tasks, by its name.
        lanes: Tasks.
        panels: Titled areas.
        wires: Edges that are drawn.
        notes: Texts beside objectives.
        tints: Index of each modality among the colours.
        width: Width of the picture.
        height: Height of the picture.
    """

    boxes: Mapping[str, Box]
    lanes: tuple[Lane, ...]
    panels: tuple[Panel, ...]
    wires: tuple[Wire, ...]
    notes: tuple[Note, ...]
    tints: Mapping[str, int]
    width: float
    height: float


def lay_out(graph: nx.MultiDiGraph) -> Layout:
    """Lay out a task graph: once to learn how wide each half is, then both as wide as the wider."""
    encoders, decoders = channels(graph)
    left = CHANNEL * encoders
    right = 14 + CHANNEL * decoders if decoders else 0
    taps = most_taps(graph)
    narrow = place_modules(graph, (MARGIN, HEADER), Room(left, taps))
    width = place_lanes(graph, (MARGIN, 0), narrow.area.width + right).area.width
    upper = place_modules(graph, (MARGIN, HEADER), Room(left, taps, width - right))
    objectives = place_objectives(graph, upper.boxes, upper.core, upper.area.bottom + _BETWEEN)
    lanes = place_lanes(graph, (MARGIN, objectives.bottom + _BETWEEN), width)
    return Layout(
        boxes={**upper.boxes, **objectives.boxes, **lanes.boxes},
        lanes=lanes.lanes,
        panels=(*upper.panels, *objectives.panels, *lanes.panels),
        wires=(*objectives.wires, *upper.wires, *lanes.wires),
        notes=objectives.notes,
        tints={name: index for index, name in enumerate(modalities(graph))},
        width=width + 2 * MARGIN,
        height=lanes.area.bottom + FOOTER,
    )
