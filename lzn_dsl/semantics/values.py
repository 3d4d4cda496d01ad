"""What an expression of a task stands for while the task is put together."""

from collections.abc import Iterator
from dataclasses import dataclass

from lzn_dsl.diagnostics.source import Span
from lzn_dsl.semantics.program import Step


@dataclass(frozen=True)
class Named:
    """A modality by its name: what to decode to, or, used as a value, an input.

    Attributes:
        modality: Its name.
        input: The input it is as a value; None where it may only be named, inside a verb.
    """

    modality: str
    input: str | None


@dataclass(frozen=True)
class Together:
    """Several samples at once: `label and text`."""

    parts: tuple["Named | Step", ...]


Value = Named | Together | Step | float
"""A modality, several samples, a computed value, or a number."""


@dataclass(frozen=True)
class Operand:
    """A value and where it was written."""

    value: Value
    span: Span


def samples(value: Value) -> Iterator[Named | Step]:
    """Return the single samples of a value; nothing for a number."""
    if isinstance(value, Together):
        yield from value.parts
    elif not isinstance(value, float):
        yield value


def modality_of(sample: Named | Step) -> str | None:
    """Return the modality of a sample; None for a value that is no sample."""
    if isinstance(sample, Named):
        return sample.modality
    return sample.type.modality if sample.type.kind == "sample" else None


def describe(value: Value) -> str:
    """Name a value in words: `a latent`, `a sample of `image``, `a number`."""
    if isinstance(value, Step):
        return str(value.type)
    if isinstance(value, Named):
        return f"a sample of `{value.modality}`"
    return "several samples" if isinstance(value, Together) else "a number"
