"""Starting points: a spec, and a package with a modality of one's own."""
