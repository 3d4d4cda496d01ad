"""Integration of the latent flow over blocks of points, with a backward that recomputes.

A point's path depends on the anchors and on no other point. So the outer loop runs over blocks of
points and the inner one over solver steps: the distances of a block are found once for all of its
steps. An evaluation takes the anchors a tile at a time, whose strips (block, tile) stay in the
cache. Memory is O(m q) a step and the distances (block, n), whatever the number of points.

Dimensions: m points, n anchors, q latent size, r evaluations. Source: docs/latent.md.
"""

from typing import Any, NamedTuple, cast

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.autograd.function import once_differentiable

from lzn_runtime.latent import weighting
from lzn_runtime.latent.attention import Block, Gradients, Tile
from lzn_runtime.latent.distances import half_sq_distances
from lzn_runtime.latent.origin import Moments, moments_of
from lzn_runtime.latent.schedule import damps
from lzn_runtime.latent.solvers import DPMSolverPP, Euler, Solver
from lzn_runtime.latent.walk import Kept, walk, walk_back

# Distances of the first blocks are kept for the backward, up to this many numbers (16 MiB in
# float32): all of 2,048 points, none from 4,097 on, where a block alone has more.
_KEPT_DISTANCES = 1 << 22


class Flow(NamedTuple):
    """Which flow to integrate; nothing in it has a gradient."""

    solver: Solver
    upward: bool  # latent to anchor, recording -log P_k; else anchor to latent
    log_weights: Float[Tensor, " n"] | None
    block_rows: int
    backward: bool = False  # whether to keep what a backward needs; `integrate` sets it


class Path(NamedTuple):
    """Where points end, and on the way up how unlikely their reference was at each evaluation."""

    end: Float[Tensor, "m q"]  # own noise e at the last evaluation (up) or at rho = 0 (down)
    neg_log_prob: Float[Tensor, "r m"]  # empty on the way down


def default_block_rows(num_anchors: int, device: torch.device) -> int:
    """Rows of a block, 64 at least.

    Its distances are at most 2^24 numbers on CPU (64 MiB in float32); elsewhere they fill it.
    """
    on_cpu = device.type == "cpu"
    elements, most = (1 << 24, 1024) if on_cpu else (1 << 26, 8192)
    return max(64, min(most, elements // num_anchors))


def default_tile_anchors(num_anchors: int, block_rows: int, device: torch.device) -> int:
    """Anchors of a tile: on CPU strips of 2^21 numbers (8 MiB in float32) stay in the cache."""
    return max(1, (1 << 21) // block_rows) if device.type == "cpu" else num_anchors


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
    given = (noise, own_anchors, anchors)
    wanted = torch.is_grad_enabled() and any(tensor.requires_grad for tensor in given)
    flow = flow._replace(backward=wanted)
    end, neg_log_prob = cast(
        "tuple[Tensor, Tensor]", _Integrate.apply(noise, own_anchors, anchors, own_index, flow)
    )
    return Path(end, neg_log_prob)


class _Integrate(torch.autograd.Function):
    """Keeps the drift of every evaluation and its place in rho; nothing of size (m, n)."""

    @staticmethod
    def forward(
        ctx: Any,
        noise: Tensor,
        own_anchors: Tensor,
        anchors: Tensor,
        own_index: Tensor,
        flow: Flow,
    ) -> tuple[Tensor, Tensor]:
        count, width = noise.shape
        steps = flow.solver.steps
        size = count if flow.backward else min(count, flow.block_rows)
        damped = damps(flow.solver, upward=flow.upward)
        kept = Kept(
            noise.new_empty(steps - flow.upward, size, width),
            noise.new_empty(steps, 3, size, 1),
            noise.new_empty(steps, size, 1),
            noise.new_empty(steps - flow.upward, 3, size, 1),
            noise.new_empty(steps, 3, size, 1) if damped else None,
            noise.new_empty(2, size, 1) if damped else None,
        )
        end = noise.clone()
        neg_log_prob = noise.new_empty(steps if flow.upward else 0, count)
        with torch.autocast(noise.device.type, enabled=False):
            present = weighting.without_absent(anchors, flow.log_weights)
            unit = _unit(present, own_anchors, flow.solver)
            centred = present / unit
            middle = weighting.mean(centred, flow.log_weights)
            centred -= middle
            own = (own_anchors / unit).sub_(middle)
            moments = _moments(centred, flow)
            half_sq_dists = []
            for rows in _slices(count, flow.block_rows):
                block = _block(centred, own, own_index, rows, flow)
                if flow.backward and rows.stop * centred.shape[0] <= _KEPT_DISTANCES:
                    half_sq_dists.append(block.half_sq_dist)
                place = rows if flow.backward else slice(rows.stop - rows.start)
                walk(block, flow.solver, end[rows], kept.of(place), moments, upward=flow.upward)
                if flow.upward:
                    neg_log_prob[:, rows] = kept.normalizer[:, 0, place, 0]
        ctx.flow = flow
        if flow.backward:
            ctx.save_for_backward(noise, own, centred, own_index, unit, *kept, *half_sq_dists)
        return end, neg_log_prob

    @staticmethod
    @once_differentiable
    def backward(
        ctx: Any, grad_end: Tensor, grad_neg_log_prob: Tensor
    ) -> tuple[Tensor | None, ...]:
        flow: Flow = ctx.flow
        noise, own, centred, own_index, unit, *saved = ctx.saved_tensors
        number = len(Kept._fields)
        kept, half_sq_dists = Kept(*saved[:number]), saved[number:]
        into = Gradients(
            grad_end.clone(),
            torch.zeros_like(own),
            torch.zeros_like(centred),
            centred.new_zeros(centred.shape[0]),
        )
        with torch.autocast(noise.device.type, enabled=False):
            moments = _moments(centred, flow)
            for i, rows in enumerate(_slices(noise.shape[0], flow.block_rows)):
                known = half_sq_dists[i] if i < len(half_sq_dists) else None
                walk_back(
                    _block(centred, own, own_index, rows, flow, known),
                    noise[rows],
                    kept.of(rows),
                    moments,
                    grad_neg_log_prob[:, rows] if flow.upward else None,
                    into=into._replace(noise=into.noise[rows], own_anchors=into.own_anchors[rows]),
                )
            into.anchors.addcmul_(into.weight[:, None], centred, value=-1)
        return into.noise, into.own_anchors.div_(unit), into.anchors.div_(unit), None, None


def _unit(anchors: Float[Tensor, "n q"], own: Float[Tensor, "m q"], solver: Solver) -> Tensor:
    """Return the power of two next below the largest number of the anchors.

    In units of it the walks in rho, which are free of scale, have the same digits, and no square of
    a distance leaves the range of the dtype. The published walks, which are not, keep the scale.
    """
    if isinstance(solver, Euler | DPMSolverPP):
        return anchors.new_ones(())
    largest = torch.maximum(anchors.abs().amax(), own.abs().amax())
    exponent = torch.where(largest > 0, torch.frexp(largest).exponent - 1, 0)
    return torch.ldexp(torch.ones_like(largest), exponent)


def _moments(anchors: Float[Tensor, "n q"], flow: Flow) -> Moments | None:
    """Return what the end of a damped walk needs of the anchors."""
    return moments_of(anchors, flow.log_weights) if damps(flow.solver, upward=flow.upward) else None


def _slices(count: int, size: int) -> list[slice]:
    return [slice(first, min(first + size, count)) for first in range(0, count, size)]


def _block(
    anchors: Float[Tensor, "n q"],
    own: Float[Tensor, "m q"],
    own_index: Int[Tensor, " m"],
    rows: slice,
    flow: Flow,
    half_sq_dist: Float[Tensor, "b n"] | None = None,
) -> Block:
    if half_sq_dist is None:
        half_sq_dist = half_sq_distances(own[rows], anchors)
        half_sq_dist.scatter_(1, own_index[rows, None], 0.0)
    index = own_index[rows]
    tiles = _tiles(anchors, index, half_sq_dist, flow)
    return Block(anchors, flow.log_weights, own[rows], index, half_sq_dist, tiles)


def _tiles(
    anchors: Float[Tensor, "n q"],
    own_index: Int[Tensor, " b"],
    half_sq_dist: Float[Tensor, "b n"],
    flow: Flow,
) -> tuple[Tile, ...]:
    tiles: list[Tile] = []
    count = anchors.shape[0]
    size = default_tile_anchors(count, flow.block_rows, anchors.device)
    for place in _slices(count, size):
        own_rows = torch.arange(len(own_index), device=own_index.device)
        if place.stop - place.start < count:
            own_rows = own_rows[(own_index >= place.start) & (own_index < place.stop)]
        tiles.append(
            Tile(
                place,
                anchors[place],
                None if flow.log_weights is None else flow.log_weights[place],
                half_sq_dist[:, place],
                own_rows,
                own_index[own_rows] - place.start,
            )
        )
    return tuple(tiles)
