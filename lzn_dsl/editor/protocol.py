"""Between what the editor functions say and what the Language Server Protocol says."""

from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Edit, Severity
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.editor.candidates import Item
from lzn_dsl.editor.coloring import TYPES, Colored
from lzn_dsl.editor.document import Document
from lzn_dsl.editor.findings import Action, message
from lzn_dsl.editor.hints import Hint, Lens
from lzn_dsl.editor.hover import Hover
from lzn_dsl.editor.mentions import Role
from lzn_dsl.editor.navigation import Location
from lzn_dsl.editor.outline import Fold, Symbol
from lzn_dsl.editor.positions import Encoding, Lines

_KINDS = {
    "keyword": types.CompletionItemKind.Keyword,
    "preposition": types.CompletionItemKind.Keyword,
    "file": types.CompletionItemKind.File,
    Role.CONSTANT: types.CompletionItemKind.Constant,
    Role.DATA: types.CompletionItemKind.Variable,
    Role.MODALITY: types.CompletionItemKind.Field,
    Role.TASK: types.CompletionItemKind.Function,
    Role.VERB: types.CompletionItemKind.Method,
    Role.LOCAL: types.CompletionItemKind.Variable,
    Role.NAMESPACE: types.CompletionItemKind.Module,
    Role.MODULE: types.CompletionItemKind.Property,
    Role.PRIMITIVE: types.CompletionItemKind.Function,
    Role.OBJECTIVE: types.CompletionItemKind.Function,
    Role.COMPONENT: types.CompletionItemKind.Class,
    Role.SETTING: types.CompletionItemKind.Property,
    Role.WORD: types.CompletionItemKind.EnumMember,
    Role.TYPE: types.CompletionItemKind.TypeParameter,
    Role.CAPABILITY: types.CompletionItemKind.Interface,
}
_SYMBOLS = {
    "let": types.SymbolKind.Constant,
    "param": types.SymbolKind.Constant,
    "data": types.SymbolKind.Array,
    "modality": types.SymbolKind.Field,
    "task": types.SymbolKind.Function,
    "verb": types.SymbolKind.Method,
    "import": types.SymbolKind.Module,
    "space": types.SymbolKind.Namespace,
    "train": types.SymbolKind.Event,
    "learn": types.SymbolKind.Event,
    "evaluate": types.SymbolKind.Event,
}
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
}
_UNUSED = "LZNW10"  # the codes of names that nothing uses


class Converter:
    """Converts for one version of a text, in the columns of the editor."""

    def __init__(self, document: Document, encoding: Encoding) -> None:
        self._document = document
        self._encoding: Encoding = encoding
        self._lines = Lines(document.text, encoding)

    def offset(self, position: types.Position) -> int:
        """Return the character offset of a position."""
        return self._lines.offset(position.line, position.character)

    def position(self, offset: int) -> types.Position:
        """Return the position of a character offset."""
        return types.Position(*self._lines.position(offset))

    def range(self, start: int, end: int) -> types.Range:
        """Return the range from one offset to another."""
        return types.Range(self.position(start), self.position(end))

    def whole(self) -> types.Range:
        """Return the range of the whole text."""
        return self.range(0, len(self._document.text))

    def diagnostic(self, finding: Diagnostic) -> types.Diagnostic:
        """Convert a finding; one without a place stands at the start of the text."""
        span = finding.span
        at = self.range(span.start, max(span.end, span.start)) if span else self.range(0, 0)
        related = [
            types.DiagnosticRelatedInformation(place, r.label)
            for r in finding.related
            if (place := self._related(r.span)) is not None
        ]
        return types.Diagnostic(
            at,
            message(finding),
            severity=_SEVERITIES[finding.severity],
            code=finding.code,
            source="lzn",
            tags=[types.DiagnosticTag.Unnecessary] if finding.code.startswith(_UNUSED) else None,
            related_information=related or None,
        )

    def _related(self, span: Span) -> types.Location | None:
        """Convert a place in this text or in a file that it imports; None for any other."""
        if span.source.name == self._document.source.name:
            return types.Location(self._document.uri, self.range(span.start, span.end))
        if not Path(span.source.name).is_absolute():
            return None
        lines = Lines(span.source.text, self._encoding)
        ends = (types.Position(*lines.position(offset)) for offset in (span.start, span.end))
        return types.Location(Path(span.source.name).as_uri(), types.Range(*ends))

    def completion(self, item: Item, start: int, offset: int, place: int) -> types.CompletionItem:
        """Convert something that may be written from `start` to `offset`; `place` is its rank."""
        return types.CompletionItem(
            label=item.label,
            kind=_KINDS[item.sort],
            detail=item.detail or None,
            documentation=_markdown(item.help) if item.help else None,
            sort_text=f"{place:04}",
            filter_text=item.label,
            text_edit=types.TextEdit(self.range(start, offset), item.text or item.label),
        )

    def hover(self, found: Hover) -> types.Hover:
        """Convert what is shown of a word."""
        return types.Hover(_markdown(found.text), self.range(found.start, found.end))

    def symbol(self, found: Symbol) -> types.DocumentSymbol:
        """Convert an entry of the outline."""
        return types.DocumentSymbol(
            name=found.name,
            kind=_SYMBOLS.get(found.word, types.SymbolKind.Event),
            range=self.range(found.start, found.end),
            selection_range=self.range(found.name_start, found.name_end),
            detail=f"{found.word} {found.detail}".strip(),
        )

    def fold(self, found: Fold) -> types.FoldingRange:
        """Convert a part that can be folded."""
        start, end = self.position(found.start), self.position(found.end)
        kind = types.FoldingRangeKind.Comment if found.comment else None
        return types.FoldingRange(start.line, end.line, start.character, end.character, kind)

    def tokens(self, found: Iterable[Colored]) -> list[int]:
        """Encode coloured pieces: of each its lines and columns from the last, length, colour."""
        data: list[int] = []
        line = column = 0
        for piece in found:
            start, end = self.position(piece.start), self.position(piece.end)
            move = start.character - (column if start.line == line else 0)
            length = end.character - start.character
            data += [start.line - line, move, length, TYPES.index(piece.type), piece.modifiers]
            line, column = start.line, start.character
        return data

    def hint(self, found: Hint) -> types.InlayHint:
        """Convert a hint."""
        return types.InlayHint(self.position(found.offset), found.text, tooltip=found.help or None)

    def lens(self, found: Lens) -> types.CodeLens:
        """Convert a lens, which does nothing when it is clicked."""
        at = self.range(found.offset, found.offset)
        return types.CodeLens(at, types.Command(title=found.text, command=""))

    def edit(self, edit: Edit) -> types.TextEdit:
        """Convert an edit of this text."""
        return types.TextEdit(self.range(edit.span.start, edit.span.end), edit.text)

    def action(self, action: Action, kind: types.CodeActionKind) -> types.CodeAction:
        """Convert a change on offer."""
        edits = [self.edit(edit) for edit in action.edits]
        mends = [self.diagnostic(action.finding)] if action.finding else None
        return types.CodeAction(
            title=action.title,
            kind=kind,
            diagnostics=mends,
            is_preferred=action.preferred or None,
            edit=types.WorkspaceEdit(changes={self._document.uri: edits}),
        )


def location(found: Location, encoding: Encoding) -> types.Location:
    """Convert a place of any document."""
    convert = Converter(found.document, encoding)
    return types.Location(found.document.uri, convert.range(found.start, found.end))


def _markdown(text: str) -> types.MarkupContent:
    return types.MarkupContent(types.MarkupKind.Markdown, text)
