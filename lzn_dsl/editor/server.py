"""The language server: `lzn lsp`, over standard input and output. Needs pygls.

Requests are answered from the tokens of the text; checks run in a thread, a moment after the last
change, and their findings are pushed.
"""

import gc
import logging
from collections.abc import Callable
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from lzn_dsl.editor.coloring import MODIFIERS, TYPES, colored
from lzn_dsl.editor.completion import complete
from lzn_dsl.editor.findings import actions, mend_all
from lzn_dsl.editor.hints import hints, lenses
from lzn_dsl.editor.hover import hover
from lzn_dsl.editor.layout import layout
from lzn_dsl.editor.navigation import (
    RenameError,
    definition,
    references,
    renamable,
    rename,
)
from lzn_dsl.editor.outline import folds, symbols
from lzn_dsl.editor.protocol import location
from lzn_dsl.editor.session import LznServer


def _initialized(server: LznServer, _: types.InitializedParams) -> None:
    for warning in server.files.registry.warnings:
        text = f"{warning.code}: {warning.summary}"
        server.window_log_message(types.LogMessageParams(types.MessageType.Warning, text))


def _opened(server: LznServer, params: types.DidOpenTextDocumentParams) -> None:
    server.files.open(params.text_document.uri, params.text_document.text)
    server.check_soon(params.text_document.uri, 0)


def _changed(server: LznServer, params: types.DidChangeTextDocumentParams) -> None:
    for change in params.content_changes:
        if isinstance(change, types.TextDocumentContentChangeWholeDocument):
            server.files.change(params.text_document.uri, change.text)
    server.check_soon(params.text_document.uri)


def _saved(server: LznServer, params: types.DidSaveTextDocumentParams) -> None:
    server.files.facts.forget()
    server.check_soon(params.text_document.uri, 0)


def _closed(server: LznServer, params: types.DidCloseTextDocumentParams) -> None:
    server.forget(params.text_document.uri)


def _complete(server: LznServer, params: types.CompletionParams) -> types.CompletionList:
    document = server.document(params.text_document.uri)
    convert = server.convert(document)
    offset = convert.offset(params.position)
    start, items = complete(document, offset, server.files.resolve)
    shown = [convert.completion(item, start, offset, place) for place, item in enumerate(items)]
    return types.CompletionList(is_incomplete=False, items=shown)


def _hover(server: LznServer, params: types.HoverParams) -> types.Hover | None:
    document = server.document(params.text_document.uri)
    convert = server.convert(document)
    found = hover(document, convert.offset(params.position), server.files.resolve)
    return convert.hover(found) if found else None


def _definition(server: LznServer, params: types.DefinitionParams) -> list[types.Location]:
    document = server.document(params.text_document.uri)
    offset = server.convert(document).offset(params.position)
    found = definition(server.files, document, offset)
    return [location(place, server.encoding) for place in found]


def _references(server: LznServer, params: types.ReferenceParams) -> list[types.Location]:
    document = server.document(params.text_document.uri)
    offset = server.convert(document).offset(params.position)
    both = params.context.include_declaration
    found = references(server.files, document, offset, definitions=both)
    return [location(place, server.encoding) for place in found]


def _highlight(
    server: LznServer, params: types.DocumentHighlightParams
) -> list[types.DocumentHighlight]:
    document = server.document(params.text_document.uri)
    convert = server.convert(document)
    found = references(server.files, document, convert.offset(params.position))
    return [
        types.DocumentHighlight(convert.range(place.start, place.end))
        for place in found
        if place.document is document
    ]


def _prepare_rename(server: LznServer, params: types.PrepareRenameParams) -> types.Range:
    document = server.document(params.text_document.uri)
    convert = server.convert(document)
    try:
        found = renamable(server.files, document, convert.offset(params.position))
    except RenameError as failure:
        raise JsonRpcInvalidParams(str(failure)) from failure
    return convert.range(found.start, found.end)


def _rename(server: LznServer, params: types.RenameParams) -> types.WorkspaceEdit:
    document = server.document(params.text_document.uri)
    offset = server.convert(document).offset(params.position)
    try:
        places = rename(server.files, document, offset, params.new_name)
    except RenameError as failure:
        raise JsonRpcInvalidParams(str(failure)) from failure
    changes: dict[str, list[types.TextEdit]] = {}
    for place in places:
        at = location(place, server.encoding)
        changes.setdefault(at.uri, []).append(types.TextEdit(at.range, params.new_name))
    return types.WorkspaceEdit(changes=changes)


def _symbols(server: LznServer, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
    document = server.document(params.text_document.uri)
    convert = server.convert(document)
    return [convert.symbol(symbol) for symbol in symbols(document)]


def _folds(server: LznServer, params: types.FoldingRangeParams) -> list[types.FoldingRange]:
    document = server.document(params.text_document.uri)
    convert = server.convert(document)
    return [convert.fold(fold) for fold in folds(document)]


def _format(server: LznServer, params: types.DocumentFormattingParams) -> list[types.TextEdit]:
    document = server.document(params.text_document.uri)
    edit = layout(document)
    return [server.convert(document).edit(edit)] if edit else []


def _actions(server: LznServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    document = server.document(params.text_document.uri)
    convert = server.convert(document)
    found = server.found.get(document.uri, ())
    start, end = convert.offset(params.range.start), convert.offset(params.range.end)
    quick = types.CodeActionKind.QuickFix
    offered = [convert.action(action, quick) for action in actions(document, found, start, end)]
    everything = mend_all(document, found)
    if everything:
        offered.append(convert.action(everything, types.CodeActionKind.SourceFixAll))
    only = params.context.only
    return [a for a in offered if not only or any(_within(a.kind, kind) for kind in only)]


def _within(kind: object, wanted: object) -> bool:
    name, asked = (str(getattr(k, "value", k)) for k in (kind, wanted))
    return name == asked or name.startswith(f"{asked}.")


def _colored(server: LznServer, params: types.SemanticTokensParams) -> types.SemanticTokens:
    document = server.document(params.text_document.uri)
    return types.SemanticTokens(server.convert(document).tokens(colored(document)))


def _hints(server: LznServer, params: types.InlayHintParams) -> list[types.InlayHint]:
    document = server.document(params.text_document.uri)
    convert = server.convert(document)
    start, end = convert.offset(params.range.start), convert.offset(params.range.end)
    return [convert.hint(hint) for hint in hints(document) if start <= hint.offset <= end]


def _lenses(server: LznServer, params: types.CodeLensParams) -> list[types.CodeLens]:
    document = server.document(params.text_document.uri)
    convert = server.convert(document)
    return [convert.lens(lens) for lens in lenses(document)]


_FEATURES: dict[str, tuple[Callable[..., Any], Any]] = {
    types.INITIALIZED: (_initialized, None),
    types.TEXT_DOCUMENT_DID_OPEN: (_opened, None),
    types.TEXT_DOCUMENT_DID_CHANGE: (_changed, None),
    types.TEXT_DOCUMENT_DID_SAVE: (_saved, None),
    types.TEXT_DOCUMENT_DID_CLOSE: (_closed, None),
    types.TEXT_DOCUMENT_COMPLETION: (
        _complete,
        types.CompletionOptions(trigger_characters=[" ", ":", "(", "[", "{", ",", "."]),
    ),
    types.TEXT_DOCUMENT_HOVER: (_hover, None),
    types.TEXT_DOCUMENT_DEFINITION: (_definition, None),
    types.TEXT_DOCUMENT_REFERENCES: (_references, None),
    types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT: (_highlight, None),
    types.TEXT_DOCUMENT_PREPARE_RENAME: (_prepare_rename, None),
    types.TEXT_DOCUMENT_RENAME: (_rename, types.RenameOptions(prepare_provider=True)),
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: (_symbols, None),
    types.TEXT_DOCUMENT_FOLDING_RANGE: (_folds, None),
    types.TEXT_DOCUMENT_FORMATTING: (_format, None),
    types.TEXT_DOCUMENT_CODE_ACTION: (
        _actions,
        types.CodeActionOptions(
            code_action_kinds=[types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]
        ),
    ),
    types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL: (
        _colored,
        types.SemanticTokensLegend(token_types=TYPES, token_modifiers=MODIFIERS),
    ),
    types.TEXT_DOCUMENT_INLAY_HINT: (_hints, None),
    types.TEXT_DOCUMENT_CODE_LENS: (_lenses, None),
}


# They look at the whole text; what is asked at the cursor does not wait for them.
_IN_THREADS = frozenset({types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, types.TEXT_DOCUMENT_CODE_LENS})


def make_server() -> LznServer:
    """Return a server that has not started."""
    server = LznServer()
    for name, (handler, options) in _FEATURES.items():
        chosen = server.thread()(handler) if name in _IN_THREADS else handler
        server.feature(name, options)(chosen)
    return server


def serve() -> None:
    """Serve one editor over standard input and output, until it says that it is done."""
    logging.getLogger("pygls.protocol.json_rpc").addFilter(_is_unexpected)
    server = make_server()
    collect_seldom()
    server.start_io()


def collect_seldom() -> None:
    """Look for cyclic garbage seldom: versions of a text hold none, and a look delays an answer."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _is_unexpected(record: logging.LogRecord) -> bool:
    """Whether a failure is worth a traceback: a refusal, which the editor shows, is not."""
    return not (record.exc_info and isinstance(record.exc_info[1], JsonRpcInvalidParams))
