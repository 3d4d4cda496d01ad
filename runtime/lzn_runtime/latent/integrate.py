"""Integration of the latent flow over blocks of points, with a backward that recomputes.

A point's path depends on the anchors and on no other point. So the outer loop runs over blocks of
points and the inner one over solver steps: the distances of a block are found once for all of its
steps, and memory is O(m q) a step plus strips (block, n), whatever the number of points.

Dimensions: m points, n anchors, q latent size, r evaluations. Source: docs/latent.md.
"""

from typing import Any, NamedTuple, cast

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.autograd.function import once_differentiable

from lzn_runtime.latent import schedule
from lzn_runtime.latent.attention import Block, evaluate, evaluate_backward
from lzn_runtime.latent.distances import half_sq_distances
from lzn_runtime.latent.grid import Surroundings
from lzn_runtime.latent.solvers import Solver


class Flow(NamedTuple):
    """Which flow to integrate; nothing in it has a gradient."""

    solver: Solver
    upward: bool  # latent to anchor, recording -log P_k; else anchor to latent
    log_weights: Float[Tensor, " n"] | None
    block_rows: int


class Path(NamedTuple):
    """Where points end, and on the way up how unlikely their reference was at each evaluation."""

    end: Float[Tensor, "m q"]  # own noise e at the last evaluation (up) or at rho = 0 (down)
    neg_log_prob: Float[Tensor, "r m"]  # empty on the way down


def default_block_rows(num_anchors: int, device: torch.device) -> int:
    """Rows of a block such that a strip stays in cache on CPU, and fills the device elsewhere."""
    elements = 1 << (20 if device.type == "cpu" else 26)
    return max(64, min(512 if device.type == "cpu" else 8192, elements // max(num_anchors, 1)))


def integrate(
    noise: Float[Tensor, "m q"],
    own_anchors: Float[Tensor, "m q"],
    anchors: Float[Tensor, "n q"],
    own_index: Int[Tensor, " m"],
    flow: Flow,
) -> Path:
    """Integrate the own noise of each point along the flow of `anchors`.

    `own_index` is the column that a point's own anchor takes among `anchors`, whose value there is
    ignored. All floating inputs share one dtype, float32 or float64.
    """
    end, neg_log_prob = cast(
        "tuple[Tensor, Tensor]", _Integrate.apply(noise, own_anchors, anchors, own_index, flow)
    )
    return Path(end, neg_log_prob)


class _Integrate(torch.autograd.Function):
    """The walk itself: keeps e at every evaluation, and nothing of size (m, n)."""

    @staticmethod
    def forward(
        ctx: Any,
        noise: Tensor,
        own_anchors: Tensor,
        anchors: Tensor,
        own_index: Tensor,
        flow: Flow,
    ) -> tuple[Tensor, Tensor]:
        with torch.autocast(noise.device.type, enabled=False):
            origin = anchors.mean(0)
            centred, own = anchors - origin, own_anchors - origin
            blocks = [
                _walk(noise[rows], _block(centred, own, own_index, rows, flow), flow)
                for rows in _slices(noise.shape[0], flow.block_rows)
            ]
        ctx.flow = flow
        ctx.save_for_backward(
            own,
            centred,
            own_index,
            torch.cat([b.noise for b in blocks], dim=1),
            torch.cat([b.rho for b in blocks], dim=1),
            torch.cat([b.beta for b in blocks], dim=2),
        )
        end = torch.cat([b.end for b in blocks])
        return end, torch.cat([b.neg_log_prob for b in blocks], dim=1)

    @staticmethod
    @once_differentiable
    def backward(
        ctx: Any, grad_end: Tensor, grad_neg_log_prob: Tensor
    ) -> tuple[Tensor | None, ...]:
        flow: Flow = ctx.flow
        own, centred, own_index, noise, rho, beta = ctx.saved_tensors
        grad_noise = torch.empty_like(grad_end)
        grad_own = torch.empty_like(grad_end)
        grad_anchors = torch.zeros_like(centred)
        with torch.autocast(noise.device.type, enabled=False):
            for rows in _slices(noise.shape[1], flow.block_rows):
                block = _block(centred, own, own_index, rows, flow)
                kept = _Kept(noise[:, rows], rho[:, rows], beta[:, :, rows])
                grads = grad_neg_log_prob[:, rows] if flow.upward else None
                grad_noise[rows], grad_own[rows] = _walk_back(
                    block, kept, grad_end[rows], grads, grad_anchors
                )
        return grad_noise, grad_own, grad_anchors, None, None


class _Walk(NamedTuple):
    end: Float[Tensor, "b q"]
    neg_log_prob: Float[Tensor, "r b"]
    noise: Float[Tensor, "r b q"]
    rho: Float[Tensor, "r b 1"]
    beta: Float[Tensor, "updates p b 1"]


class _Kept(NamedTuple):
    noise: Float[Tensor, "r b q"]
    rho: Float[Tensor, "r b 1"]
    beta: Float[Tensor, "updates p b 1"]


def _slices(count: int, size: int) -> list[slice]:
    return [slice(first, min(first + size, count)) for first in range(0, count, size)]


def _block(anchors: Tensor, own: Tensor, own_index: Tensor, rows: slice, flow: Flow) -> Block:
    half = half_sq_distances(own[rows], anchors)
    half.scatter_(1, own_index[rows, None], 0.0)
    return Block(anchors, flow.log_weights, own[rows], own_index[rows], half)


def _plan(noise: Float[Tensor, "b q"], block: Block, flow: Flow) -> schedule.Schedule:
    """Return the schedule of one block; on the way up it is that of the zones' centres."""
    own = block.own_index[:, None]
    lead = None
    if not flow.upward:
        lead = noise @ block.anchors.T  # (b, q) @ (q, n) -> (b, n)
        lead -= (noise * block.own_anchors).sum(-1, keepdim=True)
        lead.scatter_(1, own, 0.0)
    log_ratio = None
    if block.log_weights is not None:
        log_ratio = block.log_weights - block.log_weights[own]
    around = Surroundings(block.half_sq_dist, lead, log_ratio)
    return schedule.up(flow.solver, around) if flow.upward else schedule.down(flow.solver, around)


def _walk(noise: Float[Tensor, "b q"], block: Block, flow: Flow) -> _Walk:
    """Integrate one block forward."""
    plan = _plan(noise, block, flow)
    rows = noise.shape[0]
    rho = plan.rho.to(noise.dtype).expand(-1, rows, -1)
    beta = plan.beta[: plan.rho.shape[0] - flow.upward]  # on the way up no update follows the last
    beta = beta.to(noise.dtype).expand(-1, -1, rows, -1)
    strip = torch.empty_like(block.half_sq_dist)
    states = [noise]
    drifts: list[Tensor] = []
    neg_log_probs: list[Tensor] = []
    for j in range(rho.shape[0]):
        now = evaluate(block, states[j], rho[j], strip=strip, log_prob=flow.upward)
        if now.neg_log_prob is not None:
            neg_log_probs.append(now.neg_log_prob)
        if j == beta.shape[0]:
            break
        drifts.insert(0, now.drift)
        del drifts[beta.shape[1] :]
        state = states[j].clone()
        for coefficient, drift in zip(beta[j], drifts, strict=False):
            state.addcmul_(coefficient, drift)
        states.append(state)
    evaluated = torch.stack(states[: rho.shape[0]])
    log_probs = torch.stack(neg_log_probs) if neg_log_probs else noise.new_empty(0, rows)
    return _Walk(states[-1], log_probs, evaluated, rho, beta)


def _walk_back(
    block: Block,
    kept: _Kept,
    grad_end: Float[Tensor, "b q"],
    grad_neg_log_prob: Float[Tensor, "r b"] | None,
    grad_anchors: Float[Tensor, "n q"],
) -> tuple[Float[Tensor, "b q"], Float[Tensor, "b q"]]:
    """Pull the gradients of one block back to its start; add those of the anchors in place."""
    count, rows = kept.rho.shape[:2]
    updates, order = kept.beta.shape[:2]
    strips = grad_end.new_empty(2 * rows, block.anchors.shape[0])
    after = {updates: grad_end}  # gradient of e after each update
    grad_own = torch.zeros_like(grad_end)
    for j in reversed(range(count)):
        grad_drift = torch.zeros_like(grad_end)
        for lag in range(min(order, updates - j)):
            grad_drift.addcmul_(kept.beta[j + lag, lag], after[j + lag + 1])
        grads = evaluate_backward(
            block,
            kept.noise[j],
            kept.rho[j],
            grad_drift,
            None if grad_neg_log_prob is None else grad_neg_log_prob[j],
            strips=strips,
            grad_anchors=grad_anchors,
        )
        grad_own += grads.own_anchors
        after[j] = grads.noise.add_(after[j + 1]) if j < updates else grads.noise.add_(grad_end)
        after.pop(j + order + 1, None)
    return after[0], grad_own
