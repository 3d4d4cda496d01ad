"""What is said of a text that is beyond a limit."""

from collections.abc import Sequence

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.syntax.limits import Limits


def too_large(name: str, limits: Limits) -> Diagnostic:
    """Say that a text is too large to be read."""
    return Diagnostic(
        code="LZN104",
        summary=f"`{name}` is larger than {limits.file_bytes:,} bytes",
        hint="a program is a page of text: give the data by name",
    )


def too_deep(at: Span, limits: Limits) -> Diagnostic:
    """Say that brackets are nested too deep."""
    return Diagnostic(
        code="LZN140",
        summary=f"more than {limits.nesting} brackets within each other",
        span=at,
        label="one too many",
        hint="give a name to a part with `let`",
    )


def too_many_tokens(at: Span, limits: Limits) -> Diagnostic:
    """Say that a text has too many words and signs."""
    return Diagnostic(
        code="LZN141",
        summary=f"more than {limits.tokens:,} words and signs in one text",
        span=at,
        label="nothing after this was read",
        hint="split the text",
    )


def cap_errors(findings: Sequence[Diagnostic], limits: Limits) -> tuple[Diagnostic, ...]:
    """Return the first findings, up to the limit, and a last one that says so if there are more."""
    if len(findings) <= limits.errors:
        return tuple(findings)
    shown = tuple(findings[: limits.errors])
    last = Diagnostic(
        code="LZN149",
        summary=f"more than {limits.errors} mistakes; the rest is not shown",
        hint="correct the first ones and check again",
    )
    return (*shown, last)
