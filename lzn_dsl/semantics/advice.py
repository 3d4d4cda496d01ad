"""What to write in place of a phrase that its verb does not take."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from lzn_dsl.diagnostics.source import Span
from lzn_dsl.semantics.abilities import LATENT, NUMBER, Abilities
from lzn_dsl.semantics.calls import Call
from lzn_dsl.semantics.verbs import form
from lzn_dsl.syntax import tree


@dataclass(frozen=True)
class Advice:
    """What is wrong with the form of a phrase, where, and what to do."""

    summary: str
    span: Span
    label: str = ""
    hint: str = ""


def advise(call: Call, verbs: Sequence[tree.Verb], abilities: Mapping[str, Abilities]) -> Advice:
    """Say what is wrong with a phrase that has none of its verb's forms."""
    head = call.head.text
    plain = Advice(f"`{head}` is not used in this form", call.span)
    if any(preposition.text == "and" for preposition, _ in call.complements):
        return plain
    given = len(call.operands) + len(call.complements)
    for verb in verbs:
        wanted = [p for p in verb.parameters if not p.default]
        prepositions = {preposition.text for preposition, _ in call.complements}
        if call.operands and len(wanted) == given and len(prepositions) == len(call.complements):
            return _with_other_prepositions(call, wanted, plain)
    said = {preposition.text for preposition, _ in call.complements}
    likely = next((v for v in verbs if said <= _prepositions(v)), None)
    if likely is None:
        return plain
    example = _example(call, likely, abilities)
    if not call.operands:
        hint = f"say what to {head}: `{example or form(likely)}`"
    elif len(call.operands) == 1 and (lacking := _lacking(likely, said)):
        texts = " ".join(f"{p.preposition.text} {p.name.text}" for p in lacking if p.preposition)
        hint = f"write `{example}`, for example" if example else f"`{texts}` is missing"
    else:
        return plain
    return Advice(plain.summary, call.span, hint=hint)


def _with_other_prepositions(call: Call, wanted: Sequence[tree.Parameter], plain: Advice) -> Advice:
    """Advise to keep the operands, with the prepositions that the verb takes."""
    right = [p.preposition.text for p in wanted if p.preposition]
    others = [c for c in call.complements if c[0].text not in right]
    said = {preposition.text: operand for preposition, operand in call.complements}
    left = [*call.operands, *(operand for _, operand in others)]
    words = [call.head.text]
    for parameter in wanted:
        preposition = parameter.preposition.text if parameter.preposition else ""
        operand = said[preposition] if preposition in said else left.pop(0)
        words += [preposition] if preposition else []
        if operand.span.start > call.head.span.start:  # a pipe brings the others
            words.append(_shown(operand.span))
    hint = f"write `{' '.join(words)}`"
    lacking = [preposition for preposition in right if preposition not in said]
    if len(others) != 1 or len(lacking) != 1:
        return Advice(plain.summary, plain.span, hint=hint)
    wrong = others[0][0]
    summary = f"`{call.head.text}` does not take `{wrong.text}`"
    return Advice(summary, wrong.span, f"expected `{lacking[0]}`", hint)


def _shown(span: Span) -> str:
    text = span.text
    enclosed = span.source.text[span.start - 1 : span.start] == "(" and " " in text
    return f"({text})" if enclosed else text


def _prepositions(verb: tree.Verb) -> set[str]:
    return {p.preposition.text for p in verb.parameters if p.preposition}


def _lacking(verb: tree.Verb, said: Collection[str]) -> list[tree.Parameter]:
    return [
        p
        for p in verb.parameters
        if p.preposition and not p.default and p.preposition.text not in said
    ]


def _example(call: Call, verb: tree.Verb, abilities: Mapping[str, Abilities]) -> str:
    """Return the phrase with what it lacks filled in; empty where nothing of the program fits."""
    said = {preposition.text: operand.span.text for preposition, operand in call.complements}
    used = {operand.span.text for operand in call.operands} | set(said.values())
    words = [verb.name.text]
    for parameter in verb.parameters:
        preposition = parameter.preposition.text if parameter.preposition else ""
        if preposition:
            given = said.get(preposition)
        else:
            given = call.operands[0].span.text if call.operands else None
        if given is None and parameter.default:
            continue
        given = given or _fitting(parameter, abilities, used)
        if not given:
            return ""
        words += [preposition, given] if preposition else [given]
    return " ".join(words)


def _fitting(
    parameter: tree.Parameter, abilities: Mapping[str, Abilities], used: Collection[str]
) -> str:
    words = [word.text for word in parameter.capabilities]
    if NUMBER in words or LATENT in words:
        return ""
    fitting = (m for m, a in abilities.items() if m not in used and all(a.has(w) for w in words))
    return next(fitting, "")
