"""The server as an editor starts it: a process, spoken to over its standard streams."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

T = TypeVar("T")

ROOT = Path(__file__).parent.parent.parent
SMILE = "\U0001f600"  # two units of UTF-16
TEXT = f"""\
let wide = 8  # {SMILE}
modality image = image(encoder: conv(widths: [wide]))
task draw = generate image from label  # {SMILE}
train {{ steps:  100 }}
"""


class Editor:
    """A client of one server, for tests that are not asynchronous."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.client = LanguageClient("tests", "1")
        self.found: dict[str, tuple[types.Diagnostic, ...]] = {}
        self._loop = asyncio.new_event_loop()
        self._news = asyncio.Event()

        def take(params: types.PublishDiagnosticsParams) -> None:
            self.found[params.uri] = tuple(params.diagnostics)
            self._news.set()

        self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(take)

    def run(self, answer: Awaitable[T]) -> T:
        """Wait for an answer, for a minute at most."""
        return self._loop.run_until_complete(asyncio.wait_for(answer, 60))

    def start(self) -> types.InitializeResult:
        """Start the server and greet it."""
        paths = [str(ROOT), str(ROOT / "runtime")]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        command = [sys.executable, "-m", "lzn_dsl", "lsp"]
        self.run(self.client.start_io(*command, cwd=self.folder, env=environment))
        result = self.run(
            self.client.initialize_async(
                types.InitializeParams(types.ClientCapabilities(), root_uri=self.folder.as_uri())
            )
        )
        self.client.initialized(types.InitializedParams())
        return result

    def open(self, name: str, text: str) -> str:
        """Open a text and return its address."""
        uri = (self.folder / name).as_uri()
        item = types.TextDocumentItem(uri, "lzn", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def change(self, uri: str, text: str) -> None:
        """Send another version of a text."""
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(2, uri),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    def diagnostics(self, uri: str) -> tuple[types.Diagnostic, ...]:
        """Return the findings of a text, once they come."""

        async def wait() -> tuple[types.Diagnostic, ...]:
            while uri not in self.found:
                self._news.clear()
                await self._news.wait()
            return self.found.pop(uri)

        return self.run(wait())

    def stop(self) -> tuple[int, str]:
        """Say goodbye; return the exit code and what was written to standard error."""
        server = self.client._server
        assert server is not None
        assert server.stderr is not None
        self.run(self.client.shutdown_async(None))
        self.client.exit(None)
        errors = self.run(server.stderr.read())
        code = self.run(server.wait())
        self.run(self.client.stop())  # type: ignore[no-untyped-call]  # pygls'
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()
        return code, errors.decode()


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    editor = Editor(tmp_path_factory.mktemp("project").resolve())
    result = editor.start()
    assert result.server_info is not None
    assert result.server_info.name == "lzn"
    yield editor
    assert editor.stop() == (0, "")


@pytest.fixture(scope="module")
def uri(editor: Editor) -> str:
    uri = editor.open("main.lzn", TEXT)
    assert editor.diagnostics(uri) == ()
    return uri


def at(line: int, column: int) -> types.Position:
    return types.Position(line, column)


def span(line: int, start: int, end: int) -> types.Range:
    return types.Range(at(line, start), at(line, end))


def test_findings_come_after_a_change_with_places_in_utf_16(editor: Editor) -> None:
    uri = editor.open("wrong.lzn", f'# {SMILE}\nimport "{SMILE}" as x\n')
    first = editor.diagnostics(uri)
    assert first
    editor.change(uri, f"train {{ steps: -1 }}  # {SMILE}\ntask a = generate imge from label\n")
    steps, imge = (d for d in editor.diagnostics(uri) if d.source == "lzn")
    assert (steps.code, steps.range) == ("LZN302", span(0, 15, 17))
    assert (imge.code, imge.range) == ("LZN201", span(1, 18, 22))
    assert imge.severity is types.DiagnosticSeverity.Error
    editor.change(uri, f'let a = "{SMILE}" ?\n')
    (stray,) = (d for d in editor.diagnostics(uri) if d.code == "LZN110")
    assert stray.range == span(0, 13, 14)
    identifier = types.TextDocumentIdentifier(uri)
    editor.client.text_document_did_close(types.DidCloseTextDocumentParams(identifier))
    assert editor.diagnostics(uri) == ()


def test_a_name_that_nothing_uses_is_shown_faded(editor: Editor) -> None:
    uri = editor.open("idle.lzn", "let idle = 1\ngenerate image from label\n")
    (idle,) = (d for d in editor.diagnostics(uri) if d.code == "LZNW101")
    assert idle.severity is types.DiagnosticSeverity.Warning
    assert list(idle.tags or ()) == [types.DiagnosticTag.Unnecessary]


def test_completion_replaces_the_word_before_the_cursor(editor: Editor) -> None:
    uri = editor.open("typing.lzn", f"# {SMILE}\ntrain {{ ste")
    editor.diagnostics(uri)
    identifier = types.TextDocumentIdentifier(uri)
    answer = editor.run(
        editor.client.text_document_completion_async(types.CompletionParams(identifier, at(1, 11)))
    )
    assert isinstance(answer, types.CompletionList)
    steps = next(item for item in answer.items if item.label == "steps")
    assert steps.kind == types.CompletionItemKind.Property
    assert steps.text_edit == types.TextEdit(span(1, 8, 11), "steps: ")


def test_hover_shows_the_help_of_the_registry(editor: Editor, uri: str) -> None:
    identifier = types.TextDocumentIdentifier(uri)
    answer = editor.run(
        editor.client.text_document_hover_async(types.HoverParams(identifier, at(1, 33)))
    )
    assert answer is not None
    assert isinstance(answer.contents, types.MarkupContent)
    assert answer.contents.value.startswith("**conv**: encoder")
    assert answer.range == span(1, 32, 36)


def test_names_lead_to_definition_uses_and_other_names(editor: Editor, uri: str) -> None:
    client, identifier = editor.client, types.TextDocumentIdentifier(uri)
    where = at(1, 47)
    defined = editor.run(
        client.text_document_definition_async(types.DefinitionParams(identifier, where))
    )
    assert defined == [types.Location(uri, span(0, 4, 8))]
    used = editor.run(
        client.text_document_references_async(
            types.ReferenceParams(types.ReferenceContext(True), identifier, where)
        )
    )
    assert used is not None
    assert [place.range for place in used] == [span(0, 4, 8), span(1, 46, 50)]
    marked = editor.run(
        client.text_document_document_highlight_async(
            types.DocumentHighlightParams(identifier, where)
        )
    )
    assert marked is not None
    assert [m.range for m in marked] == [span(0, 4, 8), span(1, 46, 50)]
    edit = editor.run(
        client.text_document_rename_async(types.RenameParams(identifier, where, "broad"))
    )
    assert edit is not None
    assert edit.changes is not None
    assert [e.range for e in edit.changes[uri]] == [span(0, 4, 8), span(1, 46, 50)]
    with pytest.raises(Exception, match="column of the data"):
        editor.run(
            client.text_document_prepare_rename_async(
                types.PrepareRenameParams(identifier, at(1, 10))
            )
        )


def test_outline_folds_and_lenses(editor: Editor, uri: str) -> None:
    client, identifier = editor.client, types.TextDocumentIdentifier(uri)
    outline = editor.run(
        client.text_document_document_symbol_async(types.DocumentSymbolParams(identifier))
    )
    assert outline is not None
    assert [entry.name for entry in outline] == ["wide", "image", "draw", "train"]
    folds = editor.run(
        client.text_document_folding_range_async(types.FoldingRangeParams(identifier))
    )
    assert not folds
    lenses = editor.run(client.text_document_code_lens_async(types.CodeLensParams(identifier)))
    assert lenses is not None
    assert [lens.command.title for lens in lenses if lens.command] == [
        "used by 1 statement",
        "used by 1 statement",
    ]


def test_layout_hints_and_colours(editor: Editor, uri: str) -> None:
    client, identifier = editor.client, types.TextDocumentIdentifier(uri)
    options = types.FormattingOptions(4, True)
    edits = editor.run(
        client.text_document_formatting_async(types.DocumentFormattingParams(identifier, options))
    )
    assert edits is not None
    assert "train { steps: 100 }" in "".join(edit.new_text for edit in edits)
    hints = editor.run(
        client.text_document_inlay_hint_async(
            types.InlayHintParams(identifier, types.Range(at(0, 0), at(9, 0)))
        )
    )
    assert hints is not None
    assert [(h.position.line, h.label) for h in hints] == [
        (1, ": 8 x 8 x 1"),
        (2, ": label -> image"),
        (3, ": decode image, align image with label"),
        (3, " batch: 128"),
    ]
    colours = editor.run(
        client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(identifier))
    )
    assert colours is not None
    assert len(colours.data) % 5 == 0
    assert colours.data[15:18] == (0, 3, 4)  # the comment, three after the number, four units long


def test_a_fix_is_offered(editor: Editor) -> None:
    uri = editor.open("mend.lzn", "task a = generate imge from label\n")
    (finding,) = editor.diagnostics(uri)
    answer = editor.run(
        editor.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(uri),
                finding.range,
                types.CodeActionContext([finding], only=[types.CodeActionKind.QuickFix]),
            )
        )
    )
    assert answer
    action = answer[0]
    assert isinstance(action, types.CodeAction)
    assert action.edit is not None
    assert action.edit.changes == {uri: (types.TextEdit(span(0, 18, 22), "image"),)}


def test_without_its_package_the_command_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['pygls'] = None; sys.argv = ['lzn', 'lsp'];"
        "from lzn_dsl.cli.app import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "LZN909" in done.stderr
    assert 'pip install "lzn-dsl[lsp]"' in done.stderr
