"""Learning-rate schedules: the share of the learning rate that each step uses.

A schedule is a function of the step alone, counted from 0, so that a resumed run needs no state.
"""

import math
from collections.abc import Callable

from lzn_dsl.registry.builtin.schedules import ConstantSettings, CosineSettings

Schedule = Callable[[int], float]


def constant(settings: ConstantSettings, steps: int) -> Schedule:
    """Return a schedule that rises over `warmup` steps and then stays at 1."""
    del steps
    return lambda step: _warmup(step, settings.warmup)


def cosine(settings: CosineSettings, steps: int) -> Schedule:
    """Return a schedule that rises over `warmup` steps and falls to `final` at the last one."""
    falling = max(steps - 1 - settings.warmup, 1)

    def share(step: int) -> float:
        done = min(max(step - settings.warmup, 0) / falling, 1.0)
        low = settings.final
        fall = low + (1 - low) * (1 + math.cos(math.pi * done)) / 2
        return _warmup(step, settings.warmup) * fall

    return share


def _warmup(step: int, warmup: int) -> float:
    return min((step + 1) / (warmup + 1), 1.0)
