"""The training step: each objective's computation, with equal ones merged and all in order.

Merging is by value: two operations with the same name, operands and settings are one. So a batch
of a modality is encoded once a step however many objectives use it, and latents of the same noise
scale are computed once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import networkx as nx

from lzn_dsl.graph.passes.objectives import Objective
from lzn_dsl.registry.entry import Capability
from lzn_dsl.semantics.program import Program

OpKind = Literal["batch", "encode", "latents", "loss"]


@dataclass(frozen=True)
class Op:
    """An operation of a training step; equal operations are one value."""

    kind: OpKind
    modality: str
    alpha: float = 0.0
    objective: str | None = None
    operands: tuple["Op", ...] = ()

    @property
    def id(self) -> str:
        """Name of the value: `encode image`, `latents image 0.3`, `loss decode image`."""
        if self.kind == "loss":
            return f"loss {self.objective}"
        return f"{self.kind} {self.modality}" + (
            f" {self.alpha:g}" if self.kind == "latents" else ""
        )


def expand(objective: Objective, program: Program, condition: str | None) -> Op:
    """Return the computation of one objective, down to the columns of the batch."""
    alpha = objective.settings["alpha"]
    assert isinstance(alpha, int | float)

    def latents(modality: str) -> Op:
        encoded = Op("encode", modality, operands=(Op("batch", modality),))
        return Op("latents", modality, alpha=float(alpha), operands=(encoded,))

    operands = [latents(objective.modality)]
    if objective.kind == "decode":
        operands.append(Op("batch", objective.modality))
        operands += [Op("batch", condition)] if condition else []
    elif objective.other is not None:
        discrete = Capability.DISCRETE in program.modalities[objective.other].capabilities
        operands.append(Op("batch", objective.other) if discrete else latents(objective.other))
    return Op("loss", objective.modality, objective=objective.name, operands=tuple(operands))


def share(losses: Iterable[Op]) -> tuple[Op, ...]:
    """Merge equal operations of all losses and return them in an order in which they can run."""
    graph = nx.DiGraph()

    def add(op: Op) -> None:
        graph.add_node(op)
        for operand in op.operands:
            add(operand)
            graph.add_edge(operand, op)

    for loss in losses:
        add(loss)
    position = {op: i for i, op in enumerate(graph.nodes)}
    return tuple(nx.lexicographical_topological_sort(graph, key=position.__getitem__))
