"""Calls: a head with its operands, and which forms of a verb they fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lzn_dsl.diagnostics.source import Span
from lzn_dsl.semantics.abilities import LATENT, NUMBER, Abilities
from lzn_dsl.semantics.program import Step
from lzn_dsl.semantics.values import Operand, Together, describe, modality_of, samples
from lzn_dsl.semantics.verbs import specificity, stands_for_modality
from lzn_dsl.syntax import tree

JOINING = "and"


@dataclass(frozen=True)
class Call:
    """A head applied to evaluated operands; what a pipe brings is the first of them."""

    head: tree.Name
    operands: tuple[Operand, ...]
    complements: tuple[tuple[tree.Name, Operand], ...]
    span: Span


@dataclass(frozen=True)
class Misfit:
    """Why an operand does not fit a parameter.

    `modality` lacks the capability or kind `wanted`, and `why`. Without one, the operand is of
    another type than is wanted.
    """

    parameter: tree.Parameter
    operand: Operand
    wanted: str
    why: str
    modality: str = ""


@dataclass(frozen=True)
class Choice:
    """A verb in a form that a call fits, with the operand of each parameter that has one."""

    verb: tree.Verb
    operands: Mapping[str, Operand]
    misfits: tuple[Misfit, ...]


def join(call: Call) -> Call:
    """Take `x and y` for one operand, several samples at once."""
    operands = list(call.operands)
    complements: list[tuple[tree.Name, Operand]] = []
    for preposition, operand in call.complements:
        if preposition.text != JOINING:
            complements.append((preposition, operand))
        elif complements:
            complements[-1] = (complements[-1][0], _both(complements[-1][1], operand))
        elif operands:
            operands[-1] = _both(operands[-1], operand)
        else:
            complements.append((preposition, operand))
    return replace(call, operands=tuple(operands), complements=tuple(complements))


def fitting(
    verbs: Sequence[tree.Verb], call: Call, abilities: Mapping[str, Abilities]
) -> list[Choice]:
    """Return the verbs whose prepositions are those of a call, the fitting ones first.

    Of several that fit, those that ask more of their operands come first.
    """
    choices = _in_form(verbs, call, abilities)
    if not choices and any(p.text == JOINING for p, _ in call.complements):
        choices = _in_form(verbs, join(call), abilities)
    return sorted(choices, key=lambda c: (len(c.misfits), -specificity(c.verb)))


def ambiguous(choices: Sequence[Choice]) -> bool:
    """Whether two verbs fit a call equally well."""
    fit = [choice for choice in choices if not choice.misfits]
    return len(fit) > 1 and specificity(fit[0].verb) == specificity(fit[1].verb)


def _in_form(
    verbs: Sequence[tree.Verb], call: Call, abilities: Mapping[str, Abilities]
) -> list[Choice]:
    found = []
    for verb in verbs:
        operands = _assign(verb, call)
        if operands is not None:
            misfits = tuple(
                misfit
                for parameter in verb.parameters
                if parameter.name.text in operands
                for misfit in _misfits(parameter, operands[parameter.name.text], abilities)
            )
            found.append(Choice(verb, operands, misfits))
    return found


def _assign(verb: tree.Verb, call: Call) -> dict[str, Operand] | None:
    """Return the operand of each parameter; None where the verb has another form."""
    said = {preposition.text: operand for preposition, operand in call.complements}
    if len(said) < len(call.complements) or len(call.operands) > 1:
        return None
    operands: dict[str, Operand] = {}
    for parameter in verb.parameters:
        preposition = parameter.preposition
        if preposition is None:
            operand = call.operands[0] if call.operands else None
        else:
            operand = said.pop(preposition.text, None)
        if operand is not None:
            operands[parameter.name.text] = operand
        elif parameter.default is None:
            return None
    return None if said else operands


def _misfits(
    parameter: tree.Parameter, operand: Operand, abilities: Mapping[str, Abilities]
) -> list[Misfit]:
    words = [word.text for word in parameter.capabilities]
    value = operand.value
    if not stands_for_modality(parameter):
        wanted = NUMBER if NUMBER in words else LATENT
        number = isinstance(value, float)
        latent = isinstance(value, Step) and value.type.kind == "latent"
        if number if wanted == NUMBER else latent:
            return []
        return [Misfit(parameter, operand, f"a {wanted}", describe(value))]
    found: list[Misfit] = []
    parts = list(samples(value))
    if not parts:
        return [Misfit(parameter, operand, "a modality", describe(value))]
    for part in parts:
        modality = modality_of(part)
        if modality is None:
            return [Misfit(parameter, operand, "a sample", describe(part))]
        known = abilities[modality]
        found += [
            Misfit(parameter, operand, word, known.lack(word), modality)
            for word in words
            if not known.has(word)
        ]
    return found


def _both(one: Operand, other: Operand) -> Operand:
    parts = tuple(part for value in (one.value, other.value) for part in samples(value))
    if len(parts) < 2:  # a number is among them, which no form takes for a sample
        return one if isinstance(one.value, float) else other
    return Operand(Together(parts), one.span.to(other.span))
