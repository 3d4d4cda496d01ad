"""The registry: a value that holds every component a spec may name."""
