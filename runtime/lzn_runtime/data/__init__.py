"""Datasets and batches: what the training loop and the evaluation read."""
