"""How single modules train: `train image.decoder { lr: 2e-3, until: 0.5 }`.

A module is the encoder or the decoder of a modality. What its block leaves open is as in the
`train` block of the whole program.
"""

from collections.abc import Iterable, Mapping

from pydantic import JsonValue

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Related
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.diagnostics.suggest import suggest
from lzn_dsl.registry.entry import Capability
from lzn_dsl.semantics.binding import Binder
from lzn_dsl.semantics.program import Modality, ModuleTraining
from lzn_dsl.semantics.settings import ModuleSettings
from lzn_dsl.semantics.verbs import listed, unknown_modality
from lzn_dsl.syntax import tree

ENCODER, DECODER = "encoder", "decoder"
PARTS = (ENCODER, DECODER)


def parts_of(modality: Modality) -> tuple[str, ...]:
    """Return which parts of a modality have weights.

    Of one with finitely many classes these are its anchors, which are its encoder.
    """
    able = modality.capabilities
    encoder = (ENCODER,) if Capability.ENCODABLE in able else ()
    decodes = Capability.DECODABLE in able and Capability.DISCRETE not in able
    return (*encoder, DECODER) if decodes else encoder


def module_trainings(
    statements: Iterable[tree.Statement],
    binder: Binder,
    modalities: Mapping[str, Modality],
    train: Mapping[str, JsonValue],
) -> dict[str, ModuleTraining]:
    """Bind what the program, or `--set`, says of single modules; `train` is said of all."""
    known = {f"{name}.{part}": m.span for name, m in modalities.items() for part in parts_of(m)}
    stated: dict[str, tree.Train] = {}
    for statement in statements:
        if not isinstance(statement, tree.Train) or statement.module is None:
            continue
        module = statement.module
        if module.text not in known:
            binder.found.append(_unknown(module, modalities, known))
        elif module.text in stated:
            binder.found.append(_twice(module, stated[module.text]))
        else:
            stated[module.text] = statement
    found: dict[str, ModuleTraining] = {}
    for name in known:
        path = f"train.{name}"
        block = stated.get(name)
        if block is None and not any(o.startswith(f"{path}.") for o in binder.overrides):
            continue
        owner = block.module if block else None
        settings = binder.block(ModuleSettings, block.settings if block else (), path, owner)
        if settings is not None:
            span = owner.span if owner else _override_span(path, binder)
            found[name] = ModuleTraining(_complete(settings, train, path, binder), span)
    return found


def _complete(
    settings: dict[str, JsonValue], train: Mapping[str, JsonValue], path: str, binder: Binder
) -> dict[str, JsonValue]:
    """Fill in the rate of the optimizer, where it has one, and the schedule of `train`."""
    optimizer = train.get("optimizer")
    inner = optimizer["settings"] if isinstance(optimizer, dict) else {}
    rate = inner.get("lr") if isinstance(inner, dict) else None
    shared: dict[str, JsonValue] = {"lr": rate, "schedule": train.get("schedule")}
    for key, value in shared.items():
        if settings[key] is None:
            settings[key] = value
            binder.origins[f"{path}.{key}"] = "default: that of `train`"
    return settings


def _override_span(path: str, binder: Binder) -> Span:
    return next(v.span for o, v in binder.overrides.items() if o.startswith(f"{path}."))


def _unknown(
    name: tree.Name, modalities: Mapping[str, Modality], known: Iterable[str]
) -> Diagnostic:
    modality, _, part = name.text.partition(".")
    if modality not in modalities:
        span = Span(name.span.source, name.span.start, name.span.start + len(modality))
        return unknown_modality(tree.Name(modality, span), modalities)
    own = [module for module in known if module.startswith(f"{modality}.")]
    if not part:
        summary, label = f"`{modality}` is a modality, not a module", "which part of it?"
    elif part not in PARTS:
        summary, label = f"`{modality}` has no part `{part}`", "not a module"
    elif Capability.DISCRETE in modalities[modality].capabilities:
        summary, label = f"`{name.text}` has no weights", "classes are read off the anchors"
    else:
        summary, label = f"`{modality}` has no {part}", "not a module"
    return Diagnostic(
        "LZN408",
        summary,
        name.span,
        label,
        notes=(f"modules: {listed(known)}",),
        hint=suggest(name.text, own) or (f"write `train {own[0]} {{ ... }}`" if own else ""),
    )


def _twice(name: tree.Name, first: tree.Train) -> Diagnostic:
    assert first.module is not None
    return Diagnostic(
        "LZN205",
        f"`train {name.text}` is stated twice",
        name.span,
        hint="put all settings into one",
        related=(Related(first.module.span, "first stated here"),),
    )
