"""Definitions of verbs: each is checked by itself, whether or not a task uses it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Related, Severity, has_errors
from lzn_dsl.diagnostics.suggest import suggest
from lzn_dsl.registry.registry import Registry
from lzn_dsl.semantics.abilities import CAPABILITIES, NUMBER, VALUES, Abilities, of_words
from lzn_dsl.semantics.elaborate import Elaboration
from lzn_dsl.semantics.inputs import parameter_value
from lzn_dsl.semantics.names import Abandoned, Budget, Frame, Names
from lzn_dsl.semantics.steps import Steps
from lzn_dsl.semantics.types import KINDS, ValueType
from lzn_dsl.semantics.verbs import form, form_of_operands, listed, stands_for_modality
from lzn_dsl.syntax import tree


def check_verbs(
    own: Sequence[tree.Verb], names: Names, registry: Registry, found: list[Diagnostic]
) -> None:
    """Check the verbs that a program defines; those with errors are marked as broken."""
    first = {form_of_operands(v): v for v in reversed([*names.verbs])}
    calls: dict[int, list[tree.Verb]] = {}
    clear: list[tree.Verb] = []
    for verb in own:
        more: list[Diagnostic] = []
        _check_overload(verb, first[form_of_operands(verb)], more)
        if _check_names(verb, more):
            clear.append(verb)
        _check_parameters(verb, registry, more)
        if has_errors(more):
            names.verbs.mark_broken(verb)
        found += more
    for verb in clear:
        more = []
        calls[id(verb)] = _check_body(verb, names, more)
        if has_errors(more):
            names.verbs.mark_broken(verb)
        found += more
    _check_cycles(own, calls, names, found)


def _check_overload(verb: tree.Verb, first: tree.Verb, found: list[Diagnostic]) -> None:
    if first is not verb:
        found.append(
            Diagnostic(
                "LZN205",
                f"`{form(verb)}` is defined already",
                verb.name.span,
                hint="give it another name, other prepositions or other capabilities",
                related=(Related(first.name.span, "first defined here"),),
            )
        )


def _check_names(verb: tree.Verb, found: list[Diagnostic]) -> bool:
    """Whether each name of a verb means one thing, and each preposition brings one operand."""
    count = len(found)
    names: dict[str, tree.Name] = {}
    for name in (*(p.name for p in verb.parameters), *(b.name for b in verb.bindings)):
        summary = f"`{name.text}` is defined twice in this verb"
        _define(name, names, summary, "choose another name", found)
    prepositions: dict[str, tree.Name] = {}
    for parameter in verb.parameters:
        if parameter.preposition:
            summary = f"two operands of `{verb.name.text}` follow `{parameter.preposition.text}`"
            hint = "a preposition brings one operand: choose another one"
            _define(parameter.preposition, prepositions, summary, hint, found)
    return len(found) == count


def _define(
    name: tree.Name,
    known: dict[str, tree.Name],
    summary: str,
    hint: str,
    found: list[Diagnostic],
) -> None:
    first = known.setdefault(name.text, name)
    if first is not name:
        related = (Related(first.span, "first here"),)
        found.append(Diagnostic("LZN205", summary, name.span, hint=hint, related=related))


def _check_parameters(verb: tree.Verb, registry: Registry, found: list[Diagnostic]) -> None:
    for parameter in verb.parameters:
        unknown = [w for w in parameter.capabilities if not _is_known(w.text, registry)]
        found += [_unknown_word(word, registry) for word in unknown]
        if not unknown:
            _check_default(parameter, found)


def _is_known(word: str, registry: Registry) -> bool:
    return word in CAPABILITIES or word in VALUES or registry.find("modality", word) is not None


def _unknown_word(word: tree.Name, registry: Registry) -> Diagnostic:
    choices = [*sorted(CAPABILITIES), *registry.names("modality"), *VALUES]
    return Diagnostic(
        "LZN211",
        f"unknown capability `{word.text}`",
        word.span,
        notes=(f"capabilities: {listed(choices)}",),
        hint=suggest(word.text, choices),
    )


def _check_default(parameter: tree.Parameter, found: list[Diagnostic]) -> None:
    default = parameter.default
    if default is None:
        return
    number = not isinstance(default.value, str | bool)
    if number and any(word.text == NUMBER for word in parameter.capabilities):
        return
    name = parameter.name.text
    found.append(
        Diagnostic(
            "LZN313",
            f"`{name}` cannot be {default.span.text} by default",
            default.span,
            label="only numbers have defaults",
            hint=f"write `{name}: number = 0.5`, or leave the default out",
        )
    )


def _check_body(verb: tree.Verb, names: Names, found: list[Diagnostic]) -> list[tree.Verb]:
    """Check what a verb does against what it promises; return the verbs that it uses."""
    sound = not names.verbs.is_broken(verb)  # what a misspelt capability gives is not known
    own = {
        p.name.text: of_words((c.text for c in p.capabilities) if sound else CAPABILITIES)
        for p in verb.parameters
        if stands_for_modality(p)
    }
    inside = replace(names, abilities={**names.abilities, **own})
    steps = Steps(lambda _: False)
    given = {p.name.text: parameter_value(p, steps) for p in verb.parameters}
    frame = Frame(verb, dict(given))
    work = Elaboration(inside, steps, found, Budget(), frame)
    try:
        _check_result(verb, inside.abilities, found)
        result = work.step(work.body(frame), verb.body.span)
        promised = work.promised(verb, given, verb.result.span)
        if not _may_fit(result.type, promised, inside.abilities):
            summary = f"`{verb.name.text}` promises {promised} and yields {result.type}"
            found.append(Diagnostic("LZN307", summary, verb.result.span))
    except Abandoned:
        return frame.calls
    found += _unused(verb, frame.used)
    return frame.calls


def _may_fit(result: ValueType, promised: ValueType, abilities: Mapping[str, Abilities]) -> bool:
    """Whether a body may yield what is promised, if parameters stand for modalities that fit."""
    if result.fits(promised):
        return True
    if result.kind != "sample" or promised.kind != "sample":
        return False
    kinds = {abilities[str(t.modality)].kind for t in (result, promised)}
    return len(kinds) == 1 and None not in kinds


def _check_result(
    verb: tree.Verb, modalities: Mapping[str, object], found: list[Diagnostic]
) -> None:
    word = verb.result.text
    kinds = [kind for kind in KINDS if kind != "sample"]
    if word in kinds or word in modalities:
        return
    parameters = [p.name.text for p in verb.parameters if stands_for_modality(p)]
    found.append(
        Diagnostic(
            "LZN211",
            f"`{verb.name.text}` cannot yield `{word}`",
            verb.result.span,
            notes=(
                f"parameters: {listed(parameters)}",
                f"modalities: {listed(m for m in modalities if m not in parameters) or 'none'}",
                f"others: {listed(kinds)}",
            ),
            hint=suggest(word, [*modalities, *kinds]),
        )
    )
    raise Abandoned


def _unused(verb: tree.Verb, used: set[str]) -> list[Diagnostic]:
    names = [(p.name, "parameter") for p in verb.parameters if p.name.text != verb.result.text]
    names += [(b.name, "name") for b in verb.bindings]
    return [
        Diagnostic(
            "LZN215",
            f"the {what} `{name.text}` is not used",
            name.span,
            label=f"nothing in `{verb.name.text}` speaks of it",
            hint="use it, or remove it",
            severity=Severity.WARNING,
        )
        for name, what in names
        if name.text not in used
    ]


def _check_cycles(
    own: Sequence[tree.Verb],
    calls: Mapping[int, Sequence[tree.Verb]],
    names: Names,
    found: list[Diagnostic],
) -> None:
    verbs = {id(verb): verb for verb in own}
    uses = {key: {id(v) for v in used if id(v) in calls} for key, used in calls.items()}
    while True:
        try:
            TopologicalSorter(uses).prepare()
        except CycleError as cycle:
            # The sorter names a verb after those that it uses.
            ring = [verbs[key] for key in reversed(cycle.args[1])]
        else:
            return
        start = min(range(len(ring) - 1), key=lambda i: ring[i].name.span)
        ring = [*ring[start:-1], *ring[:start], ring[start]]
        found.append(_uses_itself(ring))
        for verb in ring:
            names.verbs.mark_broken(verb)
            uses.pop(id(verb), None)
        for used in uses.values():
            used.difference_update(id(verb) for verb in ring)


def _uses_itself(ring: Sequence[tree.Verb]) -> Diagnostic:
    chain = " -> ".join(f"`{verb.name.text}`" for verb in ring)
    return Diagnostic(
        "LZN214",
        f"the verb `{ring[0].name.text}` uses itself",
        ring[0].name.span,
        notes=(chain,) if len(ring) > 2 else (),
        hint="a verb is made of verbs that are defined without it",
        related=tuple(
            Related(verb.name.span, f"used by `{before.name.text}`")
            for before, verb in pairwise(ring[:-1])
        ),
    )
