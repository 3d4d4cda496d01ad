"""The conditions under which a task was run, as they stand beside a number."""

from collections.abc import Mapping

from pydantic import JsonValue

from lzn_dsl.planning.plan import Plan, TaskPlan
from lzn_dsl.registry.settings import Component


def conditions(plan: Plan, task: TaskPlan, *, seed: int) -> dict[str, JsonValue]:
    """Return phrase, seed, scale of own noise, support and sampler, as far as the task has them."""
    found: dict[str, JsonValue] = {"phrase": task.phrase, "seed": seed}
    primitives = {step.primitive for step in task.steps}
    alphas = sorted({s.alpha for s in task.steps if s.primitive in ("encode", "invert", "meet")})
    if alphas:
        found["alpha"] = alphas[0] if len(alphas) == 1 else list[JsonValue](alphas)
    elif "center" in primitives:
        found["alpha"] = 0.0
    if primitives & {"encode", "invert", "meet", "center"}:
        found["solver_steps"] = plan.train.solver_steps
        found["support"] = plan.train.support
    sampler = sampler_of(plan, task)
    if sampler is not None:
        found["sampler"] = str(sampler)
    return found


def sampler_of(plan: Plan, task: TaskPlan) -> Component | None:
    """Return the sampler that a task's last decoder draws with."""
    for step in reversed(task.steps):
        if step.primitive == "decode" and step.modality is not None:
            if step.sampler is not None:
                return step.sampler
            return _find_sampler(plan.modality(step.modality).component.settings.get("decoder"))
    return None


def _find_sampler(component: JsonValue) -> Component | None:
    settings = component.get("settings") if isinstance(component, Mapping) else None
    sampler = settings.get("sampler") if isinstance(settings, Mapping) else None
    return Component.model_validate(sampler) if isinstance(sampler, Mapping) else None
