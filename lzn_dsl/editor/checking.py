"""Checks a text that is being written, as `lzn check` and `lzn lint` would check its file."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from lzn_dsl.diagnostics.diagnostic import Diagnostic, LznError, Severity
from lzn_dsl.editor.document import Document
from lzn_dsl.lint.lint import lint
from lzn_dsl.lint.project import project_selection
from lzn_dsl.semantics.program import Program
from lzn_dsl.spec import Spec


class Check(NamedTuple):
    """What is found in a text; `program` is None where it has errors."""

    findings: tuple[Diagnostic, ...]
    program: Program | None


def check(document: Document, texts: Mapping[Path, str]) -> Check:
    """Check a document; `texts` are open files, by real path, to take in place of those on disk."""
    spec = Spec(document.source, document.folder, "digits", {}, document.registry, texts=texts)
    try:
        found, program = spec.check(), spec.program
    except LznError as failure:
        return Check(failure.diagnostics, None)
    try:
        codes = project_selection(document.folder).codes()
        warnings = [d for d in lint(spec, codes) if d.severity is Severity.WARNING]
    except LznError as failure:
        warnings = list(failure.diagnostics)
    # What is wrong with the installation is said once, not in each file.
    own = [d for d in found if d.code != "LZN901"]
    return Check((*own, *(d for d in warnings if d not in own)), program)
