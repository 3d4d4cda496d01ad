"""The walk of one block of points through a solver's schedule, and the way back of its gradients.

    e_{j+1} = e_j + beta_{j,0} f_j + beta_{j,1} F_{j-1} + beta_{j,2} F_{j-2}

where F_j, what is kept of f_j, is f_j itself or, in a damped method, another sum of these three. A
damped walk ends with f and its slope at rho = 0, which cost no evaluation.

Dimensions: b points, n anchors, q latent size, r evaluations, p order of the solver.
Source: docs/latent.md.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from lzn_runtime.latent import fusion, schedule
from lzn_runtime.latent.adams import Adams, damp
from lzn_runtime.latent.attention import (
    BackwardScratch,
    Block,
    Gradients,
    Normalizer,
    Scratch,
    evaluate,
    evaluate_backward,
    widest,
)
from lzn_runtime.latent.grid import Surroundings
from lzn_runtime.latent.origin import Moments, finish, finish_back, see
from lzn_runtime.latent.solvers import DPMSolverPP, Euler, Solver

# Numbers of a strip from which grids are made at once, on CPU (2 MiB in float32).
_LOOKED = 1 << 19


class Kept(NamedTuple):
    """What the backward needs of a walk: enough to walk it again without an evaluation."""

    drift: Float[Tensor, "updates b q"]
    normalizer: Float[Tensor, "r 3 b 1"]  # the fields of `Normalizer`, -log P_k the first
    rho: Float[Tensor, "r b 1"]
    beta: Float[Tensor, "updates 3 b 1"]
    memory: Float[Tensor, "updates 3 b 1"] | None  # coefficients of F; None: F is f
    at_zero: Float[Tensor, "2 b 1"] | None  # coefficients of f and its slope at rho = 0

    def of(self, rows: slice) -> "Kept":
        """Return the part that belongs to some of the points."""
        return Kept(
            self.drift[:, rows],
            self.normalizer[:, :, rows],
            self.rho[:, rows],
            self.beta[:, :, rows],
            None if self.memory is None else self.memory[:, :, rows],
            None if self.at_zero is None else self.at_zero[:, rows],
        )


def walk(
    block: Block,
    solver: Solver,
    state: Float[Tensor, "b q"],
    kept: Kept,
    moments: Moments | None,
    *,
    upward: bool,
) -> None:
    """Carry `state` from the start of the walk to its end, in place, and fill `kept`.

    Up is from latent to anchor, down from anchor to latent.
    """
    plan = _plan(block, solver, state, upward=upward)
    scratch = Scratch(state.new_empty(len(state), widest(block)), torch.empty_like(state))
    kept.rho.copy_(plan.rho.expand_as(kept.rho))
    updates = kept.drift.shape[0]
    step = fusion.on(state.device, evaluate)
    damp_step = fusion.on(state.device, damp)
    kept.beta.zero_()
    kept.beta[:, : plan.beta.shape[1]] = plan.beta[:updates]
    stiffness = torch.empty_like(kept.rho[0])
    earlier = _two_zeros(state)
    for j, rho in enumerate(kept.rho):
        step(
            block,
            state,
            rho,
            scratch,
            drift=kept.drift[j] if j < updates else None,
            normalizer=Normalizer(*kept.normalizer[j]),
            stiffness=None if kept.memory is None else stiffness,
        )
        if kept.memory is not None and plan.damped is not None:
            now = slice(j, j + 1)
            damp_step(plan.damped.at(j), stiffness, beta=kept.beta[now], memory=kept.memory[now])
        if j < updates:
            earlier = _advance(state, kept, j, earlier)
    if moments is not None and kept.at_zero is not None and plan.at_zero is not None:
        kept.at_zero.copy_(plan.at_zero)
        finish(see(moments, block), kept.at_zero, state)


def walk_back(
    block: Block,
    start: Float[Tensor, "b q"],
    kept: Kept,
    moments: Moments | None,
    grad_neg_log_prob: Float[Tensor, "r b"] | None,
    *,
    into: Gradients,
) -> None:
    """Turn `into.noise` from the gradient of the end into that of the start, in place.

    The gradients of the anchors are added to the others.
    """
    updates, (size, width) = kept.drift.shape[0], start.shape
    states = _states(start, kept)
    scratch = BackwardScratch(
        start.new_empty(2 * size, widest(block)),
        start.new_empty(3 * size, width),
        torch.empty_like(start),
    )
    if moments is not None and kept.at_zero is not None:
        finish_back(see(moments, block), kept.at_zero, states[-1], into=into)
    grad_drift = scratch.pairs[size : 2 * size]
    step_back = fusion.on(start.device, evaluate_backward)
    # Gradients of e after the next two updates and of the two next F, the nearest first.
    later = [_two_zeros(start), _two_zeros(start)]
    for j in reversed(range(kept.rho.shape[0])):
        grad_drift.zero_()
        if j < updates:
            for lag, (grad_state, grad_kept) in enumerate(later[: updates - 1 - j], start=1):
                grad_drift.addcmul_(kept.beta[j + lag, lag], grad_state)
                if kept.memory is not None:
                    grad_drift.addcmul_(kept.memory[j + lag, lag], grad_kept)
            nearest = later.pop()
            nearest[0].copy_(into.noise)
            if kept.memory is not None:
                nearest[1].copy_(grad_drift)
                grad_drift.mul_(kept.memory[j, 0])
            later.insert(0, nearest)
            grad_drift.addcmul_(kept.beta[j, 0], into.noise)
        step_back(
            block,
            states[j],
            kept.rho[j],
            kept.drift[j] if j < updates else None,
            Normalizer(*kept.normalizer[j]),
            None if grad_neg_log_prob is None else grad_neg_log_prob[j][:, None],
            scratch,
            into=into,
        )


def _two_zeros(like: Float[Tensor, "b q"]) -> list[Float[Tensor, "b q"]]:
    return [torch.zeros_like(like) for _ in range(2)]


def _advance(
    state: Float[Tensor, "b q"], kept: Kept, j: int, earlier: list[Float[Tensor, "b q"]]
) -> list[Float[Tensor, "b q"]]:
    """Make update j of the state in place; turn F_{j-1} and F_{j-2} into F_j and F_{j-1}."""
    drift, (last, before) = kept.drift[j], earlier
    for beta, known in zip(kept.beta[j], (drift, last, before), strict=True):
        state.addcmul_(beta, known)
    if kept.memory is None:
        return [drift, last]
    of_drift, of_last, of_before = kept.memory[j]
    return [before.mul_(of_before).addcmul_(of_last, last).addcmul_(of_drift, drift), last]


def _states(start: Float[Tensor, "b q"], kept: Kept) -> Float[Tensor, "updates_plus_1 b q"]:
    """Return e at the start and after each update, from the drifts kept."""
    states = start.new_empty(kept.drift.shape[0] + 1, *start.shape)
    states[0] = start
    earlier = _two_zeros(start)
    for j in range(1, states.shape[0]):
        states[j] = states[j - 1]
        earlier = _advance(states[j], kept, j - 1, earlier)
    return states


def _plan(
    block: Block, solver: Solver, state: Float[Tensor, "b q"], *, upward: bool
) -> schedule.Schedule:
    """Return the schedule of the block; on the way up it is that of the zones' centres.

    Grids are made some rows at a time, for that takes many passes over strips.
    """
    make = schedule.up if upward else schedule.down
    if isinstance(solver, Euler | DPMSolverPP):  # one grid for all, whatever they see
        return make(solver, _surroundings(block, None, slice(0, 1)))
    lead = None if upward else _lead(block, state)
    size = len(state)
    if state.device.type == "cpu":
        size = max(64, _LOOKED // block.anchors.shape[0])
    plans = [
        make(solver, _surroundings(block, lead, slice(first, first + size)))
        for first in range(0, len(state), size)
    ]
    at_zero = [plan.at_zero for plan in plans if plan.at_zero is not None]
    damped = [plan.damped for plan in plans if plan.damped is not None]
    return schedule.Schedule(
        torch.cat([plan.rho for plan in plans], dim=1),
        torch.cat([plan.beta for plan in plans], dim=2),
        torch.cat(at_zero, dim=1) if at_zero else None,
        Adams(*(torch.cat(part, dim=-2) for part in zip(*damped, strict=True))) if damped else None,
    )


def _lead(block: Block, noise: Float[Tensor, "b q"]) -> Float[Tensor, "b n"]:
    """Return <e, a_i - a_k>."""
    lead = noise @ block.anchors.T  # (b, q) @ (q, n) -> (b, n)
    lead -= (noise * block.own_anchors).sum(-1, keepdim=True)
    return lead.scatter_(1, block.own_index[:, None], 0.0)


def _surroundings(block: Block, lead: Float[Tensor, "b n"] | None, rows: slice) -> Surroundings:
    """Return the anchors as some of the points see them."""
    half_sq_dist = block.half_sq_dist[rows]
    log_ratio = None
    if block.log_weights is not None:
        log_ratio = block.log_weights - block.log_weights[block.own_index[rows, None]]
    return Surroundings(
        half_sq_dist,
        None if lead is None else lead[rows],
        log_ratio,
        torch.empty_like(half_sq_dist),
    )
