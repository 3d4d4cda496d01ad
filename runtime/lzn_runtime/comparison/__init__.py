"""Comparing runs: programs and seeds side by side, as data; `rendering` writes it down."""
