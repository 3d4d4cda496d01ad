"""What a plan asks of the machine in one training step: networks, latent flows, parameters.

Dimensions: n batch, m points of a flow, q latent size, r solver steps.
"""

from dataclasses import dataclass, replace
from typing import Literal

from lzn_dsl.planning.plan import Plan, SharedOp
from lzn_dsl.registry.entry import Cost, Kind
from lzn_dsl.registry.registry import Registry
from lzn_runtime.compile.model import modality_sizes

Form = Literal["attention", "published"]
"""How a latent flow is computed: as attention, or with a tensor (points, anchors, q) a step."""


@dataclass(frozen=True)
class Network:
    """A network that a step runs forward and backward.

    Attributes:
        id: The operation of the plan's step.
        modality: Whose network it is.
        part: Which of its networks.
        flops: Forward FLOP a sample.
        kept: Numbers a sample that the backward needs.
        samples: Samples of a step, over all ranks.
    """

    id: str
    modality: str
    part: Literal["encoder", "decoder"]
    flops: int
    kept: int
    samples: int


@dataclass(frozen=True)
class LatentFlow:
    """A flow of the samples' points over anchors, forward and backward: latents or alignment.

    Attributes:
        id: The operation of the plan's step.
        kind: From anchors to latents, or back to the anchors of partners.
        points: Points that are carried, over all ranks.
        anchors: Anchors that bound their zones.
        gathers: Whether the anchors are those of the samples, which ranks must gather.
    """

    id: str
    kind: Literal["latents", "alignment"]
    points: int
    anchors: int
    gathers: bool


@dataclass(frozen=True)
class Workload:
    """One training step over all ranks."""

    name: str
    batch: int
    dim: int
    steps: int
    parameters: int
    networks: tuple[Network, ...]
    flows: tuple[LatentFlow, ...]

    def at_batch(self, batch: int) -> "Workload":
        """Return the step of another batch; classes stay as many as they are."""
        return replace(
            self,
            batch=batch,
            networks=tuple(
                replace(n, samples=n.samples * batch // self.batch) for n in self.networks
            ),
            flows=tuple(
                replace(
                    flow,
                    points=flow.points * batch // self.batch,
                    anchors=batch if flow.gathers else flow.anchors,
                )
                for flow in self.flows
            ),
        )


def workload(plan: Plan, registry: Registry) -> Workload:
    """Return what a training step of the plan asks for.

    Raises ValueError for an objective that is neither an alignment nor a decoder's loss.
    """
    costs = _costs(plan, registry)
    objectives = {o.id: o for o in plan.objectives}
    estimated = {part.id: part.flops for part in plan.cost.parts}
    passes = 3 if plan.train.micro_batches == 1 else 4
    networks: list[Network] = []
    flows: list[LatentFlow] = []
    for op in plan.step:
        kind = objectives[op.objective or ""].kind if op.op == "loss" else None
        if op.op == "encode" or kind == "decode":
            part: Literal["encoder", "decoder"] = "encoder" if op.op == "encode" else "decoder"
            name = op.modality or ""
            cost = costs[name].get(part, Cost())
            if cost.flops:
                samples = estimated[op.id] // (passes * cost.flops)
                kept = cost.activations
                networks.append(Network(op.id, name, part, cost.flops, kept, samples))
        elif op.op == "latents":
            flows.append(_samples_flow(op.id, "latents", plan.train.batch))
        elif kind == "align":
            flows += _alignment(plan, op)
        elif kind is not None:
            raise ValueError(f"the model knows alignments and decoders, not `{op.objective}`")
    return Workload(
        name=plan.title,
        batch=plan.train.batch,
        dim=plan.dim,
        steps=plan.train.solver_steps,
        parameters=plan.cost.parameters,
        networks=tuple(networks),
        flows=tuple(flows),
    )


def _costs(plan: Plan, registry: Registry) -> dict[str, dict[str, Cost]]:
    found: dict[str, dict[str, Cost]] = {}
    for modality in plan.modalities:
        entry = registry.get(Kind.MODALITY, modality.component.name)
        if entry.costs is not None:
            settings = registry.settings(Kind.MODALITY, modality.component)
            found[modality.name] = entry.costs(settings, modality_sizes(plan, modality), registry)
    return found


def _alignment(plan: Plan, op: SharedOp) -> list[LatentFlow]:
    """One flow over the classes, or one each way between two sets of samples' anchors."""
    batch = plan.train.batch
    partner = next(o for o in plan.step if o.id == op.operands[1])
    if partner.op == "batch":
        classes = plan.modality(partner.modality or "").sample["classes"]
        return [LatentFlow(op.id, "alignment", batch, classes, gathers=False)]
    return [_samples_flow(f"{op.id}, {way}", "alignment", batch) for way in ("there", "back")]


def _samples_flow(name: str, kind: Literal["latents", "alignment"], batch: int) -> LatentFlow:
    return LatentFlow(name, kind, batch, batch, gathers=True)
