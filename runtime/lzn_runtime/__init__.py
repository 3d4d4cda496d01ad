"""The PyTorch half of lzn_dsl: compiles a plan into one training step and one routine per task."""
