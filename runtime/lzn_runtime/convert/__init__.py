"""Checkpoints of the paper's published code, read safely and turned into run folders."""
