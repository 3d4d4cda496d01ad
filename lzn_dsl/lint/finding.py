"""Making a finding of the linter."""

from collections.abc import Sequence

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Fix, Severity
from lzn_dsl.diagnostics.source import Span


def warning(
    code: str,
    summary: str,
    span: Span,
    *,
    label: str = "",
    notes: Sequence[str] = (),
    hint: str = "",
    fix: Fix | None = None,
) -> Diagnostic:
    """Return a finding, which is a warning."""
    return Diagnostic(
        code,
        summary,
        span,
        label,
        tuple(notes),
        hint,
        severity=Severity.WARNING,
        fixes=(fix,) if fix else (),
    )
