"""Learning rates by module: each group of the optimizer holds the weights of one module.

What nothing else is said of is one group, with the optimizer's own rate and the plan's schedule.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from lzn_dsl.planning.plan import Plan
from lzn_dsl.registry.settings import Component
from lzn_runtime.training.schedules import Schedule

MODULE = "module"
"""Key of a group's module; empty for all that have none of their own."""


class Rates:
    """Learning rate of each group of an optimizer at each step; splits its groups by module.

    Args:
        plan: Whose modules and schedules.
        optimizer: The optimizer, over parameters of the model.
        model: The model; its parameters are called after their modules.
        make_schedule: Makes a schedule of the plan.
    """

    def __init__(
        self,
        plan: Plan,
        optimizer: torch.optim.Optimizer,
        model: nn.Module,
        make_schedule: Callable[[Component], Schedule],
    ) -> None:
        modules = plan.train.modules
        self._shared = make_schedule(plan.train.schedule)
        self._base = float(optimizer.param_groups[0]["lr"])
        _split(optimizer, model, tuple(modules))
        schedules = {name: make_schedule(module.schedule) for name, module in modules.items()}
        self._groups: list[tuple[float, Schedule]] = []
        for group in optimizer.param_groups:
            module = modules.get(group[MODULE])
            own = float(group["lr"]) if module is None or module.lr is None else module.lr
            self._groups.append((own, schedules.get(group[MODULE], self._shared)))

    def shared(self, step: int) -> float:
        """Return the rate at a step, from 0, of modules that have none of their own."""
        return self._base * self._shared(step)

    def at(self, step: int) -> tuple[float, ...]:
        """Return the rate of each group at a step, from 0."""
        return tuple(base * schedule(step) for base, schedule in self._groups)


def _split(optimizer: torch.optim.Optimizer, model: nn.Module, modules: tuple[str, ...]) -> None:
    """Give each module a group of its own, in place; other options of a group are kept."""
    owner = {
        parameter: next((m for m in modules if name.startswith(f"{m}.")), "")
        for name, parameter in model.named_parameters()
    }
    groups: list[dict[str, Any]] = []
    for group in optimizer.param_groups:
        for module in ("", *modules):
            own = [p for p in group["params"] if owner.get(p, "") == module]
            if own:
                groups.append({**group, "params": own, MODULE: module})
    optimizer.param_groups[:] = groups
