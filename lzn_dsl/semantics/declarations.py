"""Declarations: constants, datasets, modalities and the space of a program."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pydantic import JsonValue

from lzn_dsl.diagnostics.diagnostic import (
    Diagnostic,
    LznError,
    PluginError,
    Related,
    Severity,
)
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.diagnostics.suggest import suggest
from lzn_dsl.registry.entry import Column, DatasetInfo, Kind
from lzn_dsl.registry.guard import blaming
from lzn_dsl.registry.settings import Component
from lzn_dsl.semantics.binding import Binder
from lzn_dsl.semantics.messages import show_value
from lzn_dsl.semantics.program import Dataset, Modality
from lzn_dsl.semantics.settings import GaussianSettings
from lzn_dsl.syntax import tree

_Named = TypeVar("_Named", tree.Let | tree.Param, tree.Data, tree.Modality)

SEEN, UNSEEN = "seen", "unseen"


def unique(statements: Iterable[_Named], what: str, found: list[Diagnostic]) -> dict[str, _Named]:
    """Return statements by name; a name given twice is an error."""
    table: dict[str, _Named] = {}
    for statement in statements:
        name = statement.name
        if name.text in table:
            found.append(_defined_twice(what, name, table[name.text].name.span))
        else:
            table[name.text] = statement
    return table


def constants(statements: Iterable[tree.Statement], found: list[Diagnostic]) -> dict[str, tree.Let]:
    """Return the constants, those that parameters are included; one may use those before it.

    A constant stands for its last value: `let width = size` for what `size` stands for.
    """
    stated = (s for s in statements if isinstance(s, tree.Let | tree.Param))
    table = unique(stated, "constant", found)
    known: dict[str, tree.Let] = {}
    for name, statement in table.items():
        if isinstance(statement, tree.Param):
            known[name] = tree.Let(statement.name, statement.default, statement.span)
            continue
        value = statement.value
        used = value.name.text if isinstance(value, tree.Reference) else ""
        if used in table and used not in known:
            found.append(
                Diagnostic(
                    "LZN208",
                    f"`{used}` is used before it is defined",
                    value.span,
                    hint="define a constant above its first use",
                )
            )
        known[name] = replace(statement, value=known[used].value) if used in known else statement
    return known


def datasets(
    statements: Iterable[tree.Statement],
    binder: Binder,
    folder: Path,
    default: str,
    span: Span,
) -> dict[str, Dataset]:
    """Bind the datasets of a program; without one, the default dataset's two splits."""
    declared = unique((s for s in statements if isinstance(s, tree.Data)), "dataset", binder.found)
    if not declared:
        return _default_datasets(binder, folder, default, span)
    table: dict[str, Dataset] = {}
    for name, statement in declared.items():
        call = statement.component
        component = binder.component(Kind.DATASET, call, f"data.{name}")
        if component is None:
            component = _by_default(binder, call.name.text)
        if component is not None:
            info = _describe(binder, component, folder, call.name.span)
            if info is not None:
                table[name] = Dataset(name, component, info, statement.name.span)
    _check_columns_agree(table, binder)
    return table


def modalities(
    statements: Iterable[tree.Statement], binder: Binder, data: Mapping[str, Dataset]
) -> dict[str, Modality]:
    """Bind the modalities of a program: one a column, refined by `modality` statements."""
    columns: dict[str, tuple[Column, Span]] = {}
    for dataset in data.values():
        for name, column in dataset.info.columns.items():
            columns.setdefault(name, (column, dataset.span))
    declared = unique(
        (s for s in statements if isinstance(s, tree.Modality)), "modality", binder.found
    )
    for name, statement in declared.items():
        if name not in columns and data:
            binder.found.append(_no_column(statement.name, columns))
    table: dict[str, Modality] = {}
    for name, (column, span) in columns.items():
        modality = _modality(name, column, declared.get(name), span, binder)
        if modality is not None:
            table[name] = modality
    return table


def latent_dim(statements: Iterable[tree.Statement], binder: Binder, span: Span) -> int:
    """Return the dimension of the latent space."""
    stated = [s for s in statements if isinstance(s, tree.Space)]
    for extra in stated[1:]:
        binder.found.append(
            _defined_twice("space", extra.component.name, stated[0].component.name.span)
        )
    name = tree.Name("gaussian", span)
    call = stated[0].component if stated else tree.Call(name, (), span)
    component = binder.component(Kind.SPACE, call, "space")
    if component is None:
        return GaussianSettings().dim
    return GaussianSettings.model_validate(component.settings).dim


def _default_datasets(binder: Binder, folder: Path, default: str, span: Span) -> dict[str, Dataset]:
    entry = binder.registry.find(Kind.DATASET, default)
    if entry is None:
        known = binder.registry.names(Kind.DATASET)
        binder.found.append(
            Diagnostic(
                "LZN206",
                f"unknown dataset `{default}`",
                None,
                notes=(f"datasets: {', '.join(f'`{n}`' for n in known)}",),
                hint=suggest(default, known),
            )
        )
        return {}
    splits = (
        {SEEN: "train", UNSEEN: "test"} if "split" in entry.settings.model_fields else {SEEN: ""}
    )
    table: dict[str, Dataset] = {}
    for name, split in splits.items():
        word = tree.Reference(tree.Name(split, span), span)
        arguments = (tree.Argument(tree.Name("split", span), word, span),) if split else ()
        call = tree.Call(tree.Name(default, span), arguments, span)
        component = binder.component(Kind.DATASET, call, f"data.{name}")
        if component is None:
            continue
        info = _describe(binder, component, folder, span)
        if info is not None:
            table[name] = Dataset(name, component, info, span)
            chosen = {k for k, o in binder.origins.items() if not o.startswith("--set")}
            binder.origins.update({k: "default" for k in chosen if k.startswith("data.")})
    return table


def _by_default(binder: Binder, name: str) -> Component | None:
    """Stand in for a dataset whose settings are wrong, so that the rest can still be checked."""
    entry = binder.registry.find(Kind.DATASET, name)
    if entry is None or any(f.is_required() for f in entry.settings.model_fields.values()):
        return None
    try:
        with blaming(entry, "settings"):
            return binder.registry.complete(Kind.DATASET, name, {})
    except PluginError:  # found when they were bound
        return None


def _describe(binder: Binder, component: Component, folder: Path, span: Span) -> DatasetInfo | None:
    entry = binder.registry.get(Kind.DATASET, component.name)
    assert entry.describe is not None, entry
    try:
        info = entry.describe(binder.registry.settings(Kind.DATASET, component), folder)
    except LznError as failure:
        binder.found.extend(replace(d, span=span) for d in failure.diagnostics)
        return None
    if info.missing:
        binder.found.append(
            Diagnostic(
                "LZN501",
                f"the data of `{component.name}` is not on this machine",
                span,
                hint=info.missing,
                severity=Severity.WARNING,
            )
        )
    return info


def _check_columns_agree(data: Mapping[str, Dataset], binder: Binder) -> None:
    first: dict[str, tuple[Dataset, Column]] = {}
    for dataset in data.values():
        for name, column in dataset.info.columns.items():
            other, known = first.setdefault(name, (dataset, column))
            if known == column:
                continue
            differing = [
                f"{key} {show_value(known.facts.get(key))} and {show_value(column.facts.get(key))}"
                for key in sorted({*known.facts, *column.facts})
                if known.facts.get(key) != column.facts.get(key)
            ] or [f"kind `{known.kind}` and `{column.kind}`"]
            binder.error(
                "LZN311",
                f"`{name}` differs between the datasets `{other.name}` and `{dataset.name}`",
                dataset.span,
                notes=differing,
                hint="a program has one modality of a name: make the datasets agree",
            )


def _modality(
    name: str, column: Column, stated: tree.Modality | None, span: Span, binder: Binder
) -> Modality | None:
    call = stated.component if stated else tree.Call(tree.Name(column.kind, span), (), span)
    kind = call.name
    if kind.text != column.kind and binder.registry.find(Kind.MODALITY, kind.text):
        binder.error(
            "LZN305",
            f"`{name}` cannot be of kind `{kind.text}`",
            kind.span,
            label=f"the data says `{column.kind}`",
        )
        return None
    entry = binder.registry.find(Kind.MODALITY, kind.text)
    facts: dict[str, JsonValue] = {}
    if entry is not None:
        facts = {k: v for k, v in column.facts.items() if k in entry.settings.model_fields}
    component = binder.component(Kind.MODALITY, call, f"modality.{name}", facts=facts)
    if component is None or entry is None:
        return None
    assert entry.capabilities is not None, entry
    place = stated.name.span if stated else span
    try:
        capabilities = entry.capabilities(binder.registry.settings(Kind.MODALITY, component))
    except PluginError as failure:
        binder.found.extend(replace(d, span=place) for d in failure.diagnostics)
        return None
    return Modality(name, component, capabilities, place)


def _no_column(name: tree.Name, columns: Mapping[str, object]) -> Diagnostic:
    return Diagnostic(
        "LZN201",
        f"unknown modality `{name.text}`",
        name.span,
        label="no dataset has such a column",
        notes=(f"columns: {', '.join(f'`{c}`' for c in columns) or 'none'}",),
        hint=suggest(name.text, columns),
    )


def _defined_twice(what: str, name: tree.Name, first: Span) -> Diagnostic:
    return Diagnostic(
        "LZN205",
        f"the {what} `{name.text}` is defined twice",
        name.span,
        hint="rename or remove one of them",
        related=(Related(first, "first defined here"),),
    )
