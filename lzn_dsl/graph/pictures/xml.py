"""Writing XML: places, texts and attributes, with nothing in them that XML does not allow."""

from xml.sax.saxutils import escape, quoteattr

from lzn_dsl.graph.pictures.geometry import Box, number
from lzn_dsl.graph.pictures.text import visible


def text(value: str) -> str:
    """Write a text between tags."""
    return escape(visible(value))


def attribute(value: str) -> str:
    """Write the value of an attribute, with its quotes."""
    return quoteattr(visible(value))


def place(box: Box) -> str:
    """Write the attributes of a rectangle."""
    return (
        f'x="{number(box.x)}" y="{number(box.y)}" '
        f'width="{number(box.width)}" height="{number(box.height)}"'
    )
