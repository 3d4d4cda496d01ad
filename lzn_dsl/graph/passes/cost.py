"""What a training step costs: FLOP and memory, estimated before anything is allocated.

A backward pass counts as two forward passes. With micro-batches a network runs forward twice, and
keeps the activations of one slice of its samples. The latent flow counts 14 n^2 q r FLOP, forward
and backward, for n anchors of dimension q and r steps (`docs/latent.md`).
"""

from collections.abc import Mapping
from math import ceil

from lzn_dsl.graph.passes.objectives import Objective
from lzn_dsl.graph.passes.sharing import Op
from lzn_dsl.planning.plan import CostPlan, StepCost
from lzn_dsl.registry.entry import Cost
from lzn_dsl.semantics.program import Program

_BYTES = 4
_STATE = 5 * _BYTES
"""Bytes a parameter takes: weight, gradient, two moments of Adam, averaged weight."""


def estimate(
    program: Program,
    objectives: Mapping[str, Objective],
    ops: tuple[Op, ...],
    costs: Mapping[str, Mapping[str, Cost]],
) -> CostPlan:
    """Estimate a training step, part by part.

    `costs` are the forward costs per sample of each modality's "encoder" and "decoder".
    """
    batch, steps = _number(program.train["batch"]), _number(program.train["solver_steps"])
    parts: list[StepCost] = []
    for op in ops:
        cost = costs[op.modality]
        if op.kind == "encode":
            parts.append(_network(program, op, batch, cost["encoder"]))
        elif op.kind == "latents":
            flops = 14 * batch**2 * program.dim * steps
            parts.append(_part(op.id, flops, batch * (program.dim * 3 * steps + batch)))
        elif op.kind == "loss" and op.objective is not None:
            parts.append(_loss(program, op, objectives[op.objective], batch, steps, cost))
    parameters = sum(c.parameters for modality in costs.values() for c in modality.values())
    return CostPlan(
        parameters=parameters,
        flops=sum(p.flops for p in parts),
        memory=parameters * _STATE + sum(p.memory for p in parts),
        parts=tuple(parts),
    )


def _loss(
    program: Program,
    op: Op,
    objective: Objective,
    batch: int,
    steps: int,
    cost: Mapping[str, Cost],
) -> StepCost:
    if objective.kind == "decode":
        samples = min(_number(objective.settings["samples"]) or batch, batch)
        return _network(program, op, samples, cost.get("decoder", Cost()))
    if objective.kind == "contrast":
        return _contrast(program, op, objective, batch, cost["encoder"])
    ways, classes = 1, batch
    if objective.kind == "classify":
        steps = 1
    elif op.operands[1].kind == "latents":  # of samples too: each meets the anchors of the other
        ways = 2
    if ways == 1 and objective.other is not None:
        given = program.modalities[objective.other].component.settings.get("classes")
        classes = _number(given) if given else batch
    flops = ways * 14 * batch * classes * program.dim * steps
    return _part(op.id, flops, ways * batch * (classes + program.dim) * steps)


def _contrast(
    program: Program, op: Op, objective: Objective, batch: int, encoder: Cost
) -> StepCost:
    """Products of all pairs; and for keys of an averaged encoder, one pass forward."""
    queue = objective.settings.get("queue")
    pairs = batch * _number(queue) if queue else (2 * batch) ** 2
    forward = batch * encoder.flops if queue else 0
    return _part(op.id, 6 * pairs * program.dim + forward, 2 * pairs)


def _network(program: Program, op: Op, samples: int, cost: Cost) -> StepCost:
    slices = _number(program.train["micro_batches"])
    passes = 3 if slices == 1 else 4
    return _part(op.id, passes * samples * cost.flops, ceil(samples / slices) * cost.activations)


def _part(name: str, flops: int, numbers: int) -> StepCost:
    return StepCost(id=name, flops=int(flops), memory=int(numbers) * _BYTES)


def _number(value: object) -> int:
    assert isinstance(value, int), value
    return value
