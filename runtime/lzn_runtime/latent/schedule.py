"""Where a solver evaluates the flow, and with which coefficients: every scheme as one table.

Each scheme here is a linear multistep one in rho = t / (1 - t), for in the own-noise coordinate
Euler on uniform t is Euler in rho, and DPM-Solver++ is a polynomial in log rho through past values
of abar:

    e_{j+1} = e_j + sum_l beta_{j,l} f_{j-l}

One of them, Adams' with a damped corrector, finds its coefficients on the way, and sums what it
keeps of past f in their place.

Dimensions: r evaluations, p order, b points (or 1 where all points share the grid).
Sources: docs/latent.md; DPM-Solver++, arXiv:2211.01095, algorithm 2 and appendix B.
"""

import math
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from lzn_runtime.latent.adams import Adams, predictor, predictor_corrector, to_the_end
from lzn_runtime.latent.grid import Spacing, Surroundings, look, place
from lzn_runtime.latent.solvers import DPMSolverPP, Euler, LocalizationAB2, LocalizationPEC, Solver

# On the way up the walk ends where the centre of a zone has all but exp(-32) of the probability.
_QUIET_UP = 32.0
# How looks and steps are spread where the flow does not tell.
_SPACING = Spacing(bend=2.0, floor=0.3)
# A walk that knows the flow and its slope at its end needs fewer steps there.
_SPACING_TO_THE_END = Spacing(bend=4.0, floor=0.15)


class Schedule(NamedTuple):
    """A walk through rho_0 ... rho_{r-1}; constants of the gradient, in float64."""

    rho: Float[Tensor, "r b 1"]
    beta: Float[Tensor, "updates p b 1"]  # r updates, or r - 1 where rho_r would be infinite
    at_zero: Float[Tensor, "2 b 1"] | None = None  # coefficients of f and its slope at rho = 0
    damped: Adams | None = None  # where given, beta is made of it as stiffness is met


def down(solver: Solver, around: Surroundings) -> Schedule:
    """Return the walk from the anchor, where e is the drawn noise, to the latent."""
    device = around.half_sq_dist.device
    if isinstance(solver, Euler):
        t = _uniform(1 - solver.gap, 0.0, solver.steps, device)
        rho = t / (1 - t)
        return Schedule(rho[:-1], rho.diff(dim=0)[:, None])
    if isinstance(solver, DPMSolverPP):
        return _dpm(_uniform(1 - solver.gap, solver.gap, solver.steps, device), solver)
    # What is left of the flow above the grid falls with the solver's own error, as 1 / r^3.
    quiet = max(5.0, 3 * math.log(solver.steps))
    # f is zero at the top of the grid and above it, so that node costs no evaluation.
    if isinstance(solver, LocalizationAB2):
        grid = place(look(around, _SPACING, quiet=quiet), solver.steps + 1)
        return Schedule(grid[1:-1], predictor(grid).since(1).undamped())
    looks = look(around, _SPACING_TO_THE_END, quiet=quiet)
    grid = place(looks, solver.steps + 1)
    method, at_zero = to_the_end(predictor_corrector(grid).since(1), grid, within=looks.bend)
    return Schedule(grid[1:-1], method.undamped(), at_zero, method)


def up(solver: Solver, around: Surroundings) -> Schedule:
    """Return the walk from the latent to the anchors, without an update to an infinite rho."""
    if isinstance(solver, LocalizationPEC | LocalizationAB2):
        return climb(solver, around)
    device = around.half_sq_dist.device
    if isinstance(solver, Euler):
        t = _uniform(0.0, 1.0, solver.steps, device)[:-1]
        rho = t / (1 - t)
        return Schedule(rho, rho.diff(dim=0)[:, None])
    return _dpm(_uniform(solver.gap, 1 - solver.gap, solver.steps, device), solver)


def climb(
    solver: LocalizationPEC | LocalizationAB2, around: Surroundings, *, shared: bool = False
) -> Schedule:
    """Return the walk up from rho = 0; with `shared`, one grid that serves all points."""
    looks = look(around, _SPACING, quiet=_QUIET_UP, shared=shared)
    grid = place(looks, max(solver.steps - 1, 1)).flip(0)[: solver.steps]
    make = predictor_corrector if isinstance(solver, LocalizationPEC) else predictor
    return Schedule(grid, make(grid).undamped())


def damps(solver: Solver, *, upward: bool) -> bool:
    """Return whether the walk needs to know how stiff the flow is."""
    return isinstance(solver, LocalizationPEC) and not upward


def latent_time(solver: Solver) -> float:
    """Return the t at which this solver has its latent: a latent there is s = t a_k + (1 - t) e."""
    return solver.gap if isinstance(solver, DPMSolverPP) else 0.0


def _uniform(first: float, last: float, steps: int, device: torch.device) -> Tensor:
    t = torch.linspace(first, last, steps + 1, dtype=torch.float64, device=device)
    return t[:, None, None]


def _dpm(t: Float[Tensor, "r_plus_1 1 1"], solver: DPMSolverPP) -> Schedule:
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
    return Schedule(rho[:-1], beta)
