"""Solvers of the latent flow, as plain values that say how to walk between latent and anchor.

    t = 0: latent, t = 1: anchor      rho = t / (1 - t) in [0, inf)

`LocalizationPEC` and `LocalizationAB2` walk in rho on a grid that follows each point's own
surroundings. `Euler` and `DPMSolverPP` are the published schemes on uniform t; checkpoints trained
with them keep them. Source: arXiv:2509.15591, section 2.2.1 and appendix A; docs/latent.md.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class LocalizationPEC:
    """Adams' predictor and corrector in rho, in the coordinate of the point's own noise: order 2.

    Predict, evaluate once, correct: each evaluation mends the step that led to it.
    `steps` in [1, inf): evaluations of the flow. Free of scale: no gap and no step size to tune.
    """

    steps: int = 20

    def __post_init__(self) -> None:
        _check_steps(self.steps)


@dataclass(frozen=True)
class LocalizationAB2:
    """The predictor alone, second-order Adams-Bashforth.

    `steps` in [1, inf): evaluations of the flow.
    """

    steps: int = 20

    def __post_init__(self) -> None:
        _check_steps(self.steps)


@dataclass(frozen=True)
class Euler:
    """The published Euler scheme: uniform t, latents start at t = 1 - gap.

    `steps` in [1, inf): evaluations of the flow. `gap` in (0, 1) is the paper's small constant g;
    it applies from anchor to latent, while the walk back covers the whole of [0, 1].
    """

    steps: int
    gap: float = 1e-4

    def __post_init__(self) -> None:
        _check_steps(self.steps)
        _check_gap(self.gap, upper=1.0)


@dataclass(frozen=True)
class DPMSolverPP:
    """The published multistep DPM-Solver++: uniform t in [gap, 1 - gap], data prediction.

    `steps` in [1, inf): evaluations of the flow. `order` in {1, 2, 3}; fewer than ten steps lower
    it towards the end, as published. `gap` in (0, 1/2): the latent is the point at t = gap.
    """

    steps: int
    order: int = 3
    gap: float = 1e-3

    def __post_init__(self) -> None:
        _check_steps(self.steps)
        _check_gap(self.gap, upper=0.5)
        if self.order not in (1, 2, 3):
            raise ValueError(f"order must be 1, 2 or 3, got {self.order}")


Solver = LocalizationPEC | LocalizationAB2 | Euler | DPMSolverPP


def _check_steps(steps: int) -> None:
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}")


def _check_gap(gap: float, *, upper: float) -> None:
    if not 0 < gap < upper:
        raise ValueError(f"gap must be in (0, {upper:g}), got {gap}")
