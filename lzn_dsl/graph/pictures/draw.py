"""A task graph in any of the forms that it can be written in."""

import json

import networkx as nx

from lzn_dsl.graph.pictures.as_json import to_json
from lzn_dsl.graph.pictures.dot import to_dot
from lzn_dsl.graph.pictures.mermaid import to_mermaid
from lzn_dsl.graph.pictures.svg import to_svg

FORMS = ("svg", "mermaid", "dot", "json")


def draw(graph: nx.MultiDiGraph, form: str = "svg") -> str:
    """Return a task graph as text: `svg`, `mermaid`, `dot` or `json`.

    Raises:
        ValueError: There is no such form.
    """
    match form:
        case "svg":
            return to_svg(graph)
        case "mermaid":
            return to_mermaid(graph)
        case "dot":
            return to_dot(graph)
        case "json":
            return json.dumps(to_json(graph), indent=2) + "\n"
    raise ValueError(f"no picture is called `{form}`; there are: {', '.join(FORMS)}")
