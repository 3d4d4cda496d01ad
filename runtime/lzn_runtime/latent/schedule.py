"""Where a solver evaluates the flow, and with which coefficients: every scheme as one table.

Each scheme here is a linear multistep one in rho = t / (1 - t), for in the own-noise coordinate
Euler on uniform t is Euler in rho, and DPM-Solver++ is a polynomial in log rho through past values
of abar:

    e_{j+1} = e_j + sum_l beta_{j,l} f_{j-l},    sum_l beta_{j,l} = rho_{j+1} - rho_j

Dimensions: r evaluations, p order, b points (or 1 where all points share the grid).
Sources: docs/latent.md; DPM-Solver++, arXiv:2211.01095, algorithm 2 and appendix B.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from lzn_runtime.latent.solvers import DPMSolverPP, Euler, LocalizationAB2, Solver

# Beyond rho d = _REACH the nearest other anchor, d away, has no weight left: exp(-72 + 6 * 12 / 2).
_REACH = 12.0
# The grid is even below rho d = _BEND, with d the typical distance, and geometric above.
_BEND = 3.0
# Anchors closer than this share of the typical distance count as one.
_DUPLICATE = 1e-6


class Schedule(NamedTuple):
    """A walk from rho_0 to rho_r. `rho` and `beta` are constants of the gradient."""

    rho: Float[Tensor, "r b 1"]
    beta: Float[Tensor, "updates p b 1"]


class Surroundings(NamedTuple):
    """How far the other anchors are from a point's reference; infinite where there are none."""

    nearest: Float[Tensor, "b 1"]
    typical: Float[Tensor, "b 1"]


def surroundings(
    half_sq_dist: Float[Tensor, "b n"], log_weights: Float[Tensor, " n"] | None
) -> Surroundings:
    """Return the nearest distance that is no duplicate's, and the root mean square distance."""
    sq_dist = 2 * half_sq_dist
    count = sq_dist.shape[1]
    if log_weights is not None:
        present = log_weights > -torch.inf
        sq_dist = torch.where(present, sq_dist, 0.0)
        typical = (sq_dist.sum(-1, keepdim=True) / present.sum()).sqrt_()
    else:
        typical = (sq_dist.sum(-1, keepdim=True) / count).sqrt_()
    floor = (_DUPLICATE * typical).square_()
    apart = torch.where(sq_dist > floor, sq_dist, torch.inf)
    nearest = apart.amin(-1, keepdim=True).sqrt_()
    return Surroundings(nearest, torch.where(typical > 0, typical, torch.inf))


def down(solver: Solver, around: Surroundings) -> Schedule:
    """Return the walk from the anchor, where e is the drawn noise, to the latent."""
    like = around.typical
    if isinstance(solver, LocalizationAB2):
        grid = _rho_grid(solver.steps, around)
        return Schedule(grid[:-1], _adams_bashforth(grid))
    if isinstance(solver, Euler):
        t = _uniform(1 - solver.gap, 0.0, solver.steps, like)
        rho = t / (1 - t)
        return Schedule(rho[:-1], rho.diff(dim=0)[:, None])
    t = _uniform(1 - solver.gap, solver.gap, solver.steps, like)
    rho, beta = _dpm(t, solver)
    return Schedule(rho[:-1], beta)


def up(solver: Solver, around: Surroundings) -> Schedule:
    """Return the walk from the latent to the anchors, without an update to an infinite rho."""
    like = around.typical
    if isinstance(solver, LocalizationAB2):
        grid = _rho_grid(max(solver.steps - 1, 1), around).flip(0)[: solver.steps]
        return Schedule(grid, _adams_bashforth(grid))
    if isinstance(solver, Euler):
        t = _uniform(0.0, 1.0, solver.steps, like)[:-1]
        rho = t / (1 - t)
        return Schedule(rho, rho.diff(dim=0)[:, None])
    t = _uniform(solver.gap, 1 - solver.gap, solver.steps, like)
    rho, beta = _dpm(t, solver)
    return Schedule(rho[:-1], beta)


def latent_time(solver: Solver) -> float:
    """Return the t at which this solver has its latent: a latent there is s = t a_k + (1 - t) e."""
    return solver.gap if isinstance(solver, DPMSolverPP) else 0.0


def _rho_grid(steps: int, around: Surroundings) -> Float[Tensor, "steps_plus_1 b 1"]:
    """Return rho from beyond the last transition down to zero, following each point's scale."""
    typical = torch.where(around.typical.isinf(), 1.0, around.typical)
    nearest = torch.where(around.nearest.isinf(), typical, around.nearest)
    bend = _BEND / typical
    ratio = _quarter_octave(_REACH / nearest * typical / _BEND)
    x = torch.linspace(1.0, 0.0, steps + 1, dtype=torch.float64, device=typical.device)
    grid = torch.expm1(x[:, None, None] * torch.log1p(ratio.double())).to(typical.dtype)
    return _quarter_octave(bend) * grid


def _quarter_octave(value: Tensor) -> Tensor:
    """Round up to a power of 2^(1/4), so that the grid's derivative is zero: it is a constant."""
    return torch.exp2(torch.ceil(4 * torch.log2(value)) / 4)


def _uniform(first: float, last: float, steps: int, like: Tensor) -> Float[Tensor, "r 1 1"]:
    t = torch.linspace(first, last, steps + 1, dtype=torch.float64, device=like.device)
    return t[:, None, None]


def _adams_bashforth(rho: Float[Tensor, "r b 1"]) -> Float[Tensor, "r_less_1 2 b 1"]:
    """Coefficients of the variable-step order-2 scheme; f before the first point is zero."""
    step = rho.diff(dim=0)
    ratio = step[1:] / (2 * step[:-1])
    ratio = torch.cat([torch.zeros_like(step[:1]), ratio])
    return torch.stack([step * (1 + ratio), -step * ratio], dim=1)


def _dpm(
    t: Float[Tensor, "r 1 1"], solver: DPMSolverPP
) -> tuple[Float[Tensor, "r 1 1"], Float[Tensor, "r_less_1 p 1 1"]]:
    """Coefficients of multistep DPM-Solver++ in u = s / (1 - t): polynomials in log rho."""
    rho = t / (1 - t)
    log_rho = rho.log()
    steps = rho.shape[0] - 1
    beta = torch.zeros(steps, 3, 1, 1, dtype=rho.dtype, device=rho.device)
    for j in range(steps):
        order = min(solver.order, j + 1)
        if steps < 10:
            order = min(order, steps - j)
        h = log_rho[j + 1] - log_rho[j]
        phi_1 = torch.expm1(-h)
        beta[j, 0] = -rho[j + 1] * phi_1
        if order == 1:
            continue
        r_0 = (log_rho[j] - log_rho[j - 1]) / h
        if order == 2:
            slope = -0.5 * rho[j + 1] * phi_1 / r_0
            beta[j, 0] += slope
            beta[j, 1] -= slope
            continue
        r_1 = (log_rho[j - 1] - log_rho[j - 2]) / h
        phi_2 = phi_1 / h + 1
        phi_3 = phi_2 / h - 0.5
        # D1 = (1 + w) D10 - w D11 and D2 = (D10 - D11) / (r0 + r1), with w = r0 / (r0 + r1).
        w = r_0 / (r_0 + r_1)
        first = rho[j + 1] * (phi_2 * (1 + w) - phi_3 / (r_0 + r_1)) / r_0
        second = -rho[j + 1] * (phi_2 * w - phi_3 / (r_0 + r_1)) / r_1
        beta[j, 0] += first
        beta[j, 1] += second - first
        beta[j, 2] -= second
    return rho, beta
