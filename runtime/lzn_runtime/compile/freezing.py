"""Which operations of a training step still train something, once modules are frozen."""

from collections.abc import Collection

from lzn_dsl.planning.plan import ObjectivePlan, Plan, SharedOp
from lzn_dsl.registry.builtin.methods import LATENT_ZONING


def trained_modules(objective: ObjectivePlan) -> frozenset[str]:
    """Return the modules whose weights an objective moves, such as `image.decoder`."""
    encoders = {f"{name}.encoder" for name in (objective.modality, objective.other) if name}
    if objective.kind != "decode":
        return frozenset(encoders)
    decoder = f"{objective.modality}.decoder"
    # Latents carry the gradient of a decoder's loss to the encoder, a frozen decoder's too.
    return frozenset({decoder} | (encoders if objective.method == LATENT_ZONING else set()))


def active_ops(plan: Plan, frozen: Collection[str]) -> tuple[SharedOp, ...]:
    """Return the operations of a plan's step that losses of modules not frozen depend on."""
    objectives = {o.id: o for o in plan.objectives}
    needed: set[str] = set()
    for op in reversed(plan.step):
        if op.op == "loss" and op.objective in objectives:
            if trained_modules(objectives[op.objective]) <= set(frozen):
                continue
            needed.add(op.id)
        if op.id in needed:
            needed.update(op.operands)
    return tuple(op for op in plan.step if op.id in needed)
