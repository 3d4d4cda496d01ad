"""Passes over the task graph, one a file, in the order in which `lzn_dsl.graph.build` runs them."""
