"""Which modalities paired data can align: an edge where a trained dataset holds both columns."""

from itertools import combinations

import networkx as nx

from lzn_dsl.semantics.program import Program


def pairing_graph(program: Program) -> nx.Graph:
    """Return the graph of modalities; an edge is a pair that the training data holds together."""
    graph = nx.Graph()
    graph.add_nodes_from(program.modalities)
    columns = [c for c in program.datasets[program.on].info.columns if c in program.modalities]
    graph.add_nodes_from(columns)
    graph.add_edges_from(combinations(columns, 2))
    return graph


def alignment_path(pairs: nx.Graph, source: str, target: str) -> list[str] | None:
    """Return the shortest chain of aligned modalities between two; None where there is none."""
    try:
        path: list[str] = nx.shortest_path(pairs, source, target)
    except nx.NetworkXNoPath:
        return None
    return path
