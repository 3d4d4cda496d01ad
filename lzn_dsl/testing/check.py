"""Examining a modality: its declaration first, then its torch half."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pydantic import JsonValue

from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.registry.plugins import default_registry
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component
from lzn_dsl.testing.checks import run_checks
from lzn_dsl.testing.declaration import CHECKS, Declared
from lzn_dsl.testing.report import ConformanceError, Report

if TYPE_CHECKING:
    from torch import Tensor


def check_modality(
    modality: Entry | str,
    *,
    column: "Tensor | Callable[[int], Tensor] | None" = None,
    facts: Mapping[str, int] | None = None,
    settings: Mapping[str, JsonValue] | None = None,
    data: str | None = None,
    latent_dim: int = 8,
    registry: Registry | None = None,
) -> Report:
    """Check that a modality does what the language and the runtime rely on; all checks, at once.

    Args:
        modality: An entry, or the name of an installed one.
        column: Samples as a dataset's column holds them, (n, ...) with n of 4 or more that differ,
            or a function from a number to so many. By default pictures and labels are made, and
            other samples are the first ones of an installed dataset that has some.
        facts: Facts of the samples, such as `{"size": 3}`; by default the dataset's.
        settings: Settings of the modality, such as a small network's; by default the defaults.
        data: Name of the dataset to take samples of.
        latent_dim: Dimension of the latent space to try.
        registry: Where components are found; by default those of this installation.

    Raises:
        ConformanceError: Something does not hold; the message lists all of it.
        ValueError: There is no such modality, or there are no samples to try it on.
    """
    report = examine_modality(
        modality,
        column=column,
        facts=facts,
        settings=settings,
        data=data,
        latent_dim=latent_dim,
        registry=registry,
    )
    if not report.ok:
        raise ConformanceError(report)
    return report


def examine_modality(
    modality: Entry | str,
    *,
    column: "Tensor | Callable[[int], Tensor] | None" = None,
    facts: Mapping[str, int] | None = None,
    settings: Mapping[str, JsonValue] | None = None,
    data: str | None = None,
    latent_dim: int = 8,
    registry: Registry | None = None,
) -> Report:
    """Return the report of `check_modality`, whatever it says.

    Raises:
        ValueError: There is no such modality, or there are no samples to try it on.
    """
    from lzn_runtime.conformance.examine import examine
    from lzn_runtime.conformance.samples import find_samples

    known = registry or default_registry()
    entry = known.get(Kind.MODALITY, modality) if isinstance(modality, str) else modality
    known = _with(known, entry)
    samples = find_samples(entry, known, column=column, facts=facts, data=data)
    stated = {n: v for n, v in samples.facts.items() if n in entry.settings.model_fields}
    component = Component(name=entry.name, settings={**stated, **(settings or {})})
    declared = run_checks(CHECKS, Declared(entry, known, component))
    tried = examine(entry, known, component, samples, latent_dim=latent_dim, before=declared)
    return Report(entry.name, (*declared, *tried))


def _with(registry: Registry, entry: Entry) -> Registry:
    others = (e for e in registry.entries if (e.kind, e.name) != (entry.kind, entry.name))
    return Registry((*others, entry), registry.warnings)
