"""A model of the memory of one training step on a number of ranks. A model, not a measurement.

    state        5 numbers a parameter: weight, gradient, two moments of Adam, averaged weight
    activations  k numbers a sample that a network keeps; of one slice of one network with slices
    attention    r m q of each flow, and strips of a block (block, n)
    published    r m q of each flow, and tensors (m, n, q) of one solver step

Dimensions: m points of a rank, n anchors, q latent size, r solver steps.
"""

from dataclasses import dataclass
from math import ceil

from lzn_runtime.benchmarks.scaling.hardware import Assumptions, Processor
from lzn_runtime.benchmarks.scaling.step_time import NUMBER
from lzn_runtime.benchmarks.scaling.workload import Form, LatentFlow, Workload

_STATE = 5
"""Numbers that training keeps for each parameter."""
_SETS = 3
"""Copies of all anchors: as gathered, transposed, and their gradient."""


@dataclass(frozen=True)
class StepMemory:
    """Bytes of one rank."""

    state: float
    activations: float
    latents: float

    @property
    def total(self) -> float:
        """Bytes of the whole step."""
        return self.state + self.activations + self.latents


def step_memory(
    work: Workload, ranks: int, *, assumed: Assumptions, form: Form = "attention", slices: int = 1
) -> StepMemory:
    """Return the bytes of a step on each of `ranks` processors."""
    kept = [n.kept * ceil(ceil(n.samples / ranks) / slices) for n in work.networks]
    return StepMemory(
        state=_STATE * NUMBER * work.parameters,
        activations=NUMBER * (sum(kept) if slices == 1 else max(kept, default=0)),
        latents=flows_memory(work, ranks, assumed=assumed, form=form),
    )


def flows_memory(work: Workload, ranks: int, *, assumed: Assumptions, form: Form) -> float:
    """Bytes of all latent flows: what each keeps, and what the largest holds while it is walked."""
    kept = sum(ceil(flow.points / ranks) * work.dim * work.steps for flow in work.flows)
    held = max((_held(flow, work, ranks, assumed, form) for flow in work.flows), default=0)
    return NUMBER * (kept + held)


def _held(flow: LatentFlow, work: Workload, ranks: int, assumed: Assumptions, form: Form) -> int:
    points = ceil(flow.points / ranks)
    sets = _SETS * flow.anchors * work.dim
    if form == "published":
        return sets + assumed.differences * points * flow.anchors * work.dim
    block = min(points, max(64, min(8192, assumed.strip_numbers // flow.anchors)))
    return sets + block * (assumed.strips * flow.anchors + work.steps * work.dim)


def slices_that_fit(
    work: Workload,
    processor: Processor,
    ranks: int,
    *,
    assumed: Assumptions,
    form: Form = "attention",
) -> int | None:
    """Return the fewest slices with which a step fits into memory; None where none does."""
    usable = processor.memory * assumed.usable_memory
    most = max(ceil(n.samples / ranks) for n in work.networks)
    slices = 1
    while step_memory(work, ranks, assumed=assumed, form=form, slices=slices).total > usable:
        if slices >= most:
            return None
        slices = min(2 * slices, most)
    return slices
