"""From a plan to what runs: the model, the training step, one routine for each task."""
