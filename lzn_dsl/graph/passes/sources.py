"""What the steps of a task work on: the modules they use, the modalities they lead between."""

from collections.abc import Callable, Iterator, Sequence

from lzn_dsl.semantics.primitives import PRIMITIVES, Module
from lzn_dsl.semantics.program import Step

_READS = ("decode", "nearest", "rank", "score")
"""Primitives that read a latent or an anchor by the anchors or the decoder of a modality."""
_POINTS = ("latent", "anchor")


def modules(steps: Sequence[Step]) -> Iterator[tuple[str, Module]]:
    """Return the modality and the part of each module that steps use, in their order."""
    return ((modality, part) for _, modality, part in uses(steps))


def uses(steps: Sequence[Step]) -> Iterator[tuple[Step, str, Module]]:
    """Return each step with the modality and the part of each module that it uses."""
    by_id = {step.id: step for step in steps}
    for step in steps:
        if step.primitive == "input":
            continue
        for part in sorted(PRIMITIVES[step.primitive].uses, reverse=True):
            for modality in worked_on(step, by_id.__getitem__):
                yield step, modality, part


def crossings(steps: Sequence[Step]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of modalities between which latents lead, each once, in their order.

    A latent comes from the modalities that were encoded into it, and leads to the one that it is
    decoded to, ranked among or compared with.
    """
    by_id = {step.id: step for step in steps}
    sources: dict[str, dict[str, None]] = {}
    found: dict[tuple[str, str], None] = {}
    for step in steps:
        latents = [o for o in step.operands if by_id[o].type.kind in _POINTS]
        given = {name: None for operand in latents for name in sources[operand]}
        if step.type.kind in _POINTS:
            worked = worked_on(step, by_id.__getitem__) if PRIMITIVES[step.primitive].uses else ()
            sources[step.id] = {**given, **dict.fromkeys(worked)}
        if step.primitive in _READS and step.modality is not None:
            pairs = ((source, step.modality) for source in given if source != step.modality)
            found.update(dict.fromkeys(pairs))
    return tuple(found)


def worked_on(step: Step, find: Callable[[str], Step]) -> tuple[str, ...]:
    """Return the modalities whose modules a step uses: its own, or those of all its samples."""
    if step.modality is not None:
        return (step.modality,)
    kinds = (find(operand).type for operand in step.operands)
    return tuple(dict.fromkeys(k.modality for k in kinds if k.kind == "sample" and k.modality))
