"""Rectified flow between noise and samples, its samplers, and the decoder made of them."""
