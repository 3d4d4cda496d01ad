"""Which modalities the training data pairs, and the chains between them."""

import networkx as nx

from helpers.programs import program
from lzn_dsl.graph.passes.pairing import alignment_path, pairing_graph


def test_columns_of_the_training_data_are_paired_and_others_stand_alone() -> None:
    text = (
        "data d = toy(columns: [image, label, mood])\ndata e = toy(columns: [sketch])\n"
        "generate image from label"
    )
    pairs = pairing_graph(program(text).graph.program)
    assert {frozenset(edge) for edge in pairs.edges} == {
        frozenset(("image", "label")),
        frozenset(("image", "mood")),
        frozenset(("label", "mood")),
    }
    assert set(pairs) == {"image", "label", "mood", "sketch"}


def test_the_shortest_chain_is_found() -> None:
    pairs = nx.Graph([("a", "b"), ("b", "c"), ("c", "d"), ("a", "d")])
    pairs.add_node("alone")
    assert alignment_path(pairs, "b", "d") in (["b", "a", "d"], ["b", "c", "d"])
    assert alignment_path(pairs, "a", "b") == ["a", "b"]
    assert alignment_path(pairs, "a", "alone") is None
