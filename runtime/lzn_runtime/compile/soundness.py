"""Whether a plan and weights, which may be a stranger's, can be what they say."""

from collections.abc import Iterable
from dataclasses import replace

import torch

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Severity, StorageError
from lzn_dsl.planning.plan import Plan
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.registry import Registry
from lzn_runtime.compile.model import LatentModel, modality_sizes
from lzn_runtime.training.checkpoint_store import Stored

LARGEST = 1e30
_DAMAGED = "LZN717"
_SHOWN = 3


def check_size(plan: Plan, registry: Registry, stored: Stored) -> None:
    """Refuse a plan whose networks are larger than the weights, before any of it is allocated.

    Raises ValueError; KeyError where the plan lacks a fact of a sample.
    """
    wanted = 0
    for modality in plan.modalities:
        entry = registry.get(Kind.MODALITY, modality.component.name)
        if entry.costs is None:
            continue
        settings = registry.settings(Kind.MODALITY, modality.component)
        costs = entry.costs(settings, modality_sizes(plan, modality), registry)
        wanted += sum(cost.parameters for cost in costs.values())
    held = len(stored.files.get("ema.safetensors", b"")) // 2  # of two bytes at least
    if wanted > held:
        raise ValueError(f"its plan asks for {wanted:,} weights, the checkpoint holds {held:,}")


@torch.no_grad()
def doubtful_weights(model: LatentModel) -> list[Diagnostic]:
    """Return a warning where weights or support are not finite, or larger than any training's."""
    found = [
        name
        for name, value in (*model.named_parameters(), *model.supports().items())
        if value.is_floating_point() and not bool((value.abs() <= LARGEST).all())
    ]
    if not found:
        return []
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    names = ", ".join(f"`{name}`" for name in found[:_SHOWN])
    return [
        Diagnostic(
            code=_DAMAGED,
            summary=f"weights are damaged: {names}{more} hold numbers that are not finite or "
            "beyond 1e30",
            severity=Severity.WARNING,
        )
    ]


def refuse_damaged(warnings: Iterable[Diagnostic]) -> None:
    """Raise StorageError where one of a model's warnings is that its weights are damaged."""
    found = [replace(w, severity=Severity.ERROR) for w in warnings if w.code == _DAMAGED]
    if found:
        raise StorageError(found)
