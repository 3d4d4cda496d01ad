"""Extractors whose weights were trained elsewhere, on other data."""
