"""The task graph as data: every node and edge with its record."""

from dataclasses import asdict

import networkx as nx
from pydantic import JsonValue

from lzn_dsl.graph.records import Flow, NodeRecord


def to_json(graph: nx.MultiDiGraph) -> dict[str, JsonValue]:
    """Return a task graph as JSON: `title`, `nodes` and `edges`, in the order of the graph.

    A node has its `id`, its `kind` (`encoder`, `step`, ...) and the fields of its record; an `id`
    or a `kind` in that is `own_id` or `own_kind`. An edge has `source`, `target`, `kind`, `label`.
    """
    nodes: list[JsonValue] = [
        {"id": node, "kind": kind_of(data["record"]), **_fields(data["record"])}
        for node, data in graph.nodes(data=True)
    ]
    edges: list[JsonValue] = [
        {"source": source, "target": target, **_fields(data["flow"])}
        for source, target, data in graph.edges(data=True)
    ]
    return {"title": str(graph.graph.get("title", "program")), "nodes": nodes, "edges": edges}


def kind_of(record: NodeRecord) -> str:
    """Return the kind of a node in one word: `column`, `encoder`, `space`, ..."""
    return type(record).__name__.removesuffix("Node").lower()


def _fields(found: NodeRecord | Flow) -> dict[str, JsonValue]:
    fields = {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(found).items()}
    if isinstance(found, Flow):
        return fields
    return {f"own_{k}" if k in ("id", "kind") else k: v for k, v in fields.items()}
