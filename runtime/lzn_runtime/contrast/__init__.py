"""Contrastive objectives: the baselines of latent alignment of two views."""
