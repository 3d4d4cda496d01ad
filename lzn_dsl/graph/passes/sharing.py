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
from lzn_dsl.registry.builtin.methods import LATENT_ZONING, ContrastSettings
from lzn_dsl.registry.entry import Capability, Kind
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
    view: int = 0

    @property
    def id(self) -> str:
        """Name of the value: `encode image`, `latents image 0.3`, `loss decode image`.

        Of a view: `encode image, view 1`.
        """
        if self.kind == "loss":
            return f"loss {self.objective}"
        alpha = f" {self.alpha:g}" if self.kind == "latents" else ""
        view = f", view {self.view}" if self.view else ""
        return f"{self.kind} {self.modality}{alpha}{view}"


def expand(objective: Objective, program: Program, condition: str | None) -> Op:
    """Return the computation of one objective, down to the columns of the batch."""
    first, second = _operands(objective, program)
    operands = [] if first is None else [first]
    operands += [] if second is None else [second]
    operands += [Op("batch", condition)] if objective.kind == "decode" and condition else []
    return Op("loss", objective.modality, objective=objective.name, operands=tuple(operands))


def _operands(objective: Objective, program: Program) -> tuple[Op | None, Op | None]:
    """Return what a loss is of: latents, anchors or samples of two modalities or two views."""
    own, other = objective.modality, objective.other
    if objective.kind == "contrast":
        entry = program.registry.get(Kind.METHOD, objective.method)
        assert issubclass(entry.settings, ContrastSettings), entry
        anchors = entry.settings.second == "anchors"
        return _encoded(own, 1), _encoded(own, 2) if anchors else Op("batch", own, view=2)
    if objective.kind == "classify":
        return _encoded(own), Op("batch", str(other))
    if objective.kind == "decode" and objective.method != LATENT_ZONING:
        return None, Op("batch", own)
    alpha = objective.settings["alpha"]
    assert isinstance(alpha, int | float)
    if objective.kind == "decode":
        return _latents(own, float(alpha)), Op("batch", own)
    assert other is not None
    if own == other:
        return _latents(own, float(alpha), 1), _latents(own, float(alpha), 2)
    if Capability.DISCRETE in program.modalities[other].capabilities:
        return _latents(own, float(alpha)), Op("batch", other)
    return _latents(own, float(alpha)), _latents(other, float(alpha))


def _encoded(modality: str, view: int = 0) -> Op:
    return Op("encode", modality, operands=(Op("batch", modality, view=view),), view=view)


def _latents(modality: str, alpha: float, view: int = 0) -> Op:
    return Op("latents", modality, alpha, operands=(_encoded(modality, view),), view=view)


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
