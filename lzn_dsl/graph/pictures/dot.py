"""The task graph in Graphviz's language, for those who have Graphviz."""

from collections.abc import Iterable, Mapping

import networkx as nx

from lzn_dsl.graph.pictures.as_json import kind_of
from lzn_dsl.graph.pictures.clusters import Cluster, clusters
from lzn_dsl.graph.pictures.text import lines, visible
from lzn_dsl.graph.records import Flow, NodeRecord, record

_SHAPES: Mapping[str, str] = {
    "column": 'shape=cylinder, fillcolor="#f3f1ec"',
    "encoder": 'shape=box, style="rounded,filled", fillcolor="#e6eefb"',
    "space": 'shape=doublecircle, fillcolor="#dfe3f4"',
    "decoder": 'shape=box, style="rounded,filled", fillcolor="#def3f0"',
    "task": 'shape=oval, fillcolor="#eee8fb"',
    "step": 'shape=box, style="rounded,filled", fillcolor="#ffffff"',
    "objective": 'shape=box, style="rounded,filled,dashed", fillcolor="#fdf1e7"',
    "metric": 'shape=note, fillcolor="#e8f3ec"',
}


def to_dot(graph: nx.MultiDiGraph) -> str:
    """Return a task graph in the DOT language.

    Which module a step uses is not drawn: its text says it, and lines would hide the rest.
    """
    names = {node: f"n{index}" for index, node in enumerate(graph)}
    title = _quote(str(graph.graph.get("title", "program")))
    body = [
        "rankdir=LR; compound=true; newrank=true;",
        f"label={title}; labelloc=t; labeljust=l;",
        'fontname="Helvetica,Arial,sans-serif";',
        'node [fontname="Helvetica,Arial,sans-serif", fontsize=11, style=filled];',
        'edge [fontname="Helvetica,Arial,sans-serif", fontsize=9, color="#7d8592"];',
    ]
    for index, cluster in enumerate(clusters(graph)):
        body += _cluster(graph, cluster, f"cluster_{index}", names)
    for source, target, data in graph.edges(data=True):
        flow = data["flow"]
        if flow.label != "uses":
            body.append(f"{names[source]} -> {names[target]} [{_arrow(flow)}];")
    return "\n".join([f"digraph {title} {{", *(f"  {line}" for line in body), "}"]) + "\n"


def _cluster(
    graph: nx.MultiDiGraph, cluster: Cluster, name: str, names: Mapping[str, str]
) -> Iterable[str]:
    nodes = [_node(record(graph, node), names[node]) for node in cluster.nodes]
    if not cluster.title:
        yield from nodes
        return
    yield f'subgraph {name} {{ label={_quote(cluster.title)}; style=rounded; color="#d8d3c8";'
    yield from (f"  {node}" for node in nodes)
    yield "}"


def _node(found: NodeRecord, name: str) -> str:
    text = _quote("\n".join(lines(found)))
    return f"{name} [label={text}, {_SHAPES[kind_of(found)]}];"


def _arrow(flow: Flow) -> str:
    if flow.kind == "trains":
        return 'style=dashed, color="#b4571f", constraint=false'
    if flow.kind == "judges":
        return 'style=dotted, color="#3f7d5b", arrowhead=none'
    return f"label={_quote(flow.label)}"


def _quote(text: str) -> str:
    """Write a text in quotes; Graphviz knows three escapes in them."""
    escaped = visible(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
