"""Which modalities paired data can align: an edge where a trained dataset holds both columns."""

from itertools import combinations
from typing import TYPE_CHECKING

from lzn_dsl.semantics.program import Program

if TYPE_CHECKING:
    import networkx as nx


def pairing_graph(program: Program) -> "nx.Graph":
    """Return the graph of modalities; an edge is a pair that the training data holds together."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(program.modalities)
    columns = [c for c in program.datasets[program.on].info.columns if c in program.modalities]
    graph.add_nodes_from(columns)
    graph.add_edges_from(combinations(columns, 2))
    return graph


def alignment_path(pairs: "nx.Graph", source: str, target: str) -> list[str] | None:
    """Return the shortest chain of aligned modalities between two; None where there is none."""
    import networkx as nx

    try:
        path: list[str] = nx.shortest_path(pairs, source, target)
    except nx.NetworkXNoPath:
        return None
    return path


def path_between(program: Program, source: str, target: str) -> list[str] | None:
    """Return the chain of alignments between two modalities of a program; None without one."""
    columns = program.datasets[program.on].info.columns
    if source in columns and target in columns:  # the common case needs no search
        return [source, target]
    return alignment_path(pairing_graph(program), source, target)
