"""Objectives that a program states: `learn align M with N { }` and `learn decode M { }`.

`learn align M with M { }` aligns two views of a sample, for a modality that has augmentations.
"""

from collections.abc import Iterable, Mapping

from pydantic import JsonValue

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Related
from lzn_dsl.diagnostics.suggest import suggest
from lzn_dsl.registry.entry import Capability
from lzn_dsl.registry.settings import Settings
from lzn_dsl.semantics.binding import Binder
from lzn_dsl.semantics.program import Learn, Modality
from lzn_dsl.semantics.settings import AlignSettings, DecodeSettings, ViewSettings
from lzn_dsl.semantics.verbs import operand_names, unknown_modality
from lzn_dsl.syntax import tree

OBJECTIVES: dict[str, type[Settings]] = {"align": AlignSettings, "decode": DecodeSettings}


def has_views(modality: Modality) -> bool:
    """Whether augmentations can make two views of a sample."""
    return modality.component.name == "image"


def settings_of(kind: str, modality: str, other: str | None) -> type[Settings]:
    """Return the settings that an objective has."""
    return ViewSettings if modality == other else OBJECTIVES[kind]


def learns(
    statements: Iterable[tree.Statement], binder: Binder, modalities: Mapping[str, Modality]
) -> tuple[Learn, ...]:
    """Bind the stated objectives; the settings of the others are `unstated`."""
    table: dict[str, Learn] = {}
    for statement in statements:
        if not isinstance(statement, tree.Learn):
            continue
        learn = _learn(statement, binder, modalities)
        if learn is None:
            continue
        name = objective_name(learn.kind, learn.modality, learn.other)
        if name in table:
            binder.found.append(
                Diagnostic(
                    "LZN205",
                    f"`learn {name}` is stated twice",
                    statement.phrase.span,
                    hint="keep one of them",
                    related=(Related(table[name].span, "first stated here"),),
                )
            )
        table[name] = learn
    return tuple(table.values())


def objective_name(kind: str, modality: str, other: str | None) -> str:
    """Name an objective: `align image with label`, `classify image as label`, `decode image`."""
    preposition = "as" if kind == "classify" else "with"
    return f"{kind} {modality} {preposition} {other}" if other else f"{kind} {modality}"


def unstated(
    stated: Iterable[Learn], binder: Binder, modalities: Mapping[str, Modality]
) -> dict[str, dict[str, JsonValue]]:
    """Return the settings of each objective that could be inferred, by its name."""
    known = {objective_name(s.kind, s.modality, s.other) for s in stated}
    pairs = {order_pair(a, b, modalities) for a in modalities for b in modalities if a != b}
    possible: list[tuple[str, str, str | None]] = [("align", a, b) for a, b in sorted(pairs)]
    possible += [("decode", name, None) for name in modalities]
    possible += [("align", name, name) for name in modalities if has_views(modalities[name])]
    table: dict[str, dict[str, JsonValue]] = {}
    for kind, modality, other in possible:
        name = objective_name(kind, modality, other)
        if name not in known:
            kind_of = settings_of(kind, modality, other)
            settings = binder.block(kind_of, (), f"learn.{name}", None)
            table[name] = settings if settings is not None else {}
    return table


def order_pair(one: str, other: str, modalities: Mapping[str, Modality]) -> tuple[str, str]:
    """Order an aligned pair: the discrete one, if there is one, is the second.

    The latents of the first are carried through the flow of the second's anchors.
    """
    discrete = [
        name in modalities and Capability.DISCRETE in modalities[name].capabilities
        for name in (one, other)
    ]
    if discrete[0] == discrete[1]:
        return (min(one, other), max(one, other))
    return (other, one) if discrete[0] else (one, other)


def _learn(
    statement: tree.Learn, binder: Binder, modalities: Mapping[str, Modality]
) -> Learn | None:
    phrase = statement.phrase
    kind = phrase.head.text
    prepositions = [c.preposition.text for c in phrase.complements]
    operands = operand_names(phrase)
    wanted = {"align": ["with"], "decode": []}.get(kind)
    if wanted is None or prepositions != wanted or operands is None:
        binder.error(
            "LZN403",
            f"`learn {phrase}` is not an objective",
            phrase.span,
            notes=["objectives: `align M with N`, `decode M`"],
            hint=suggest(kind, OBJECTIVES) if wanted is None else "",
        )
        return None
    unknown = [o for o in operands if o.text not in modalities]
    binder.found.extend(unknown_modality(o, modalities) for o in unknown)
    modality = operands[0].text
    other = operands[1].text if prepositions else None
    if unknown or not _can_learn(phrase, modality, other, binder, modalities):
        return None
    if other:
        modality, other = order_pair(modality, other, modalities)
    name = objective_name(kind, modality, other)
    kind_of = settings_of(kind, modality, other)
    settings = binder.block(kind_of, statement.settings, f"learn.{name}", phrase.head)
    if settings is None:
        return None
    return Learn(kind, modality, other, settings, phrase.span)


def _can_learn(
    phrase: tree.Apply,
    modality: str,
    other: str | None,
    binder: Binder,
    modalities: Mapping[str, Modality],
) -> bool:
    capabilities = modalities[modality].capabilities
    why = ""
    if modality == other and not has_views(modalities[modality]):
        why = "a modality is aligned with another one, or pictures with other views of themselves"
    elif other is None and Capability.DECODABLE not in capabilities:
        why = f"`{modality}` has no decoder"
    elif other is None and Capability.DISCRETE in capabilities:
        why = f"`{modality}` is read off latents by the flow of its anchors"
    if why:
        summary = f"`{phrase}` has nothing to learn: {why}"
        binder.error("LZN403", summary, phrase.span, hint="remove it")
    return not why
