"""The walk of one block of points through a solver's schedule, and the way back of its gradients.

    e_{j+1} = e_j + sum_l beta_{j,l} f_{j-l}

Dimensions: b points, n anchors, q latent size, r evaluations, p order of the solver.
Source: docs/latent.md.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from lzn_runtime.latent import fusion, schedule
from lzn_runtime.latent.attention import (
    BackwardScratch,
    Block,
    Gradients,
    Scratch,
    drift_at_zero,
    drift_at_zero_backward,
    evaluate,
    evaluate_backward,
)
from lzn_runtime.latent.grid import Surroundings
from lzn_runtime.latent.solvers import Solver


class Kept(NamedTuple):
    """What the backward needs of a walk: enough to walk it again without an evaluation."""

    drift: Float[Tensor, "updates b q"]
    rho: Float[Tensor, "r b 1"]
    beta: Float[Tensor, "updates 3 b 1"]
    at_zero: Float[Tensor, "b 1"]  # coefficient of f at rho = 0 in the end of the walk

    def of(self, rows: slice) -> "Kept":
        """Return the part that belongs to some of the points."""
        return Kept(
            self.drift[:, rows], self.rho[:, rows], self.beta[:, :, rows], self.at_zero[rows]
        )


def walk(
    block: Block,
    solver: Solver,
    state: Float[Tensor, "b q"],
    kept: Kept,
    neg_log_prob: Float[Tensor, "r b"] | None,
) -> None:
    """Carry `state` from the start of the walk to its end, in place, and fill `kept`.

    Down, from anchor to latent, if `neg_log_prob` is None; else up, filling it with -log P_k.
    """
    upward = neg_log_prob is not None
    scratch = Scratch(torch.empty_like(block.half_sq_dist), torch.empty_like(state))
    plan = _plan(block, solver, state, scratch, upward=upward)
    kept.rho.copy_(plan.rho.expand_as(kept.rho))
    updates = kept.drift.shape[0]
    step = fusion.on(state.device, evaluate)
    kept.beta.zero_()
    kept.beta[:, : plan.beta.shape[1]] = plan.beta[:updates]
    for j, rho in enumerate(kept.rho):
        step(
            block,
            state,
            rho,
            scratch,
            drift=kept.drift[j] if j < updates else None,
            neg_log_prob=None if neg_log_prob is None else neg_log_prob[j],
        )
        if j < updates:
            _update(state, kept, j)
    if plan.at_zero is None:
        kept.at_zero.zero_()
    else:
        kept.at_zero.copy_(plan.at_zero)
        state.addcmul_(kept.at_zero, drift_at_zero(block))


def walk_back(
    block: Block,
    start: Float[Tensor, "b q"],
    kept: Kept,
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
        start.new_empty(2 * size, block.columns.shape[1]),
        start.new_empty(2 * size, width),
        torch.empty_like(start),
    )
    drift_at_zero_backward(block, kept.at_zero * into.noise, into=into)
    grad_drift = torch.empty_like(start)
    step_back = fusion.on(start.device, evaluate_backward)
    # Gradients of e after the last three updates, the latest first.
    after = [torch.zeros_like(start) for _ in range(3)]
    for j in reversed(range(kept.rho.shape[0])):
        grad_drift.zero_()
        if j < updates:
            after = [after[2].copy_(into.noise), after[0], after[1]]
        for lag in range(min(3, updates - j)):
            grad_drift.addcmul_(kept.beta[j + lag, lag], after[lag])
        step_back(
            block,
            states[j],
            kept.rho[j],
            kept.drift[j] if j < updates else None,
            grad_drift,
            None if grad_neg_log_prob is None else grad_neg_log_prob[j][:, None],
            scratch,
            into=into,
        )


def _update(state: Float[Tensor, "b q"], kept: Kept, j: int) -> None:
    for lag in range(min(3, j + 1)):
        state.addcmul_(kept.beta[j, lag], kept.drift[j - lag])


def _states(start: Float[Tensor, "b q"], kept: Kept) -> Float[Tensor, "r b q"]:
    """Return e at each evaluation, from the drifts kept."""
    states = start.new_empty(kept.rho.shape[0], *start.shape)
    states[0] = start
    for j in range(1, states.shape[0]):
        states[j] = states[j - 1]
        _update(states[j], kept, j - 1)
    return states


def _plan(
    block: Block,
    solver: Solver,
    state: Float[Tensor, "b q"],
    scratch: Scratch,
    *,
    upward: bool,
) -> schedule.Schedule:
    """Return the schedule of the block; on the way up it is that of the zones' centres."""
    own = block.own_index[:, None]
    lead = None
    if not upward:
        lead = state @ block.columns  # (b, q) @ (q, n) -> (b, n)
        lead -= (state * block.own_anchors).sum(-1, keepdim=True)
        lead.scatter_(1, own, 0.0)
    log_ratio = None
    if block.log_weights is not None:
        log_ratio = block.log_weights - block.log_weights[own]
    around = Surroundings(block.half_sq_dist, lead, log_ratio, scratch.posterior)
    return schedule.up(solver, around) if upward else schedule.down(solver, around)
