"""Pictures of a task graph: pure functions from the graph to text, one form a file."""

from lzn_dsl.graph.pictures.draw import draw

__all__ = ["draw"]
