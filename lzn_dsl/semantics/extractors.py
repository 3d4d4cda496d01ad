"""Extractors of metrics: whether they give what the metric needs, and are on this machine."""

from dataclasses import replace
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic, LznError, Severity
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.settings import Component, component_kind
from lzn_dsl.semantics.binding import Binder

_NEEDS = {
    "spatial": "spatial features",
    "probabilities": "probabilities of classes",
    "labels": "the data's own classes",
}


def check_extractors(metric: Component, binder: Binder, folder: Path, span: Span) -> bool:
    """Check the extractors of a bound metric; return whether it can be measured with them.

    What is not on this machine is a warning: the program may be meant for another.
    """
    entry = binder.registry.get(Kind.METRIC, metric.name)
    fits = True
    for name, value in metric.settings.items():
        if component_kind(entry.settings, name) == Kind.EXTRACTOR and value is not None:
            extractor = Component.model_validate(value)
            fits &= _gives(extractor.name, metric.name, entry.needs, binder, span)
            _is_here(extractor, binder, folder, span)
    return fits


def _gives(extractor: str, metric: str, need: str, binder: Binder, span: Span) -> bool:
    if need in binder.registry.get(Kind.EXTRACTOR, extractor).gives:
        return True
    entries = binder.registry.entries
    fitting = sorted(e.name for e in entries if e.kind == Kind.EXTRACTOR and need in e.gives)
    binder.error(
        "LZN320",
        f"`{metric}` needs {_NEEDS.get(need, need)}, which `{extractor}` does not give",
        span,
        notes=[f"extractors that do: {', '.join(f'`{n}`' for n in fitting) or 'none'}"],
        hint=f"write `extractor: {fitting[0]}`" if fitting else "",
    )
    return False


def _is_here(extractor: Component, binder: Binder, folder: Path, span: Span) -> None:
    entry = binder.registry.get(Kind.EXTRACTOR, extractor.name)
    if entry.absent is None:
        return
    try:
        absent = entry.absent(binder.registry.settings(Kind.EXTRACTOR, extractor), folder)
    except LznError as failure:
        binder.found.extend(replace(d, span=span) for d in failure.diagnostics)
        return
    if absent:
        binder.found.append(
            Diagnostic(
                "LZN805",
                f"the extractor `{extractor.name}` is not on this machine",
                span,
                hint=absent,
                severity=Severity.WARNING,
            )
        )
