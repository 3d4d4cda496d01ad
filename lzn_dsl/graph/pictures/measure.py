"""How wide a text will be, without a font at hand.

The widths are those of DejaVu Sans, the widest of the fonts that a viewer is likely to use, so that
a text never leaves the box that was laid out for it.
"""

from unicodedata import east_asian_width

_WIDTHS = {
    **dict.fromkeys("ijl|'!", 0.30),
    **dict.fromkeys(" .,:;I", 0.33),
    **dict.fromkeys('ftr()[]{}/-\\"', 0.41),
    **dict.fromkeys("csxyzvkJ_", 0.56),
    **dict.fromkeys("abdeghnopqu0123456789", 0.635),
    **dict.fromkeys("mM", 0.97),
    **dict.fromkeys("wW@%", 0.95),
}
_UPPER, _OTHER, _WIDE, _BOLD = 0.72, 0.84, 1.05, 1.1
ELLIPSIS = "\u2026"


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width in pixels of one line of text at a font size."""
    width = sum(_char_width(char) for char in text) * size
    return width * _BOLD if bold else width


def shorten(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """Cut a text so that it fits a width, and end it with an ellipsis if it was cut."""
    if text_width(text, size, bold=bold) <= width:
        return text
    kept = text
    while kept and text_width(kept + ELLIPSIS, size, bold=bold) > width:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def _char_width(char: str) -> float:
    if char in _WIDTHS:
        return _WIDTHS[char]
    if east_asian_width(char) in "WF":
        return _WIDE
    return _UPPER if char.isupper() else _OTHER
