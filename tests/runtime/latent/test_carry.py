"""Carrying latents to anchors: assignments, weights, and the way there and back."""

import torch
from torch import Tensor

from helpers import latent_oracle
from lzn_runtime.latent import (
    Euler,
    LocalizationAB2,
    carry_to_anchors,
    compute_latents,
    nearest_anchor,
)


def draw(*shape: int, seed: int = 0) -> Tensor:
    rng = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=rng, dtype=torch.float64)


def test_the_walk_is_that_of_the_definition() -> None:
    latents, anchors = draw(20, 3), draw(6, 3, seed=1)
    weights = torch.tensor([0.3, 0.1, 0.1, 0.2, 0.2, 0.1], dtype=torch.float64)
    got = carry_to_anchors(latents, anchors, weights=weights, solver=Euler(50))
    grid = [k / 50 for k in range(51)]
    points = latent_oracle.euler(latents, anchors, grid, weights)
    probs = [
        latent_oracle.posterior(s, anchors, t, weights)
        for s, t in zip(points[:-1], grid[:-1], strict=True)
    ]
    torch.testing.assert_close(got.points, points[-1], rtol=0, atol=1e-10)
    torch.testing.assert_close(got.log_probs.exp(), torch.stack(probs), rtol=0, atol=1e-10)


def test_latents_return_to_the_anchors_they_came_from() -> None:
    anchors, noise = draw(10, 8), draw(10, 8, seed=1)
    got = carry_to_anchors(compute_latents(anchors, noise), anchors)
    assert torch.equal(got.index, torch.arange(10))
    torch.testing.assert_close(got.points, anchors, rtol=0, atol=1e-3)
    assert (got.log_probs[-1].argmax(-1) == torch.arange(10)).all()


def test_shares_of_the_prior_are_the_weights() -> None:
    anchors, weights = draw(4, 2), torch.tensor([0.1, 0.2, 0.3, 0.4], dtype=torch.float64)
    got = carry_to_anchors(draw(4000, 2, seed=1), anchors, weights=weights)
    shares = torch.bincount(got.index, minlength=4) / 4000
    torch.testing.assert_close(shares, weights.float(), rtol=0, atol=0.03)


def test_log_probs_are_those_of_a_distribution_at_each_of_the_steps() -> None:
    got = carry_to_anchors(draw(5, 3), draw(7, 3, seed=1), solver=LocalizationAB2(9))
    assert got.log_probs.shape == (9, 5, 7)
    torch.testing.assert_close(got.log_probs.exp().sum(-1), torch.ones(9, 5).double())


def test_no_point_goes_to_an_absent_anchor() -> None:
    anchors = draw(5, 3)
    weights = torch.tensor([0.0, 1.0, 0.0, 1.0, 1.0])
    got = carry_to_anchors(anchors, anchors, weights=weights)
    assert torch.isneginf(got.log_probs[..., [0, 2]]).all()
    assert set(got.index.tolist()) <= {1, 3, 4}
    assert nearest_anchor(anchors, anchors, weights=weights)[0] in (1, 3, 4)
    alone = carry_to_anchors(anchors, anchors[[1, 3, 4]])
    torch.testing.assert_close(got.points, alone.points, rtol=0, atol=1e-9)


def test_float32_decides_as_float64_does_between_crowded_anchors() -> None:
    anchors = 100 + 1e-3 * draw(8, 4)
    latents = draw(200, 4, seed=1)
    got = carry_to_anchors(latents.float(), anchors.float())
    want = carry_to_anchors(latents.float().double(), anchors.float().double())
    assert got.points.dtype == torch.float32
    assert torch.equal(got.index, want.index)


def test_the_first_of_equal_anchors_is_the_nearest() -> None:
    anchors = draw(1, 3).expand(3, 3)
    assert torch.equal(nearest_anchor(draw(4, 3, seed=1), anchors), torch.zeros(4).long())
