"""Samplers against closed forms and SciPy; each row on its own."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from scipy.integrate import solve_ivp
from torch import Tensor

from lzn_dsl.registry.builtin import samplers
from lzn_dsl.registry.entry import Sizes
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component
from lzn_runtime.flow.dormand_prince import DormandPrince
from lzn_runtime.flow.euler import Euler
from lzn_runtime.flow.sampler import Sampler, SamplerError
from lzn_runtime.loading import build_component

REGISTRY = Registry(samplers.ENTRIES)
SIZES = Sizes(latent_dim=1, sample={})
FINE = DormandPrince(rtol=1e-7, atol=1e-7)


def start_points(n: int = 6, *shape: int, dtype: torch.dtype = torch.float64) -> Tensor:
    rng = torch.Generator().manual_seed(0)
    return torch.randn(n, *(shape or (5,)), generator=rng, dtype=dtype)


def decay(x: Tensor, t: Tensor) -> Tensor:
    return -2 * x


def wavy(x: Tensor, t: Tensor) -> Tensor:
    """Neither linear nor autonomous, with rows of quite different speed."""
    t = t.view(-1, *(1,) * (x.ndim - 1))
    return torch.sin(3 * x) * torch.cos(4 * t) - 2 * t * x * x.abs()


def spike(x: Tensor, t: Tensor) -> Tensor:
    """A velocity with a bump in time that the step size must notice."""
    return 5 * torch.exp(-(((t[:, None] - 0.5) / 0.15) ** 2)) * torch.ones_like(x)


class Counted:
    """A velocity that counts its evaluations and checks its times."""

    def __init__(self, velocity: Callable[[Tensor, Tensor], Tensor]) -> None:
        self.velocity, self.count = velocity, 0

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        assert t.shape == x.shape[:1]
        assert t.dtype == x.dtype
        assert 0 <= float(t.min()) <= float(t.max()) <= 1
        self.count += 1
        return self.velocity(x, t)


def test_dopri5_matches_a_closed_form_in_both_directions() -> None:
    x = start_points()
    end = FINE.integrate(decay, x, start=0.0, end=1.0)
    torch.testing.assert_close(end, x * math.exp(-2), rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(
        FINE.integrate(decay, end, start=1.0, end=0.0), x, rtol=1e-5, atol=1e-5
    )


@pytest.mark.parametrize("velocity", [wavy, spike])
@pytest.mark.parametrize("tolerance", [1e-4, 1e-6])
def test_dopri5_is_as_exact_and_as_cheap_as_scipy(
    velocity: Callable[[Tensor, Tensor], Tensor], tolerance: float
) -> None:
    x = start_points()
    counted = Counted(velocity)
    got = DormandPrince(tolerance, tolerance).integrate(counted, x, start=0.0, end=1.0)

    def one_row(t: float, row: np.ndarray) -> np.ndarray:
        at = torch.tensor([t], dtype=torch.float64)
        return velocity(torch.from_numpy(row)[None], at)[0].numpy()

    evaluations = 0
    for row, mine in zip(x.numpy(), got.numpy(), strict=True):
        exact = solve_ivp(one_row, (0, 1), row, method="DOP853", rtol=1e-11, atol=1e-11)
        theirs = solve_ivp(one_row, (0, 1), row, method="RK45", rtol=tolerance, atol=tolerance)
        evaluations = max(evaluations, theirs.nfev)
        error = np.abs(theirs.y[:, -1] - exact.y[:, -1]).max()
        assert np.abs(mine - exact.y[:, -1]).max() <= 5 * error + 10 * tolerance
    assert counted.count <= 1.3 * evaluations + 6


def test_dopri5_gains_accuracy_with_its_tolerance() -> None:
    x = start_points()
    exact = FINE.integrate(wavy, x, start=0.0, end=1.0)
    errors = [
        float((DormandPrince(tol, tol).integrate(wavy, x, start=0.0, end=1.0) - exact).abs().max())
        for tol in (1e-2, 1e-4, 1e-6)
    ]
    assert errors[0] > 5 * errors[1] > 25 * errors[2]


def test_euler_is_of_first_order() -> None:
    x = start_points()
    exact = FINE.integrate(wavy, x, start=0.0, end=1.0)
    coarse, fine = (
        float((Euler(n).integrate(wavy, x, start=0.0, end=1.0) - exact).abs().max())
        for n in (50, 100)
    )
    assert coarse / fine == pytest.approx(2, rel=0.1)


def test_euler_evaluates_once_a_step_on_equal_times() -> None:
    times: list[float] = []

    def velocity(x: Tensor, t: Tensor) -> Tensor:
        times.append(float(t[0]))
        return torch.ones_like(x)

    x = torch.zeros(2, 3)
    end = Euler(4).integrate(velocity, x, start=1.0, end=0.0)
    assert times == [1.0, 0.75, 0.5, 0.25]
    torch.testing.assert_close(end, -torch.ones(2, 3))


@pytest.mark.parametrize("sampler", [Euler(20), DormandPrince(1e-4, 1e-4)])
def test_a_row_is_the_same_alone_and_among_others(sampler: Sampler) -> None:
    x = start_points(7) * torch.tensor([0.01, 0.1, 0.5, 1, 2, 4, 8], dtype=torch.float64)[:, None]
    together = sampler.integrate(wavy, x, start=0.0, end=1.0)
    alone = [sampler.integrate(wavy, row[None], start=0.0, end=1.0) for row in x]
    # torch's own sine rounds differently in the last bit in its vector loop and after it.
    torch.testing.assert_close(together, torch.cat(alone), rtol=1e-9, atol=1e-11)


def test_easy_rows_wait_unchanged_for_hard_ones() -> None:
    def velocity(x: Tensor, t: Tensor) -> Tensor:
        return torch.tensor([0.0, 1.0, 60.0], dtype=x.dtype)[:, None] * torch.cos(60 * t)[:, None]

    x = start_points(3)
    got = DormandPrince(1e-5, 1e-5).integrate(velocity, x, start=0.0, end=1.0)
    assert torch.equal(got[0], x[0])
    torch.testing.assert_close(got[2], x[2] + math.sin(60), rtol=0, atol=1e-3)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_samplers_keep_the_type_and_shape(dtype: torch.dtype) -> None:
    x = start_points(2, 1, 4, 3, dtype=dtype)
    for sampler in (Euler(3), DormandPrince()):
        got = sampler.integrate(wavy, x, start=0.0, end=1.0)
        assert got.dtype == dtype
        assert got.shape == x.shape
        empty = sampler.integrate(wavy, x[:0], start=0.0, end=1.0)
        assert empty.shape == (0, 1, 4, 3)


@pytest.mark.parametrize("sampler", [Euler(3), DormandPrince()])
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_velocity_that_is_not_finite_is_an_error(sampler: Sampler, bad: float) -> None:
    def velocity(x: Tensor, t: Tensor) -> Tensor:
        return torch.where(torch.arange(len(x))[:, None] == 1, bad, x)

    with pytest.raises(SamplerError, match="velocity is not finite"):
        sampler.integrate(velocity, start_points(3), start=0.0, end=1.0)


def test_dopri5_gives_up_with_advice() -> None:
    def velocity(x: Tensor, t: Tensor) -> Tensor:
        return torch.where(torch.arange(len(x))[:, None] == 2, -1e5 * x, x)

    sampler = DormandPrince(1e-5, 1e-5, max_evaluations=100)
    with pytest.raises(SamplerError, match="1 of 3 samples need more than 100 evaluations"):
        sampler.integrate(velocity, start_points(3), start=0.0, end=1.0)


def test_bad_arguments_are_named() -> None:
    with pytest.raises(ValueError, match="num_steps must be 1 or more, got 0"):
        Euler(0)
    with pytest.raises(ValueError, match=r"above 0, got 0\.0 and 1\.0"):
        DormandPrince(rtol=0.0, atol=1.0)
    with pytest.raises(ValueError, match="8 or more, got 7"):
        DormandPrince(max_evaluations=7)


def test_samplers_are_built_from_their_components() -> None:
    euler = build_component(
        "sampler", Component(name="euler", settings={"steps": 7}), SIZES, REGISTRY
    )
    assert euler == Euler(7)
    dopri5 = build_component("sampler", Component(name="dopri5"), SIZES, REGISTRY)
    assert dopri5 == DormandPrince(1e-3, 1e-3, 2_000)
