"""One editor's session: its open files, and the checks that run a moment after a change."""

import asyncio

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.editor.checking import check
from lzn_dsl.editor.document import Document
from lzn_dsl.editor.findings import in_text
from lzn_dsl.editor.positions import Encoding
from lzn_dsl.editor.protocol import Converter
from lzn_dsl.editor.workspace import Workspace
from lzn_dsl.registry.plugins import default_registry
from lzn_dsl.version import __version__

_PAUSE = 0.15
"""Seconds without a change after which a text is checked."""


class LznServer(LanguageServer):
    """A server with its open files and what was last found in each."""

    def __init__(self) -> None:
        super().__init__(
            "lzn", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full
        )
        self.files = Workspace(default_registry())
        self.found: dict[str, tuple[Diagnostic, ...]] = {}
        self._checks: dict[str, asyncio.Task[None]] = {}

    @property
    def encoding(self) -> Encoding:
        """The units in which the editor counts columns."""
        chosen = self.workspace.position_encoding
        name = str(getattr(chosen, "value", chosen))
        return "utf-8" if name == "utf-8" else "utf-32" if name == "utf-32" else "utf-16"

    def document(self, uri: str) -> Document:
        """Return an open document; an empty one for an address that is not open."""
        return self.files.documents.get(uri) or self.files.open(uri, "")

    def convert(self, document: Document) -> Converter:
        """Return the converter of a document."""
        return Converter(document, self.encoding)

    def check_soon(self, uri: str, pause: float = _PAUSE) -> None:
        """Check a text once nothing has changed for a moment, and the open ones that import it."""
        for other in {uri, *(d.uri for d, _ in self.files.importers(self.document(uri)))}:
            if (running := self._checks.pop(other, None)) is not None:
                running.cancel()
            self._checks[other] = asyncio.get_running_loop().create_task(self._check(other, pause))

    def forget(self, uri: str) -> None:
        """Stop checking a text that was closed, and take back its findings."""
        if (running := self._checks.pop(uri, None)) is not None:
            running.cancel()
        self.files.close(uri)
        self.found.pop(uri, None)
        self._publish(uri, [])

    async def _check(self, uri: str, pause: float) -> None:
        await asyncio.sleep(pause)
        document = self.files.documents.get(uri)
        if document is None:
            return
        checked = await asyncio.to_thread(check, document, self.files.texts())
        self.files.learn(document, checked.program)
        if self.files.documents.get(uri) is document:
            convert = self.convert(document)
            self.found[uri] = checked.findings
            findings = in_text(document, checked.findings)
            self._publish(uri, [convert.diagnostic(finding) for finding in findings])

    def _publish(self, uri: str, diagnostics: list[types.Diagnostic]) -> None:
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics))
