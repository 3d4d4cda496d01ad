"""The SVG of a task graph: well formed, complete, without overlaps, safe with any names."""

import re
import subprocess
import sys
from collections import Counter
from itertools import combinations
from xml.etree import ElementTree

import networkx as nx
import pytest

from helpers.golden import GOLDEN, assert_golden
from helpers.graphs import (
    HOSTILE,
    crowded_graph,
    grid_graph,
    hostile_graph,
    joint_graph,
    one_line_graph,
)
from helpers.programs import program
from lzn_dsl.graph.pictures import draw
from lzn_dsl.graph.pictures.geometry import Box
from lzn_dsl.graph.pictures.layout import lay_out
from lzn_dsl.graph.pictures.svg import to_svg

GRAPHS = {
    "one_line": one_line_graph(),
    "joint": joint_graph(),
    "crowded": crowded_graph(),
    **{f"grid_{m}_{t}": grid_graph(m, t) for m in (1, 2, 4, 6) for t in (0, 1, 5, 12)},
    "hostile": hostile_graph(),
    "program": program("generate image from label").graph.graph,
}
SVG = "{http://www.w3.org/2000/svg}"

every = pytest.mark.parametrize("name", GRAPHS)


def _drawn(graph: nx.MultiDiGraph) -> ElementTree.Element:
    return ElementTree.fromstring(to_svg(graph))


@pytest.mark.parametrize("name", ["one_line", "joint", "crowded"])
def test_picture_of(name: str) -> None:
    assert_golden(GOLDEN / "graph" / f"{name}.svg", to_svg(GRAPHS[name]))


@every
def test_each_node_is_drawn_exactly_once(name: str) -> None:
    graph = GRAPHS[name]
    drawn = Counter(e.get("data-node") for e in _drawn(graph).iter() if e.get("data-node"))
    assert len(drawn) == len(graph)
    assert set(drawn.values()) == {1}
    if name != "hostile":
        assert set(drawn) == set(graph)


@pytest.mark.parametrize("name", [name for name in GRAPHS if name != "hostile"])
def test_each_edge_is_drawn_exactly_once_but_for_the_uses_of_modules(name: str) -> None:
    graph = GRAPHS[name]
    drawn = [
        (e.get("data-from"), e.get("data-to")) for e in _drawn(graph).iter() if e.get("data-from")
    ]
    wanted = [(s, t) for s, t, d in graph.edges(data=True) if d["flow"].label != "uses"]
    assert sorted(drawn, key=str) == sorted(wanted, key=str)


@every
def test_no_two_boxes_overlap_and_all_lie_inside(name: str) -> None:
    layout = lay_out(GRAPHS[name])
    boxes = {**layout.boxes, **{lane.task: lane.end for lane in layout.lanes}}
    page = Box(0, 0, layout.width, layout.height)
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        assert not a.overlaps(b), (one, other)
    for node, box in boxes.items():
        assert page.contains(box), node
    for panel, other_panel in combinations(layout.panels, 2):
        assert not panel.box.overlaps(other_panel.box)
    for node, box in boxes.items():
        around = [p for p in layout.panels if p.box.overlaps(box)]
        assert all(p.box.contains(box) for p in around), node
        assert len(around) == (0 if node == "space" else 1), node


@every
def test_titles_of_lanes_and_notes_touch_no_box(name: str) -> None:
    layout = lay_out(GRAPHS[name])
    for area in [*(lane.title for lane in layout.lanes), *(note.box for note in layout.notes)]:
        assert not any(area.overlaps(box) for box in layout.boxes.values())


@every
def test_the_picture_is_well_formed_and_asks_for_nothing_outside(name: str) -> None:
    text = to_svg(GRAPHS[name])
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    tags = {e.tag.removeprefix(SVG) for e in root.iter()}
    assert tags <= {
        "svg", "title", "desc", "style", "defs", "radialGradient", "stop", "marker", "g", "path",
        "rect", "circle", "text",
    }  # fmt: skip
    assert re.findall(r"https?://\S+?(?=\")", text) == ["http://www.w3.org/2000/svg"]
    assert "nan" not in text
    assert "inf" not in text.replace("information", "")


def test_hostile_names_stay_text() -> None:
    root = _drawn(hostile_graph())
    assert root.find(f".//{SVG}script") is None
    shown = HOSTILE.replace("\x00", "\ufffd").replace("\u202e", "\ufffd")
    assert next(e.text for e in root.iter(f"{SVG}title")) == shown


def test_every_theme_colours_the_same_things() -> None:
    style = next(_drawn(joint_graph()).iter(f"{SVG}style")).text or ""
    light, dark = style.split("@media (prefers-color-scheme: dark) {")
    coloured = re.compile(r"\.lzn-graph ([^{]+) \{ (?:fill|stroke|stop-color)")
    assert set(coloured.findall(dark)) >= {".page", "text", ".box", ".tint-5 .bar"}
    assert set(coloured.findall(dark)) <= set(coloured.findall(light))


def test_reasons_are_shown_beside_objectives_and_whole_on_hover() -> None:
    root = _drawn(joint_graph())
    pill = next(e for e in root.iter() if e.get("data-node") == "objective:align image with label")
    assert "the decoder of `image` is told `label`" in (pill[0].text or "")
    texts = [e.text or "" for e in root.iter(f"{SVG}text")]
    assert any(t.startswith("draw decodes image; rebuild decodes") for t in texts)


def test_the_picture_is_the_same_in_every_process() -> None:
    code = "from helpers.graphs import crowded_graph; from lzn_dsl.graph.pictures import draw\n"
    code += "import hashlib; print(hashlib.sha256(draw(crowded_graph()).encode()).hexdigest())"
    paths = [p for p in sys.path if p]
    prints = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONPATH": ":".join(paths), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(prints) == 1


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(ValueError, match="no picture is called `png`; there are: svg, mermaid"):
        draw(one_line_graph(), "png")
