"""The task graph as a Mermaid flowchart, for Markdown pages that draw it."""

from collections.abc import Iterable, Mapping

import networkx as nx

from lzn_dsl.graph.pictures.as_json import kind_of
from lzn_dsl.graph.pictures.clusters import Cluster, clusters
from lzn_dsl.graph.pictures.text import lines, visible
from lzn_dsl.graph.records import Flow, NodeRecord, StepNode, record

_SHAPES: Mapping[str, tuple[str, str]] = {
    "column": ("[(", ")]"),
    "encoder": ("[", "]"),
    "space": ("((", "))"),
    "decoder": ("[", "]"),
    "task": ("([", "])"),
    "input": ("([", "])"),
    "step": ("(", ")"),
    "objective": ("{{", "}}"),
    "metric": (">", "]"),
}

_LOOK = (
    "classDef column fill:#f3f1ec,stroke:#a9a294,color:#20242c",
    "classDef encoder,decoder fill:#ffffff,stroke:#2f68c8,color:#20242c",
    "classDef space fill:#dfe3f4,stroke:#5560a8,color:#20242c",
    "classDef task,input fill:#e6eefb,stroke:#2f68c8,color:#20242c",
    "classDef step fill:#ffffff,stroke:#7d8592,color:#20242c",
    "classDef objective fill:#fdf1e7,stroke:#b4571f,color:#20242c,stroke-dasharray:5 4",
    "classDef panel fill:#fbfaf7,stroke:#d8d3c8,color:#20242c",
    "classDef metric fill:#e8f3ec,stroke:#3f7d5b,color:#20242c",
)


def to_mermaid(graph: nx.MultiDiGraph) -> str:
    """Return a task graph as a Mermaid flowchart.

    Which module a step uses is not drawn: its text says it, and lines would hide the rest.
    """
    names = {node: f"n{index}" for index, node in enumerate(graph)}
    body: list[str] = []
    for index, cluster in enumerate(clusters(graph)):
        body += _cluster(graph, cluster, f"c{index}", names)
    for source, target, data in graph.edges(data=True):
        flow = data["flow"]
        if flow.label != "uses":
            body.append(f"{names[source]} {_arrow(flow)} {names[target]}")
    title = _escape(str(graph.graph.get("title", "program")))
    written = ["flowchart LR", *(f"  {line}" for line in (f"%% {title}", *body, *_LOOK))]
    return "\n".join(written) + "\n"


def _cluster(
    graph: nx.MultiDiGraph, cluster: Cluster, name: str, names: Mapping[str, str]
) -> Iterable[str]:
    nodes = [_node(record(graph, node), names[node]) for node in cluster.nodes]
    if not cluster.title:
        yield from nodes
        return
    yield f'subgraph {name}["{_escape(cluster.title)}"]'
    yield "  direction LR"
    yield from (f"  {node}" for node in nodes)
    yield "end"
    yield f"class {name} panel"


def _node(found: NodeRecord, name: str) -> str:
    kind = kind_of(found)
    if isinstance(found, StepNode) and found.primitive == "input":
        kind = "input"
    before, after = _SHAPES[kind]
    text = "<br>".join(_escape(line) for line in lines(found))
    return f'{name}{before}"{text}"{after}:::{kind}'


def _arrow(flow: Flow) -> str:
    if flow.kind == "trains":
        return "-.->"
    if flow.kind == "judges":
        return "-.-"
    return f'-->|"{_escape(flow.label)}"|' if flow.label else "-->"


def _escape(text: str) -> str:
    """Write a text so that nothing in it is Mermaid's or HTML's: other characters as codes."""
    shown = visible(text)
    return "".join(c if c.isalnum() or c in " _.,-+()" else f"#{ord(c)};" for c in shown)
