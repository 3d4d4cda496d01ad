"""The registry of this installation: the built-in entries and those of installed packages.

A package adds components by entry points, in the group of their kind (`lzn_dsl.modalities`,
`lzn_dsl.datasets`, ...). The value of an entry point is an `Entry`, or several. Its module is
imported to be checked, so it must not import torch: the torch half is named by `Entry.factory`.
A plugin that fails is left out with a warning and stops nothing else; one that fails later, in use,
is named by an error (see `guard`).
"""

import re
import sys
from collections.abc import Iterable
from contextlib import redirect_stdout
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Severity
from lzn_dsl.registry.builtin import (
    augmentations,
    datasets,
    decoders,
    encoders,
    extractors,
    methods,
    metrics,
    modalities,
    ncsnpp,
    networks,
    optimizers,
    picture_datasets,
    resnet,
    samplers,
    schedules,
    spaces,
)
from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.registry.guard import guarded, in_words
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Settings

GROUPS = {
    Kind.DATASET: "lzn_dsl.datasets",
    Kind.MODALITY: "lzn_dsl.modalities",
    Kind.ENCODER: "lzn_dsl.encoders",
    Kind.DECODER: "lzn_dsl.decoders",
    Kind.NETWORK: "lzn_dsl.networks",
    Kind.SAMPLER: "lzn_dsl.samplers",
    Kind.OPTIMIZER: "lzn_dsl.optimizers",
    Kind.SCHEDULE: "lzn_dsl.schedules",
    Kind.AUGMENTATION: "lzn_dsl.augmentations",
    Kind.METRIC: "lzn_dsl.metrics",
    Kind.EXTRACTOR: "lzn_dsl.extractors",
    Kind.METHOD: "lzn_dsl.methods",
}


def builtin_entries() -> tuple[Entry, ...]:
    """Return the entries that come with lzn_dsl."""
    families = (
        spaces,
        datasets,
        picture_datasets,
        modalities,
        encoders,
        decoders,
        networks,
        ncsnpp,
        resnet,
        samplers,
        optimizers,
        schedules,
        augmentations,
        metrics,
        extractors,
        methods,
    )
    return tuple(entry for family in families for entry in family.ENTRIES)


def default_registry() -> Registry:
    """Return the registry of this installation."""
    installed = entry_points()
    points = [(kind, p) for kind, group in GROUPS.items() for p in installed.select(group=group)]
    return with_plugins(builtin_entries(), points)


def with_plugins(builtin: Iterable[Entry], points: Iterable[tuple[Kind, EntryPoint]]) -> Registry:
    """Return a registry of entries and plugins; each plugin that fails becomes a warning."""
    entries = {(e.kind, e.name): e for e in builtin}
    warnings: list[Diagnostic] = []
    for kind, point in points:
        try:
            found: dict[tuple[Kind, str], Entry] = {}
            for entry in _load(point):
                check_entry(entry, kind)
                _check_free(entry, {**entries, **found})
                found[entry.kind, entry.name] = guarded(entry, _package(point))
            entries |= found
        except (Exception, SystemExit) as failure:  # noqa: BLE001 -- a stranger's code
            warnings.append(_left_out(point, failure))
    return Registry(tuple(entries.values()), tuple(warnings))


def _load(point: EntryPoint) -> tuple[Any, ...]:
    if not EntryPoint.pattern.match(point.value):
        raise ValueError("its entry point is not `module:attribute`")
    with redirect_stdout(sys.stderr):  # what it prints is no result of a command
        loaded = point.load()
    return tuple(loaded) if isinstance(loaded, list | tuple) else (loaded,)


def check_entry(entry: object, kind: Kind) -> None:
    """Raise TypeError or ValueError for what is no usable entry of that kind."""
    if not isinstance(entry, Entry):
        raise TypeError(f"expected an Entry, got {type(entry).__name__}")
    if entry.kind != kind:
        raise ValueError(f"`{entry.name}` is a {entry.kind} in the group of a {kind}")
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", entry.name):
        raise ValueError(f"the name `{entry.name}` cannot be written in a program: use letters, _")
    if not (isinstance(entry.settings, type) and issubclass(entry.settings, Settings)):
        raise TypeError(f"the settings of `{entry.name}` are no class of Settings")
    if ":" not in entry.factory:
        raise ValueError(f"the factory of `{entry.name}` is not `package.module:attribute`")
    for kind_, part in ((Kind.DATASET, "describe"), (Kind.MODALITY, "capabilities")):
        if entry.kind == kind_ and getattr(entry, part) is None:
            raise ValueError(f"the {kind_} `{entry.name}` has no `{part}`")


def _check_free(entry: Entry, known: dict[tuple[Kind, str], Entry]) -> None:
    other = known.get((entry.kind, entry.name))
    if other is not None:
        owner = other.plugin or "lzn_dsl"
        raise ValueError(
            f"the {entry.kind} `{entry.name}` exists already, in `{owner}`; choose another name"
        )


def _package(point: EntryPoint) -> str:
    name = point.dist.name if point.dist else None  # None in a package without metadata, too
    return name or point.name


def _left_out(point: EntryPoint, failure: BaseException) -> Diagnostic:
    reason = in_words(failure)
    if isinstance(failure, SystemExit):
        reason = f"it ends the program when it is imported ({reason})"
    return Diagnostic(
        "LZN901",
        f"the plugin `{point.name}` cannot be used: {reason}",
        notes=(f"entry point `{point.value}` of the group `{point.group}`",),
        hint=f"update or uninstall the package that provides it, `{_package(point)}`",
        severity=Severity.WARNING,
    )
