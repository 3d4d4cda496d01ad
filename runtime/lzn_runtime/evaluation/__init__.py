"""Metrics: what a trained program is worth, with the conditions of every number."""
