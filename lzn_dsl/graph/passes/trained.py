"""Which modules a task uses, what trains them, and tasks that use what nothing trains."""

from collections.abc import Collection, Mapping, Sequence

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.graph.passes.objectives import Objective, Objectives
from lzn_dsl.graph.passes.sources import crossings, uses
from lzn_dsl.registry.entry import Capability
from lzn_dsl.semantics.objectives import order_pair
from lzn_dsl.semantics.program import Program, Step


def modules_of(
    steps: Sequence[Step], conditions: Mapping[str, str], blind: Collection[str]
) -> tuple[str, ...]:
    """Return the modules that a task's result depends on, such as `image.encoder`.

    Args:
        steps: Steps of the task.
        conditions: The discrete modality that a modality's decoder is told, by modality.
        blind: Modalities whose decoder is told no latents.
    """
    led = crossings(steps)
    known = {target for source, target in led if conditions.get(target) == source}
    needed = _needed(steps, {m for m in blind if m in known or m not in conditions})
    modules: dict[str, None] = {}
    for step, modality, part in uses(steps):
        if step.id in needed:
            modules[f"{modality}.{part}"] = None
            # A class that the task is given is told as it is; any other is read off the latent.
            told = part == "decoder" and not (modality in blind and modality in known)
            if told and modality in conditions:
                modules[f"{conditions[modality]}.decoder"] = None
    return tuple(modules)


def _needed(steps: Sequence[Step], deaf: Collection[str]) -> set[str]:
    """Return the steps on which the last depends; decoders of `deaf` hear of no latent."""
    needed = {steps[-1].id}
    for step in reversed(steps):
        hears = step.primitive != "decode" or step.modality not in deaf
        if step.id in needed and hears:
            needed.update(step.operands)
    return needed


def trainers(module: str, program: Program, objectives: Mapping[str, Objective]) -> list[str]:
    """Return the names of the objectives that train a module, such as `image.encoder`."""
    modality = module.removesuffix(".decoder")
    # The decoder of a discrete modality reads the flow of its anchors: its encoder is all it has.
    if modality != module and Capability.DISCRETE in program.modalities[modality].capabilities:
        zones = f"{modality}.encoder"
        return [n for n, o in objectives.items() if o.kind == "align" and zones in o.trains]
    return [name for name, objective in objectives.items() if module in objective.trains]


def check_trained(program: Program, objectives: Objectives) -> list[Diagnostic]:
    """Report tasks that use a module which nothing trains (LZN402)."""
    found = []
    for task in program.tasks.values():
        lacking = [
            module
            for module in modules_of(task.steps, objectives.conditions, objectives.blind)
            if not trainers(module, program, objectives.by_name)
        ]
        if lacking:
            names = " and ".join(f"`{m}`" for m in lacking)
            found.append(
                Diagnostic(
                    "LZN402",
                    f"nothing trains {names}, which `{task.name}` uses",
                    task.span,
                    hint=_cure(lacking[0], program),
                )
            )
    return found


def _cure(module: str, program: Program) -> str:
    """Say what would train a module."""
    modality, part = module.rsplit(".", 1)
    discrete = Capability.DISCRETE in program.modalities[modality].capabilities
    if part == "decoder" and not discrete:
        return f"give `learn decode {modality}` a weight above 0"
    others = [m for m in program.datasets[program.on].info.columns if m != modality]
    if not others:
        return "add a task that trains it, or train on data that pairs it with something else"
    pair = " with ".join(order_pair(modality, others[0], program.modalities))
    return f"add a task that trains it, or `learn align {pair}` with a weight above 0"
