"""Pictures of samples: grids of images as PNG, with or without names beside them."""
