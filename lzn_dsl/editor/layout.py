"""The layout of a text: the edit that brings it to the one of `lzn fmt`."""

from lzn_dsl.diagnostics.diagnostic import Edit, SpecError
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.editor.document import Document
from lzn_dsl.editor.tokens import same_lines
from lzn_dsl.formatting.format import format_source


def layout(document: Document) -> Edit | None:
    """Return the edit of the lines that differ; None where none does or the text has mistakes."""
    try:
        text = format_source(document.source)
    except SpecError:
        return None
    if text == document.text:
        return None
    start, stop = same_lines(document.text, text)
    span = Span(document.source, start, len(document.text) - stop)
    return Edit(span, text[start : len(text) - stop])
