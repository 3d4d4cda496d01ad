"""The sections of a report: each a function from the material to HTML, or to what is missing."""
