"""Adaptive Runge-Kutta method of order 5 by Dormand and Prince, with a step size for each row.

Time runs as s from 0 to 1 whatever the direction: t = start + (end - start) s. A step of size h
proposes y and an estimate of its error e, the difference from a method of order 4:

    size = root mean square over a row of  e / (atol + rtol max(|x|, |y|))
    accepted where size <= 1;   next h = h min(5, max(0.2, 0.9 size^(-1/5)))

Every decision is taken by each row for itself and on the device, so that a row's result does not
depend on the others. A row at its end idles, evaluated and not moved, until all have arrived: the
network sees batches of one size. (What is left of a dependence is that of the network itself: its
convolutions may round differently in batches of different sizes.)

Dimensions: b batch; `...` the shape of one sample. Source: Dormand and Prince 1980; first step and
controller as in Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, II.4.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Shaped
from torch import Tensor

from lzn_dsl.registry.builtin.samplers import Dopri5Settings
from lzn_dsl.registry.entry import Sizes
from lzn_dsl.registry.registry import Registry
from lzn_runtime.flow.sampler import Sampler, SamplerError, Velocity

# The nodes c, the rows a of the tableau (its last row is the solution of order 5), and the
# difference e between the weights of orders 5 and 4.
_NODES = (1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0, 1.0)
_ROWS = (
    (1 / 5,),
    (3 / 40, 9 / 40),
    (44 / 45, -56 / 15, 32 / 9),
    (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
    (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
)
_ERROR = (71 / 57600, 0.0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40)
_STAGES = 6  # evaluations of a step: the first of its seven slopes is the last of the step before
_SAFETY, _SHRINK, _GROW = 0.9, 0.2, 5.0
_SMALLEST_STEP = 1e-6


@dataclass(frozen=True)
class DormandPrince(Sampler):
    """Adaptive steps up to a wanted accuracy.

    Attributes:
        rtol: Error of a step relative to the numbers of a sample; above 0.
        atol: Error of a step that is allowed anyway; above 0.
        max_evaluations: Number of evaluations of the velocity after which it gives up.
    """

    rtol: float = 1e-3
    atol: float = 1e-3
    max_evaluations: int = 2_000

    def __post_init__(self) -> None:
        if not (self.rtol > 0 and self.atol > 0):
            raise ValueError(f"rtol and atol must be above 0, got {self.rtol} and {self.atol}")
        if self.max_evaluations < 2 + _STAGES:
            raise ValueError(
                f"max_evaluations must be {2 + _STAGES} or more, got {self.max_evaluations}"
            )

    @torch.no_grad()
    def integrate(
        self, velocity: Velocity, x: Float[Tensor, "b ..."], *, start: float, end: float
    ) -> Float[Tensor, "b ..."]:
        """Carry x from time `start` to time `end`; see `Sampler.integrate`. Keeps no gradient."""
        if x.shape[0] == 0:
            return x

        def slope(x: Tensor, s: Tensor) -> Tensor:  # dx/ds
            return (end - start) * velocity(x, start + (end - start) * s)

        s = x.new_zeros(x.shape[0])
        k = slope(x, s)
        step = self._first_step(slope, x, s, k)
        evaluations = 2
        while True:
            going = s < 1
            if not bool(going.any()):
                return x
            evaluations += _STAGES
            if evaluations > self.max_evaluations:
                raise self._too_many(going)
            # A step that would end just short of 1 goes all the way.
            step = torch.where(s + 1.01 * step >= 1, 1 - s, step)
            y, k_end, error = self._propose(slope, x, s, step, k)
            accepted = going & (error <= 1)
            _check(step, error, going & ~accepted)
            at_end = accepted & (step >= 1 - s)
            x, k = _where(accepted, y, x), _where(accepted, k_end, k)
            s = torch.where(at_end, 1.0, torch.where(accepted, s + step, s))
            factor = (_SAFETY * error.clamp_min(1e-10) ** -0.2).clamp(_SHRINK, _GROW)
            step = step * torch.where(accepted, factor, factor.clamp_max(1.0))

    def _propose(
        self, slope: Velocity, x: Tensor, s: Tensor, step: Float[Tensor, " b"], k: Tensor
    ) -> tuple[Tensor, Tensor, Float[Tensor, " b"]]:
        """Return the proposed point, its slope, and the size of its error (1: just allowed)."""
        slopes, y = [k], x
        h = _column(step, x)
        for node, row in zip(_NODES, _ROWS, strict=True):
            y = x + h * _weighted(row, slopes)
            slopes.append(slope(y, (s + node * step).clamp_max(1.0)))
        scale = self.atol + self.rtol * torch.maximum(x.abs(), y.abs())
        error = _rms(h * _weighted(_ERROR, slopes) / scale)
        return y, slopes[-1], error.nan_to_num(nan=torch.inf, posinf=torch.inf)

    def _first_step(self, slope: Velocity, x: Tensor, s: Tensor, k: Tensor) -> Float[Tensor, " b"]:
        """Return a step size whose Euler step is small beside x and beside the slope's change."""
        scale = self.atol + self.rtol * x.abs()
        size_x, size_k = _rms(x / scale), _rms(k / scale)
        flat = (size_x < 1e-5) | (size_k < 1e-5)
        trial = torch.where(flat, 1e-6, 0.01 * size_x / size_k).clamp(_SMALLEST_STEP, 1.0)
        h = _column(trial, x)
        change = _rms((slope(x + h * k, s + trial) - k) / scale) / trial
        largest = torch.maximum(size_k, change)
        guess = torch.where(
            largest <= 1e-15, (1e-3 * trial).clamp_min(1e-6), (0.01 / largest) ** 0.2
        )
        step = torch.minimum(100 * trial, guess).clamp(_SMALLEST_STEP, 1.0)
        return torch.where(torch.isfinite(step), step, 1e-3)

    def _too_many(self, going: Bool[Tensor, " b"]) -> SamplerError:
        return SamplerError(
            f"dopri5 gave up: {int(going.sum())} of {going.shape[0]} samples need more than "
            f"{self.max_evaluations} evaluations; raise rtol and atol (now {self.rtol:g} and "
            f"{self.atol:g}) or max_evaluations, or use euler"
        )


def _check(step: Tensor, error: Tensor, rejected: Bool[Tensor, " b"]) -> None:
    """Raise for rows that can make no step at all."""
    stuck = rejected & (step <= _SMALLEST_STEP)
    if not bool(stuck.any()):
        return
    if bool(torch.isfinite(error[stuck]).all()):
        raise SamplerError("dopri5 gave up: the wanted accuracy is beyond the number format's")
    raise SamplerError("the velocity is not finite: the network's weights are damaged")


def _weighted(weights: tuple[float, ...], slopes: list[Tensor]) -> Tensor:
    """Return the sum of slopes, each with its weight; weights of 0 are left out."""
    terms = [w * k for w, k in zip(weights, slopes, strict=True) if w]
    return sum(terms[1:], terms[0])


def _rms(x: Float[Tensor, "b ..."]) -> Float[Tensor, " b"]:
    """Return the root mean square of each row."""
    return x.flatten(1).square().mean(dim=1).sqrt()


def _column(row_values: Shaped[Tensor, " b"], like: Tensor) -> Shaped[Tensor, "b ..."]:
    return row_values.view(-1, *(1,) * (like.ndim - 1))


def _where(rows: Bool[Tensor, " b"], then: Tensor, otherwise: Tensor) -> Tensor:
    return torch.where(_column(rows, then), then, otherwise)


def build_dopri5(settings: Dopri5Settings, sizes: Sizes, registry: Registry) -> DormandPrince:
    """Build the sampler `dopri5`."""
    del sizes, registry
    return DormandPrince(settings.rtol, settings.atol, settings.max_evaluations)
