"""Latent decoding: carry latents up the flow of a set of anchors and see where they arrive.

    du/d rho = abar = softmax_i( log w_i + rho <u, a_i> - rho^2 |a_i|^2 / 2 ) @ A,     u(0) = z

The walk is done in float64, for its logits grow with rho^2 and rounding with them.
t = 0: latent, t = 1: anchor; s = u / (1 + rho).

Dimensions: m points, n anchors, q latent size, r evaluations.
Source: arXiv:2509.15591, section 2.2.1; docs/latent.md, equation (Z).
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lzn_runtime.latent import checks, schedule, tiles, weighting
from lzn_runtime.latent.distances import half_sq_distances
from lzn_runtime.latent.grid import Surroundings
from lzn_runtime.latent.schedule import latent_time
from lzn_runtime.latent.solvers import DPMSolverPP, LocalizationAB2, LocalizationPEC, Solver

_DEFAULT = LocalizationPEC()
# Anchors whose surroundings decide the grid that all points share.
_SAMPLE = 256


@dataclass(frozen=True)
class Assignment:
    """Where latents arrive."""

    points: Float[Tensor, "m q"]  # at the end of the walk
    log_probs: Float[Tensor, "r m n"]  # log P_t of every anchor at each evaluation
    index: Int[Tensor, " m"]  # the anchor nearest to the point, of those of weight above zero


def carry_to_anchors(
    latents: Float[Tensor, "m q"],
    anchors: Float[Tensor, "n q"],
    *,
    weights: Float[Tensor, " n"] | None = None,
    solver: Solver = _DEFAULT,
) -> Assignment:
    """Carry latents from t = 0 to the anchors.

    `weights` are those of the anchors (at least 0, not all 0). An anchor of weight 0 is absent: its
    log-probability is -inf and no point is assigned to it. Gradients flow from `points` and
    `log_probs` to latents and anchors; all of `log_probs` is kept for it. `ValueError` for inputs
    that break these rules or are not finite.
    """
    _check("latents", latents, anchors, weights)
    result = torch.promote_types(latents.dtype, anchors.dtype)
    with torch.autocast(anchors.device.type, enabled=False):
        points, log_probs = _carry(latents.double(), anchors.double(), weights, solver)
    index = _nearest(points, anchors, weights)
    return Assignment(points.to(result), log_probs.to(result), index)


def nearest_anchor(
    points: Float[Tensor, "m q"],
    anchors: Float[Tensor, "n q"],
    *,
    weights: Float[Tensor, " n"] | None = None,
) -> Int[Tensor, " m"]:
    """Return the row of the anchor nearest to each point; the first of equals.

    Anchors of weight 0 are passed over. `ValueError` for shapes that do not match and for values
    that are not finite.
    """
    _check("points", points, anchors, weights)
    return _nearest(points, anchors, weights)


def _check(name: str, points: Tensor, anchors: Tensor, weights: Tensor | None) -> None:
    checks.points(name, points)
    checks.points("anchors", anchors, like=(name, points))
    rules = [checks.finite(name, points), checks.finite("anchors", anchors)]
    if weights is not None:
        checks.vector("weights", weights, anchors.shape[0], of="anchors")
        rules += checks.weights_rules(weights)
    checks.require(*rules)


def _nearest(
    points: Float[Tensor, "m q"], anchors: Float[Tensor, "n q"], weights: Tensor | None
) -> Int[Tensor, " m"]:
    sq_dist = half_sq_distances(points.detach().double(), anchors.detach().double())
    if weights is not None:
        sq_dist.masked_fill_(weights <= 0, torch.inf)
    return sq_dist.argmin(-1)


def _carry(
    latents: Float[Tensor, "m q"],
    anchors: Float[Tensor, "n q"],
    weights: Float[Tensor, " n"] | None,
    solver: Solver,
) -> tuple[Float[Tensor, "m q"], Float[Tensor, "r m n"]]:
    """Carry latents in blocks of one shape, so that a point's digits do not depend on the batch."""
    log_weights = None if weights is None else weights.detach().double().log()
    anchors = weighting.without_absent(anchors, log_weights)
    origin = weighting.mean(anchors.detach(), log_weights)
    centred = anchors - origin
    plan = _plan(centred.detach(), log_weights, solver)
    t = latent_time(solver)
    start = tiles.pad_points((latents - t * origin) / (1 - t))  # u, as seen from the origin
    columns, log_weights = tiles.pad_anchors(centred, log_weights)
    blocks = [_climb(rows, columns, log_weights, plan) for rows in torch.split(start, tiles.ROWS)]
    (count, width), size = latents.shape, anchors.shape[0]
    log_probs = torch.cat([block.log_probs for block in blocks], dim=1)[:, :count, :size]
    if isinstance(solver, DPMSolverPP):  # it ends at t = 1 - gap, the others where s is abar
        ends = [t * block.u for block in blocks]
        origin = (1 - t) * origin
    else:
        ends = [block.last_mean for block in blocks]
    return torch.cat(ends)[:count, :width] + origin, log_probs


class _Climb(NamedTuple):
    u: Float[Tensor, "b q"]
    last_mean: Float[Tensor, "b q"]
    log_probs: Float[Tensor, "r b n"]


def _climb(
    u: Float[Tensor, "b q"],
    anchors: Float[Tensor, "n q"],
    log_weights: Float[Tensor, " n"] | None,
    plan: schedule.Schedule,
) -> _Climb:
    """Walk one block up; `log_probs` and the last abar are those of the evaluations."""
    half_norm = anchors.square().sum(-1) / 2  # (n,)
    log_probs: list[Tensor] = []
    means: list[Tensor] = []
    for j, rho in enumerate(plan.rho):
        logits = rho * (u @ anchors.T) - rho * rho * half_norm  # (b, q) @ (q, n) -> (b, n)
        if log_weights is not None:
            logits = logits + log_weights
        log_probs.append(torch.log_softmax(logits, dim=-1))
        means.insert(0, log_probs[-1].exp() @ anchors)  # (b, n) @ (n, q) -> (b, q)
        if j < plan.beta.shape[0]:
            u = u + sum(beta * mean for beta, mean in zip(plan.beta[j], means, strict=False))
    return _Climb(u, means[0], torch.stack(log_probs))


def _plan(
    anchors: Float[Tensor, "n q"], log_weights: Float[Tensor, " n"] | None, solver: Solver
) -> schedule.Schedule:
    """One schedule for all points: steps where the zones of a sample of the anchors change."""
    present = anchors if log_weights is None else anchors[log_weights > -torch.inf]
    sample = present[:: -(-present.shape[0] // _SAMPLE)]
    half = half_sq_distances(sample, present)
    around = Surroundings(half, lead=None, log_ratio=None, scratch=torch.empty_like(half))
    if not isinstance(solver, LocalizationPEC | LocalizationAB2):
        return schedule.up(solver, around)
    return schedule.climb(solver, around, shared=True)
