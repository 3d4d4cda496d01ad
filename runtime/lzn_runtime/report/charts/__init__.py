"""Charts as SVG and pictures, for both themes of the report."""
