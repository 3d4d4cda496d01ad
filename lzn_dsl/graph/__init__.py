"""The task graph, its passes and its pictures."""
