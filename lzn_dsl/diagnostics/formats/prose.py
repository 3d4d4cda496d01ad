"""A diagnostic as running text, for formats that show no excerpt."""

from collections.abc import Iterator

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.excerpt import visible


def prose(found: Diagnostic) -> str:
    """Return what is wrong, what is said at the place, the notes and the hint, one a line."""
    return "\n".join(visible(line) for text in _texts(found) for line in text.split("\n"))


def _texts(found: Diagnostic) -> Iterator[str]:
    yield f"{found.summary}: {found.label}" if found.label else found.summary
    for note in found.notes:
        yield f"note: {note}"
    if found.hint:
        yield f"help: {found.hint}"
