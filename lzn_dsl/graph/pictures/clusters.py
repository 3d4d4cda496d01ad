"""Which nodes belong together in a picture: data, encoders, decoders, objectives, each task."""

from dataclasses import dataclass

import networkx as nx

from lzn_dsl.graph.records import (
    ColumnNode,
    DecoderNode,
    EncoderNode,
    MetricNode,
    ObjectiveNode,
    SpaceNode,
    StepNode,
    TaskNode,
    record,
    records,
)

_PARTS = (
    ("data", ColumnNode),
    ("encoders", EncoderNode),
    ("", SpaceNode),
    ("decoders", DecoderNode),
    ("objectives", ObjectiveNode),
)


@dataclass(frozen=True)
class Cluster:
    """Nodes that are drawn together under a title; without one they stand free."""

    title: str
    nodes: tuple[str, ...]


def clusters(graph: nx.MultiDiGraph) -> tuple[Cluster, ...]:
    """Return the clusters of a graph; every node is in exactly one."""
    found = [Cluster(title, tuple(records(graph, kind))) for title, kind in _PARTS]
    for node, task in records(graph, TaskNode).items():
        own = [n for n in graph if _task(graph, n) == task.name]
        found.append(Cluster(f"{task.name}: {task.phrase}", (*own, node)))
    return tuple(cluster for cluster in found if cluster.nodes)


def _task(graph: nx.MultiDiGraph, node: str) -> str | None:
    found = record(graph, node)
    return found.task if isinstance(found, StepNode | MetricNode) else None
