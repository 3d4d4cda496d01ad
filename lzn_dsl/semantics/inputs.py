"""Inputs of tasks, and what parameters of verbs stand for."""

from collections.abc import Mapping, Sequence
from math import nan

from lzn_dsl.semantics.abilities import LATENT, NUMBER
from lzn_dsl.semantics.program import Step
from lzn_dsl.semantics.steps import Steps
from lzn_dsl.semantics.types import ValueType
from lzn_dsl.semantics.values import Named, Value
from lzn_dsl.syntax import tree

PhraseInput = tuple[int, str, str]
"""Number of a phrase, the modality it names, the parameter that is given it."""


def input_names(steps: Sequence[Step], named: Mapping[str, PhraseInput]) -> dict[str, str]:
    """Return the name of each input of a task, by its id.

    It is that of its modality. A phrase that is given one modality twice (`interpolate image to
    image`) has two inputs, called after the parameters of its verb.
    """
    inputs = [step for step in steps if step.primitive == "input"]
    kinds = [named[step.id][:2] for step in inputs if step.id in named]
    table = {}
    for step in inputs:
        table[step.id] = step.id
        if step.id in named:
            phrase, modality, parameter = named[step.id]
            table[step.id] = parameter if kinds.count((phrase, modality)) > 1 else modality
    return table


def parameter_value(parameter: tree.Parameter, steps: Steps) -> Value:
    """Return what a parameter stands for while its verb's own definition is checked."""
    words = [word.text for word in parameter.capabilities]
    if NUMBER in words:
        return nan if parameter.default is None else number_of(parameter.default)
    if LATENT in words:
        return steps.apply(f"latent {parameter.name.text}", (), None, ValueType("latent"))
    return Named(parameter.name.text, parameter.name.text)


def number_of(literal: tree.Literal) -> float:
    """Return the number of a default; not a number where it is none."""
    return nan if isinstance(literal.value, str | bool) else float(literal.value)
