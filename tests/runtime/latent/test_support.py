"""Latents of a trained model: the support and the sample itself bound a zone, and nothing else."""

import pytest
import torch
from torch import Tensor

from lzn_runtime.latent import (
    LocalizationAB2,
    LocalizationPEC,
    Solver,
    carry_to_anchors,
    compute_latents,
)


def draw(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float32) -> Tensor:
    rng = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=rng, dtype=torch.float64).to(dtype)


@pytest.mark.parametrize("solver", [LocalizationPEC(6), LocalizationAB2(6)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize(("k", "q"), [(1, 1), (7, 3), (50, 8), (129, 33), (300, 200)])
def test_a_latent_has_the_same_digits_in_any_batch(
    k: int, q: int, dtype: torch.dtype, solver: Solver
) -> None:
    support = draw(k, q, dtype=dtype)
    anchors, noise = draw(150, q, seed=1, dtype=dtype), draw(150, q, seed=2, dtype=dtype)
    together = compute_latents(anchors, noise, support=support, solver=solver)
    for row in (0, 1, 63, 64, 149):
        alone = compute_latents(
            anchors[row, None], noise[row, None], support=support, solver=solver
        )
        assert torch.equal(alone[0], together[row])
    some = torch.randperm(150, generator=torch.Generator().manual_seed(3))[:77]
    again = compute_latents(anchors[some], noise[some], support=support, solver=solver)
    assert torch.equal(again, together[some])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize(("n", "q"), [(1, 1), (10, 8), (10, 32), (37, 65)])
def test_an_assignment_has_the_same_digits_in_any_batch(n: int, q: int, dtype: torch.dtype) -> None:
    anchors, latents = draw(n, q, dtype=dtype), draw(130, q, seed=1, dtype=dtype)
    together = carry_to_anchors(latents, anchors)
    some = torch.randperm(130, generator=torch.Generator().manual_seed(3))[:71]
    again = carry_to_anchors(latents[some], anchors)
    assert torch.equal(again.points, together.points[some])
    assert torch.equal(again.log_probs, together.log_probs[:, some])
    assert torch.equal(again.index, together.index[some])


def test_a_sample_is_bounded_as_in_a_pool_of_the_support_and_itself() -> None:
    support, anchor, noise = (draw(n, 5, seed=n, dtype=torch.float64) for n in (20, 1, 2))
    got = compute_latents(anchor, noise[:1], support=support)
    pool = torch.cat([support, anchor])
    want = compute_latents(anchor, noise[:1], pool=pool, offset=20)
    torch.testing.assert_close(got, want, rtol=0, atol=1e-12)


def test_weights_of_the_support_stand_against_one_for_the_sample() -> None:
    support, anchor, noise = (draw(n, 5, seed=n, dtype=torch.float64) for n in (20, 1, 2))
    weights = torch.linspace(0, 3, 20, dtype=torch.float64)
    got = compute_latents(anchor, noise[:1], support=support, weights=weights)
    want = compute_latents(
        anchor,
        noise[:1],
        pool=torch.cat([support, anchor]),
        offset=20,
        weights=torch.cat([weights, torch.ones(1, dtype=torch.float64)]),
    )
    torch.testing.assert_close(got, want, rtol=0, atol=1e-12)


def test_a_sample_of_the_support_is_a_duplicate_and_finite() -> None:
    support, noise = draw(20, 5), draw(20, 5, seed=1)
    got = compute_latents(support, noise, support=support)
    want = compute_latents(support, noise)
    assert torch.isfinite(got).all()
    assert (got - want).square().mean().sqrt() < 0.2
