"""The components that come with lzn_dsl: their torch-free halves."""
