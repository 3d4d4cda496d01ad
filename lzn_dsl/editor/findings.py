"""The findings of a text, and the changes that mend them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Edit
from lzn_dsl.diagnostics.edits import choose_fixes
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.editor.document import Document
from lzn_dsl.editor.mentions import Role


@dataclass(frozen=True)
class Action:
    """A change on offer: `finding` is what it mends, None for all that can be mended safely."""

    title: str
    edits: tuple[Edit, ...]
    finding: Diagnostic | None = None
    preferred: bool = False


def message(finding: Diagnostic) -> str:
    """Say what is wrong and what to do, without the text around it."""
    headline = f"{finding.summary}: {finding.label}" if finding.label else finding.summary
    lines = [headline, *(f"note: {note}" for note in finding.notes)]
    return "\n".join([*lines, f"help: {finding.hint}"] if finding.hint else lines)


def in_text(document: Document, findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return findings with places in a text: one about an imported file is told at the import."""
    return [_at_import(document, finding) for finding in findings]


def _at_import(document: Document, finding: Diagnostic) -> Diagnostic:
    if finding.span is None or finding.span.source.name == document.source.name:
        return finding
    imports = [d for d in document.definitions if d.role is Role.NAMESPACE]
    name = PurePath(finding.span.source.name).name
    chosen = next((d for d in imports if PurePath(d.path).name == name), None)
    first = chosen or next(iter(imports), None)
    start, end = document.span(first.statement) if first else (0, 0)
    summary = f"{finding.span}: {finding.summary}"
    return replace(
        finding, summary=summary, span=Span(document.source, start, end), related=(), fixes=()
    )


def actions(
    document: Document, findings: Iterable[Diagnostic], start: int, end: int
) -> list[Action]:
    """Return the changes that mend the findings which touch the characters `start` to `end`.

    Findings of another version of the text have none.
    """
    current = [f for f in findings if f.span and f.span.source == document.source]
    found: list[Action] = []
    for finding in current:
        assert finding.span is not None
        if finding.span.start > end or finding.span.end < start:
            continue
        found += [
            Action(fix.title, fix.edits, finding, preferred=place == 0 and fix.safe)
            for place, fix in enumerate(finding.fixes)
            if all(edit.span.source == document.source for edit in fix.edits)
        ]
    return found


def mend_all(document: Document, findings: Iterable[Diagnostic]) -> Action | None:
    """Return the change that mends all that can be mended safely; None where nothing can."""
    current = [f for f in findings if f.span and f.span.source == document.source]
    chosen = choose_fixes(current, document.source)
    edits = tuple(edit for fix in chosen for edit in fix.edits)
    return Action("Mend all that can be mended safely", edits) if edits else None
