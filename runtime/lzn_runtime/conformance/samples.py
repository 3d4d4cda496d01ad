"""Samples to try a modality on: given, made from what it declares, or those of a dataset.

Dimensions: n samples, c channels, h w pixels.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from lzn_dsl.diagnostics.diagnostic import LznError
from lzn_dsl.registry.entry import Column, Entry, Kind
from lzn_dsl.registry.registry import Registry
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.loading import load_factory

NUM_SAMPLES = 12
_FEWEST = 4
_PICTURE = {"height": 8, "width": 8, "channels": 1}
_CLASSES = {"classes": 4}


@dataclass(frozen=True)
class Samples:
    """A batch of a column, and the facts that a dataset would declare of it."""

    column: Tensor
    facts: Mapping[str, int]


def find_samples(
    entry: Entry,
    registry: Registry,
    *,
    column: Tensor | Callable[[int], Tensor] | None,
    facts: Mapping[str, int] | None,
    data: str | None,
) -> Samples:
    """Return samples of a modality.

    Raises:
        ValueError: There are none, or too few; the message says how to give some.
    """
    if column is not None:
        given = column if isinstance(column, Tensor) else column(NUM_SAMPLES)
        if len(given) < _FEWEST:
            raise ValueError(f"`column` must hold {_FEWEST} samples or more, got {len(given)}")
        return Samples(given, facts or {})
    made = _make(entry, facts or {}) if data is None else None
    found = made or next(_stored(entry, registry, data), None)
    if found is None:
        where = f"the dataset `{data}` has" if data else "no installed dataset here has"
        raise ValueError(
            f"there are no samples of `{entry.name}` to try: {where} a column of that kind; "
            "name a dataset that has, or pass `column=` and `facts=` to check_modality"
        )
    return found


def _make(entry: Entry, facts: Mapping[str, int]) -> Samples | None:
    """Make pictures for a modality with the settings of pictures, labels for one with classes."""
    fields = set(entry.settings.model_fields)
    if set(_PICTURE) <= fields:
        known = {**_PICTURE, **facts}
        shape = (NUM_SAMPLES, known["channels"], known["height"], known["width"])
        rng = torch.Generator().manual_seed(0)
        return Samples(torch.randint(0, 256, shape, dtype=torch.uint8, generator=rng), known)
    if set(_CLASSES) <= fields:
        known = {**_CLASSES, **facts}
        return Samples(torch.arange(NUM_SAMPLES) % known["classes"], known)
    return None


def _stored(entry: Entry, registry: Registry, data: str | None) -> Iterator[Samples]:
    """Yield the first samples of each dataset that is here and has such a column."""
    for name in registry.names(Kind.DATASET) if data is None else [data]:
        dataset = registry.get(Kind.DATASET, name)
        settings, folder = dataset.settings, Path()
        if dataset.describe is None or any(f.is_required() for f in settings.model_fields.values()):
            continue
        try:
            info = dataset.describe(settings(), folder)
        except LznError:
            continue
        for name_, column in info.columns.items():
            if column.kind == entry.name and not info.missing:
                opened = load_factory(dataset)(settings(), folder)
                assert isinstance(opened, Dataset), dataset
                rows = opened.__getitems__(list(range(min(NUM_SAMPLES, len(opened)))))
                yield Samples(rows[name_], _facts(column))


def _facts(column: Column) -> dict[str, int]:
    facts = column.facts.items()
    return {k: v for k, v in facts if isinstance(v, int) and not isinstance(v, bool)}
