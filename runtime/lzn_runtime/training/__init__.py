"""Training: one loop for every plan, its checkpoints, its log, its run folder."""
