"""One optimisation step: losses, gradient, clipping, update, average; or nothing at all.

A step whose anchors, loss or gradient are not finite changes nothing: weights, average, optimizer
and buffers are as before.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Int
from torch import Tensor

from lzn_runtime.compile.losses import Losses, NotFiniteError
from lzn_runtime.compile.model import LatentModel
from lzn_runtime.compile.training_step import TrainingStep
from lzn_runtime.training.ema import update_average
from lzn_runtime.training.training_state import TrainingState


@dataclass(frozen=True)
class Outcome:
    """What a step came to; NaN where it did not come so far.

    Attributes:
        losses: Loss of each objective, unweighted.
        total: Their weighted sum.
        grad_norm: Norm of the gradient before clipping.
        skipped: Which value was not finite; empty for a step that changed the weights.
    """

    losses: Mapping[str, float]
    total: float
    grad_norm: float
    skipped: str = ""


@dataclass(frozen=True)
class Hyperparameters:
    """Numbers of one step.

    Attributes:
        rates: Learning rate of each group of the optimizer.
        clip: Largest gradient norm.
        ema: Decay of the average.
        frozen: Modules that it does not change, by name.
    """

    rates: tuple[float, ...]
    clip: float
    ema: float
    frozen: frozenset[str] = frozenset()


def advance(
    state: TrainingState,
    compute: TrainingStep,
    batch: Mapping[str, Tensor],
    indices: Int[Tensor, " b"],
    numbers: Hyperparameters,
) -> Outcome:
    """Do the step `state.step` on a batch, and count it; `compute` is over `state.model`."""
    model, optimizer = state.model, state.optimizer
    _freeze(model, numbers.frozen)
    buffers = [(buffer, buffer.clone()) for buffer in model.buffers()]
    optimizer.zero_grad(set_to_none=True)
    model.train()
    try:
        outcome = _backward(compute, batch, indices, state, numbers.clip)
    except NotFiniteError as error:
        outcome = Outcome({}, math.nan, math.nan, skipped=str(error))
    finally:
        model.eval()
    if outcome.skipped:
        with torch.no_grad():
            for buffer, value in buffers:
                buffer.copy_(value)
        state.skipped += 1
        state.in_a_row += 1
    else:
        for group, rate in zip(optimizer.param_groups, numbers.rates, strict=True):
            group["lr"] = rate
        optimizer.step()
        updates = state.step - state.skipped
        update_average(state.ema, model, decay=numbers.ema, updates=updates, frozen=numbers.frozen)
        state.in_a_row = 0
    state.step += 1
    return outcome


def _freeze(model: LatentModel, frozen: frozenset[str]) -> None:
    """Take the gradient from modules for good: neither norm nor optimizer sees them any more."""
    for name in frozen:
        model.part(name).requires_grad_(requires_grad=False)


def _backward(
    compute: TrainingStep,
    batch: Mapping[str, Tensor],
    indices: Int[Tensor, " b"],
    state: TrainingState,
    clip: float,
) -> Outcome:
    losses: Losses = compute(batch, indices, state.step)
    parts = {name: float(loss.detach()) for name, loss in losses.parts.items()}
    total = float(losses.total.detach())
    bad = [f"loss of {name}" for name, loss in parts.items() if not math.isfinite(loss)]
    if bad or not math.isfinite(total):
        return Outcome(parts, math.nan, math.nan, skipped=", ".join(bad) or "total loss")
    torch.autograd.backward(losses.total)
    norm = float(torch.nn.utils.clip_grad_norm_(state.model.parameters(), clip))
    if not math.isfinite(norm):
        return Outcome(parts, total, math.nan, skipped="gradient")
    return Outcome(parts, total, norm)
