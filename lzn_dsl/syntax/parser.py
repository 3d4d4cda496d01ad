"""From a text to its syntax tree, with every mistake of the text in one go."""

from typing import Any

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.source import Source, Span
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.excess import too_large
from lzn_dsl.syntax.limits import DEFAULT_LIMITS, Limits
from lzn_dsl.syntax.recovery import Reading


def parse(
    source: Source, limits: Limits = DEFAULT_LIMITS
) -> tuple[tree.File, tuple[Diagnostic, ...]]:
    """Return the tree of a file, without the statements that are wrong, and what is wrong.

    Raises nothing, whatever the text.
    """
    statements, findings = _read(source, "file", limits)
    return tree.File(statements or (), Span(source, 0, len(source.text))), findings


def parse_value(
    source: Source, limits: Limits = DEFAULT_LIMITS
) -> tuple[tree.Value | None, tuple[Diagnostic, ...]]:
    """Return the tree of a value alone, as in `--set train.steps=4_000`, and what is wrong.

    The tree is None when something is wrong. Raises nothing, whatever the text.
    """
    value, findings = _read(source, "value", limits)
    return None if findings else value, findings


def parse_expression(
    source: Source, limits: Limits = DEFAULT_LIMITS
) -> tuple[tree.Expression | None, tuple[Diagnostic, ...]]:
    """Return the tree of what a task does, alone: `generate image from label |> name`.

    The tree is None when something is wrong. Raises nothing, whatever the text.
    """
    expression, findings = _read(source, "expression", limits)
    return None if findings else expression, findings


def _read(source: Source, start: str, limits: Limits) -> tuple[Any, tuple[Diagnostic, ...]]:
    if len(source.text) > limits.file_bytes:
        return None, (too_large(source.name, limits),)
    return Reading(source, start, limits).read()
