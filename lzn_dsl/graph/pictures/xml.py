"""Writing XML: places, texts and attributes, with nothing in them that XML does not allow."""

import re
from xml.sax.saxutils import escape, quoteattr

from lzn_dsl.graph.pictures.geometry import Box, number

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(value: str) -> str:
    """Write a text between tags."""
    return escape(_legal(value))


def attribute(value: str) -> str:
    """Write the value of an attribute, with its quotes."""
    return quoteattr(_legal(value))


def place(box: Box) -> str:
    """Write the attributes of a rectangle."""
    return (
        f'x="{number(box.x)}" y="{number(box.y)}" '
        f'width="{number(box.width)}" height="{number(box.height)}"'
    )


def _legal(value: str) -> str:
    return _ILLEGAL.sub("\ufffd", value)
