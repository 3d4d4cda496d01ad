"""Texts with a mark where the cursor stands, as documents of an editor."""

from functools import cache
from pathlib import Path

from lzn_dsl.editor.completion import complete
from lzn_dsl.editor.document import Document
from lzn_dsl.editor.hover import hover
from lzn_dsl.editor.workspace import Workspace
from lzn_dsl.registry.plugins import default_registry
from lzn_dsl.registry.registry import Registry

MARK = "^"


@cache
def registry() -> Registry:
    """Return the registry of this installation."""
    return default_registry()


def opened(text: str, uri: str = "untitled:one") -> tuple[Workspace, Document, int]:
    """Open a text; return the files, its document, and where the mark stood (else the end)."""
    before, mark, after = text.partition(MARK)
    files = Workspace(registry())
    document = files.open(uri, before + after)
    return files, document, len(before) if mark else len(text)


def offered(text: str) -> list[str]:
    """Return what may be written at the mark."""
    files, document, offset = opened(text)
    return [item.label for item in complete(document, offset, files.resolve)[1]]


def shown(text: str) -> str:
    """Return what is shown of the word at the mark; empty for nothing."""
    files, document, offset = opened(text)
    found = hover(document, offset, files.resolve)
    return found.text if found else ""


def project(folder: Path, **texts: str) -> Workspace:
    """Write files into a folder and open all of them."""
    files = Workspace(registry())
    for name, text in texts.items():
        path = folder / f"{name}.lzn"
        path.write_text(text, encoding="utf-8")
        files.open(path.resolve().as_uri(), text)
    return files
