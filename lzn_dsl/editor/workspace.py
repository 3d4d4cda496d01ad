"""The files that an editor has open, and those that they import."""

import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from lzn_dsl.diagnostics.diagnostic import SpecError
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.editor.document import Document
from lzn_dsl.editor.facts import Facts
from lzn_dsl.editor.mentions import Role
from lzn_dsl.linking.place import locate, open_inside, project_root
from lzn_dsl.registry.registry import Registry
from lzn_dsl.semantics.program import Program
from lzn_dsl.semantics.verbs import prelude
from lzn_dsl.syntax.literals import read_string
from lzn_dsl.syntax.reading import read_descriptor

_QUOTE = '"'
_PRELUDE = "prelude.lzn"


def path_of(uri: str) -> Path | None:
    """Return the real path of a `file:` address; None for a text that is no file yet."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return None
    try:
        return Path(os.path.realpath(url2pathname(unquote(parts.path))))
    except (OSError, ValueError):
        return None


class Workspace:
    """The open documents by address, and what they share.

    Args:
        registry: The components that programs may name.
    """

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.facts = Facts(registry)
        self.documents: dict[str, Document] = {}
        self._read: dict[Path, tuple[tuple[int, int], Document]] = {}

    def open(self, uri: str, text: str) -> Document:
        """Take a text that was opened."""
        self.documents[uri] = self._document(uri, path_of(uri), text)
        return self.documents[uri]

    def change(self, uri: str, text: str) -> Document:
        """Take another version of an open text."""
        known = self.documents.get(uri)
        if known is None:
            return self.open(uri, text)
        self.documents[uri] = known.changed(text)
        return self.documents[uri]

    def close(self, uri: str) -> None:
        """Forget a text that was closed."""
        self.documents.pop(uri, None)

    def learn(self, document: Document, program: Program | None) -> None:
        """Remember what a version of a text without errors says, for those that follow."""
        if program is not None:
            document.learn(program)
            latest = self.documents.get(document.uri)
            if latest is not None and latest is not document:
                latest.learn(program)

    def texts(self) -> Mapping[Path, str]:
        """Return the open texts of files, by real path."""
        return {d.path: d.text for d in self.documents.values() if d.path is not None}

    def resolve(self, document: Document, space: str) -> Document | None:
        """Return the document that a namespace, or a quoted path, stands for in a document.

        None where there is none that a program could import.
        """
        if space.startswith(_QUOTE):
            return self._imported(document, _path_of_string(space))
        found: Document | None = document
        for name in space.split("."):
            found = self._imported(found, self._alias(found, name)) if found else None
        return found

    def _imported(self, document: Document, written: str) -> Document | None:
        if not written or document.path is None:
            return None
        folder = document.path.parent
        root = project_root(folder)
        try:
            path = locate(written, folder, root)
        except SpecError:
            return None
        opened = next((d for d in self.documents.values() if d.path == path), None)
        return opened or self._load(path, root)

    def importers(self, document: Document) -> Iterator[tuple[Document, str]]:
        """Yield the open documents that import a document, each with the namespace it gives it."""
        for other in self.documents.values():
            for d in other.definitions:
                if d.role is Role.NAMESPACE and self.resolve(other, d.name) is document:
                    yield other, d.name
                    yield other, f"{_QUOTE}{d.path}{_QUOTE}"

    def builtin(self) -> Document:
        """Return the document of the built-in verbs."""
        return self._prelude

    @cached_property
    def _prelude(self) -> Document:
        import lzn_dsl.semantics as home

        path = Path(home.__path__[0]).resolve() / _PRELUDE
        return self._document(path.as_uri(), path, prelude()[0].span.source.text)

    def _document(self, uri: str, path: Path | None, text: str) -> Document:
        name = str(path) if path else uri
        folder = path.parent if path else Path()
        return Document(Source(name, text), uri, path, folder, self.registry, self.facts)

    def _alias(self, document: Document, name: str) -> str:
        found = (d for d in document.definitions if (d.role, d.name) == (Role.NAMESPACE, name))
        return next((d.path for d in found), "")

    def _load(self, path: Path, root: Path) -> Document | None:
        """Return the document of a file that is not open; read again once the file has changed."""
        try:
            status = path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if path not in self._read or self._read[path][0] != stamp:
                source = read_descriptor(open_inside(path, root), str(path))
                self._read[path] = (stamp, self._document(path.as_uri(), path, source.text))
        except (OSError, SpecError):
            return None
        return self._read[path][1]


def _path_of_string(written: str) -> str:
    try:
        return str(read_string(written))
    except (ValueError, IndexError, KeyError):
        return ""
