"""Finite results and gradients out of finite input, and dtypes."""

from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from lzn_runtime.latent import (
    DPMSolverPP,
    Euler,
    LocalizationAB2,
    LocalizationPEC,
    Solver,
    alignment_loss,
    carry_to_anchors,
    compute_latents,
)

IN_RHO = [LocalizationAB2(8), LocalizationPEC(8)]
PUBLISHED = [Euler(100), DPMSolverPP(20)]
few = settings(max_examples=20, deadline=None, derandomize=True)
SIZES = list(product([1, 2, 9], [1, 2, 512]))


def anchors_of(kind: str, count: int, dim: int) -> Tensor:
    plain = torch.randn(count, dim, generator=torch.Generator().manual_seed(0))
    if kind == "duplicates":
        return plain[torch.arange(count) // 2]
    if kind == "nearly one":
        return plain[:1] + 1e-6 * plain
    if kind == "far from zero":
        return plain + 1000
    return plain


def assert_finite(anchors: Tensor, solver: Solver, support: Tensor | None = None) -> None:
    anchors = anchors.clone().requires_grad_()
    count, dim = anchors.shape
    noise = torch.randn(count, dim, generator=torch.Generator().manual_seed(1)).to(anchors.dtype)
    noise.requires_grad_()
    latents = compute_latents(anchors, noise, support=support, solver=solver)
    partners = torch.arange(count).roll(1)
    loss = alignment_loss(latents, anchors, partners, solver=solver)
    torch.autograd.backward(latents.square().mean() + loss)
    carried = carry_to_anchors(latents, anchors, solver=solver)
    assert latents.dtype == anchors.dtype
    for tensor in (latents, loss, anchors.grad, noise.grad, carried.points, carried.log_probs):
        assert tensor is not None
        assert torch.isfinite(tensor).all()


@pytest.mark.parametrize("solver", IN_RHO, ids=lambda s: type(s).__name__)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1.0, 1e3, 1e6])
@pytest.mark.parametrize("kind", ["plain", "duplicates", "nearly one", "far from zero"])
def test_any_scale_is_finite(kind: str, scale: float, dtype: torch.dtype, solver: Solver) -> None:
    for count, dim in SIZES:
        anchors = (scale * anchors_of(kind, count, dim)).to(dtype)
        assert_finite(anchors, solver)


@pytest.mark.parametrize("solver", PUBLISHED, ids=lambda s: type(s).__name__)
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("kind", ["plain", "duplicates", "nearly one"])
def test_the_published_schemes_are_finite_at_any_scale(
    kind: str, scale: float, solver: Solver
) -> None:
    for count, dim in [*SIZES, (32, 16)]:
        assert_finite(scale * anchors_of(kind, count, dim), solver)


@pytest.mark.parametrize("solver", IN_RHO, ids=lambda s: type(s).__name__)
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("kind", ["plain", "duplicates", "nearly one"])
def test_a_support_is_finite(kind: str, scale: float, solver: Solver) -> None:
    for count, dim in SIZES:
        anchors = scale * anchors_of(kind, count, dim)
        assert_finite(anchors, solver, support=scale * anchors_of(kind, 5, dim))


def test_near_duplicates_are_told_apart_in_float32() -> None:
    """Pairs 1e-3 apart: |a|^2 + |b|^2 - 2 <a, b> in float32 would not see that they are two."""
    rng = torch.Generator().manual_seed(0)
    pairs = torch.randn(8, 4, generator=rng)
    anchors = torch.cat([pairs, pairs + 1e-3 * torch.randn(8, 4, generator=rng)])
    noise = torch.randn(16, 4, generator=rng)
    got = compute_latents(anchors, noise)
    want = compute_latents(anchors.double(), noise.double())
    torch.testing.assert_close(got.double(), want, rtol=0, atol=2e-3)


def test_bfloat16_is_integrated_in_float32() -> None:
    rng = torch.Generator().manual_seed(0)
    anchors = torch.randn(32, 16, generator=rng).bfloat16()
    noise = torch.randn(32, 16, generator=rng).bfloat16()
    got = compute_latents(anchors, noise)
    assert got.dtype == torch.bfloat16
    assert torch.equal(got, compute_latents(anchors.float(), noise.float()).bfloat16())
    loss = alignment_loss(got, anchors, torch.arange(32))
    assert loss.dtype == torch.float32


def test_mixed_dtypes_give_the_wider_one() -> None:
    rng = torch.Generator().manual_seed(0)
    anchors, noise = torch.randn(4, 3, generator=rng), torch.randn(4, 3, generator=rng)
    assert compute_latents(anchors.bfloat16(), noise).dtype == torch.float32
    assert compute_latents(anchors, noise.double()).dtype == torch.float64


@few
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(1, 12),
    q=st.sampled_from([1, 2, 33, 128, 512]),
    decades=st.integers(-6, 6),
)
def test_half_and_single_precision_agree_with_double(
    seed: int, n: int, q: int, decades: int
) -> None:
    rng = torch.Generator().manual_seed(seed)
    anchors, noise = (torch.randn(n, q, generator=rng).bfloat16() for _ in range(2))
    anchors = (10.0**decades * anchors.double()).bfloat16()
    want = compute_latents(anchors.double(), noise.double())
    single = compute_latents(anchors.float(), noise.float())
    torch.testing.assert_close(single.double(), want, rtol=0, atol=2e-2)
    assert torch.equal(compute_latents(anchors, noise), single.bfloat16())


@pytest.mark.parametrize("solver", IN_RHO, ids=lambda s: type(s).__name__)
@pytest.mark.parametrize("far", [1e4, 1e30, 3e38])
def test_an_anchor_of_weight_zero_far_away_takes_no_digits(solver: Solver, far: float) -> None:
    rng = torch.Generator().manual_seed(0)
    anchors, noise = (torch.randn(16, 4, generator=rng) for _ in range(2))
    want = compute_latents(anchors, noise, solver=solver)
    pool, weights = torch.cat([anchors, torch.full((1, 4), far)]).requires_grad_(), torch.ones(17)
    weights[-1] = 0
    got = compute_latents(anchors, noise, pool=pool, weights=weights, solver=solver)
    torch.testing.assert_close(got, want, rtol=0, atol=1e-5)
    (gradient,) = torch.autograd.grad(got.square().sum(), pool)
    assert torch.isfinite(gradient).all()
    assert (gradient[-1] == 0).all()
    carried = carry_to_anchors(noise, pool.detach(), weights=weights, solver=solver)
    alone = carry_to_anchors(noise, anchors, solver=solver)
    assert torch.equal(carried.index, alone.index)
    torch.testing.assert_close(carried.points, alone.points, rtol=0, atol=1e-5)


@pytest.mark.parametrize("solver", IN_RHO, ids=lambda s: type(s).__name__)
@pytest.mark.parametrize("power", [-120, -60, 60, 120])
def test_the_digits_are_the_same_at_any_scale_that_the_dtype_has(
    solver: Solver, power: int
) -> None:
    rng = torch.Generator().manual_seed(0)
    anchors, noise = (torch.randn(16, 4, generator=rng) for _ in range(2))
    scaled = (2.0**power * anchors).requires_grad_()
    found = compute_latents(scaled, noise, solver=solver)
    assert torch.equal(found, compute_latents(anchors, noise, solver=solver))
    (gradient,) = torch.autograd.grad(found.sum(), scaled)
    assert torch.isfinite(gradient).all()
    loss = alignment_loss(noise, scaled, torch.arange(16), solver=solver)
    assert torch.equal(loss, alignment_loss(noise, anchors, torch.arange(16), solver=solver))
