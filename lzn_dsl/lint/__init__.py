"""The linter: what is right and likely not what was meant, or could be said better."""
