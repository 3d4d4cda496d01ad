"""The task graph as Mermaid, in Graphviz's language and as data."""

import json
import re
from dataclasses import fields
from typing import Any

import networkx as nx
import pytest

from helpers.golden import GOLDEN, assert_golden
from helpers.graphs import crowded_graph, hostile_graph, joint_graph, one_line_graph
from helpers.programs import program
from lzn_dsl.graph import records
from lzn_dsl.graph.pictures import draw
from lzn_dsl.graph.pictures.as_json import to_json
from lzn_dsl.graph.pictures.dot import to_dot
from lzn_dsl.graph.pictures.mermaid import to_mermaid

GRAPHS = {
    "one_line": one_line_graph(),
    "joint": joint_graph(),
    "crowded": crowded_graph(),
    "hostile": hostile_graph(),
    "program": program("generate image from label").graph.graph,
}
every = pytest.mark.parametrize("name", GRAPHS)

NODE = re.compile(r'n\d+(\[\(|\[|\(\(|\(\[|\(|\{\{|>)"([^"]*)"(\)\]|\]|\)\)|\]\)|\)|\}\}):::\w+')
LINE = re.compile(
    r'flowchart LR|%% .*|subgraph c\d+\["[^"]+"\]|direction LR|end|class c\d+ panel'
    r'|n\d+ (-->|-\.->|-\.-|-->\|"[^"]*"\|) n\d+|classDef [a-z,]+ [a-z0-9#:, -]+'
)


@pytest.mark.parametrize("name", ["one_line", "joint"])
@pytest.mark.parametrize(("form", "ending"), [("mermaid", "mmd"), ("dot", "dot"), ("json", "json")])
def test_form_of(name: str, form: str, ending: str) -> None:
    assert_golden(GOLDEN / "graph" / f"{name}.{ending}", draw(GRAPHS[name], form))


@every
def test_each_line_of_mermaid_is_one_that_mermaid_knows(name: str) -> None:
    for line in to_mermaid(GRAPHS[name]).splitlines():
        assert LINE.fullmatch(line.strip()) or NODE.fullmatch(line.strip()), line


@every
def test_mermaid_has_each_node_once_in_nested_clusters_that_close(name: str) -> None:
    lines = [line.strip() for line in to_mermaid(GRAPHS[name]).splitlines()]
    nodes = [line.split(match[1])[0] for line in lines if (match := NODE.fullmatch(line))]
    assert sorted(nodes) == sorted(f"n{i}" for i in range(len(GRAPHS[name])))
    depth = 0
    for line in lines:
        depth += line.startswith("subgraph ")
        depth -= line == "end"
        assert depth in (0, 1)
    assert depth == 0


@every
def test_texts_of_mermaid_hold_nothing_but_letters_and_codes(name: str) -> None:
    for text in re.findall(r'"([^"]*)"', to_mermaid(GRAPHS[name])):
        for part in text.split("<br>"):
            assert re.fullmatch(r"(\w|[ .,+()-]|#\d+;)*", part), part


@every
def test_dot_quotes_every_text_and_closes_every_brace(name: str) -> None:
    text = to_dot(GRAPHS[name])
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", text, flags=re.DOTALL)
    assert '"' not in bare
    assert bare.count("{") == bare.count("}")
    assert len(re.findall(r"^ +n\d+ \[label=", bare, flags=re.MULTILINE)) == len(GRAPHS[name])


@every
def test_json_holds_the_whole_graph(name: str) -> None:
    graph = GRAPHS[name]
    text = draw(graph, "json")
    data = json.loads(text)
    assert data == to_json(graph)
    assert text.isascii()
    rebuilt = _rebuilt(data)
    assert dict(rebuilt.nodes(data=True)) == dict(graph.nodes(data=True))
    assert list(rebuilt.edges(data=True)) == list(graph.edges(data=True))
    assert rebuilt.graph == graph.graph


def _rebuilt(data: dict[str, Any]) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph(title=data["title"])
    for node in data["nodes"]:
        kind = getattr(records, f"{node['kind'].capitalize()}Node")
        values = {f.name: node.get(f"own_{f.name}", node.get(f.name)) for f in fields(kind)}
        if "reasons" in values:
            values["reasons"] = tuple(values["reasons"])
        graph.add_node(node["id"], record=kind(**values))
    for edge in data["edges"]:
        flow = records.Flow(edge["kind"], edge["label"])
        graph.add_edge(edge["source"], edge["target"], flow=flow)
    return graph
