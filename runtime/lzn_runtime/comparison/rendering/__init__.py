"""A comparison written down: as text, Markdown, JSON, plots, and one page of HTML."""
