"""The layout of a whole picture: modules above, objectives below them, tasks as lanes."""

from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx

from lzn_dsl.graph.pictures.geometry import Box, Panel, Wire
from lzn_dsl.graph.pictures.lanes import Lane, place_lanes
from lzn_dsl.graph.pictures.modules import modalities, place_modules
from lzn_dsl.graph.pictures.wiring import (
    CHANNEL,
    count_channels,
    count_decoder_channels,
    most_taps,
    place_objectives,
)
from lzn_dsl.graph.records import EncoderNode

MARGIN = 28
HEADER = 64
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
        tints: Index of each modality among the colours.
        width: Width of the picture.
        height: Height of the picture.
    """

    boxes: Mapping[str, Box]
    lanes: tuple[Lane, ...]
    panels: tuple[Panel, ...]
    wires: tuple[Wire, ...]
    tints: Mapping[str, int]
    width: float
    height: float


def lay_out(graph: nx.MultiDiGraph) -> Layout:
    """Lay out a task graph."""
    right = count_decoder_channels(graph)
    outside = 14 + CHANNEL * right if right else 0
    channels, taps = count_channels(graph), most_taps(graph)

    def modules(width: float) -> "Modules":
        return place_modules(
            graph, (MARGIN, HEADER), channels=channels, taps=taps, width=width - outside
        )

    natural = modules(0)
    lanes = place_lanes(graph, (MARGIN, 0), natural.area.width + outside)
    upper = modules(lanes.area.width)
    left = min(
        p.box.x for p in upper.panels if p.title != "data" and not p.title.startswith("data:")
    )
    top = upper.area.bottom + _BETWEEN
    place = Box(left, top, upper.area.right - left, 0)
    objectives = place_objectives(graph, upper.boxes, place)
    lanes = place_lanes(graph, (MARGIN, objectives.bottom + _BETWEEN), lanes.area.width)
    return Layout(
        boxes={**upper.boxes, **objectives.boxes, **lanes.boxes},
        lanes=lanes.lanes,
        panels=(*upper.panels, *objectives.panels, *lanes.panels),
        wires=(*objectives.wires, *upper.wires, *lanes.wires),
        tints={name: index for index, name in enumerate(modalities(graph))},
        width=max(upper.area.right + outside, lanes.area.right) + MARGIN,
        height=max(lanes.area.bottom, objectives.bottom) + FOOTER,
    )
