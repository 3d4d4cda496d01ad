"""What all panels share."""

PAD = 14
"""Space between a panel and its boxes."""

TITLE = 34
"""Space above the boxes, for the title."""
