"""Latent computation against the flow's definition, and against what is known in closed form."""

import pytest
import torch
from scipy import stats
from torch import Tensor

from helpers import latent_oracle
from lzn_runtime.latent import (
    Euler,
    LocalizationAB2,
    LocalizationPEC,
    Solver,
    compute_latents,
)


def draw(*shape: int, seed: int = 0) -> Tensor:
    rng = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=rng, dtype=torch.float64)


def clustered(count: int, dim: int, *, spread: float) -> Tensor:
    centres = 3 * draw(3, dim, seed=1)
    return centres[torch.arange(count) % 3] + spread * draw(count, dim, seed=2)


ANCHORS = {
    "close": 0.5 * draw(12, 3),
    "apart": draw(12, 3),
    "far apart": 4 * draw(12, 3),
    "in clusters": clustered(12, 3, spread=0.3),
}


@pytest.mark.parametrize(
    ("solver", "tolerance"), [(LocalizationAB2(200), 1e-3), (LocalizationPEC(200), 3e-4)]
)
@pytest.mark.parametrize("where", list(ANCHORS))
def test_latents_are_those_of_the_definition(where: str, solver: Solver, tolerance: float) -> None:
    anchors, noise = ANCHORS[where], draw(12, 3, seed=3)
    got = compute_latents(anchors, noise, solver=solver)
    want = latent_oracle.latents(anchors, noise, gap=2e-3, steps=1000)
    torch.testing.assert_close(got, want, rtol=0, atol=tolerance)


@pytest.mark.parametrize("where", list(ANCHORS))
def test_twenty_steps_are_closer_than_forty_of_the_published_scheme(where: str) -> None:
    anchors, noise = ANCHORS[where], draw(12, 3, seed=3)
    want = compute_latents(anchors, noise, solver=LocalizationPEC(400))
    ours = compute_latents(anchors, noise, solver=LocalizationAB2(20))
    published = compute_latents(anchors, noise, solver=Euler(40))
    assert (ours - want).square().mean() < (published - want).square().mean()


def test_a_pool_and_weights_bound_the_zones() -> None:
    pool, noise = draw(9, 2), draw(4, 2, seed=3)
    weights = torch.tensor([1.0, 0.5, 2.0, 1.0, 3.0, 1.0, 0.2, 1.0, 1.0], dtype=torch.float64)
    got = compute_latents(
        pool[3:7], noise, pool=pool, offset=3, weights=weights, solver=LocalizationPEC(200)
    )
    want = latent_oracle.latents(pool[3:7], noise, pool=pool, weights=weights, gap=2e-3, steps=1000)
    torch.testing.assert_close(got, want, rtol=0, atol=1e-4)


def test_rows_named_by_own_are_those_counted_by_offset() -> None:
    pool, noise = draw(9, 2), draw(4, 2, seed=3)
    rows = torch.tensor([3, 4, 5, 6])
    by_offset = compute_latents(pool[3:7], noise, pool=pool, offset=3)
    assert torch.equal(compute_latents(pool[rows], noise, pool=pool, own=rows), by_offset)


def test_two_anchors_on_a_line_share_it_at_the_middle() -> None:
    """Theorem 1 of the paper: the zones of two anchors are the two halves of the line."""
    noise = draw(2000, 1)
    anchors = torch.tensor([[-0.3], [0.9]], dtype=torch.float64)
    own = torch.arange(2000) % 2
    z = compute_latents(anchors[own], noise, pool=anchors, own=own, solver=LocalizationPEC(200))
    assert (z[own == 0] < 1e-5).all()
    assert (z[own == 1] > -1e-5).all()


def test_on_a_line_zones_are_quantiles_of_the_prior() -> None:
    """A flow on a line keeps the order of points: Phi(z) = weight to the left + w_k Phi(e)."""
    noise = draw(50, 1)
    anchors = torch.tensor([[-2.0], [-0.5], [0.1], [3.0]], dtype=torch.float64)
    weights = torch.tensor([0.1, 0.4, 0.2, 0.3], dtype=torch.float64)
    own = torch.arange(50) % 4
    z = compute_latents(
        anchors[own], noise, pool=anchors, own=own, weights=weights, solver=LocalizationPEC(400)
    )
    share = (weights.cumsum(0) - weights)[own] + weights[own] * torch.special.ndtr(noise[:, 0])
    torch.testing.assert_close(z[:, 0], torch.special.ndtri(share), rtol=0, atol=2e-4)


def test_two_anchors_move_noise_along_their_line_alone() -> None:
    anchors, noise = draw(2, 5), draw(2, 5, seed=3)
    z = compute_latents(anchors, noise, solver=LocalizationPEC(400))
    line = torch.nn.functional.normalize(anchors[1] - anchors[0], dim=0)
    along = noise @ line
    share = torch.tensor([0.0, 0.5]) + 0.5 * torch.special.ndtr(along)
    want = noise + (torch.special.ndtri(share) - along)[:, None] * line
    torch.testing.assert_close(z, want, rtol=0, atol=2e-5)


def test_latents_of_a_spread_batch_are_standard_normal() -> None:
    anchors, noise = 2 * draw(1500, 4).float(), draw(1500, 4, seed=3).float()
    z = compute_latents(anchors, noise).double()
    directions = torch.nn.functional.normalize(draw(4, 6, seed=4), dim=0)
    for column in (z @ directions).T:
        assert stats.kstest(column.numpy(), "norm").pvalue > 1e-3
    assert stats.kstest(z.square().sum(1).numpy(), stats.chi2(4).cdf).pvalue > 1e-3


def test_latents_come_back_to_their_anchors_under_a_fine_flow() -> None:
    anchors, noise = draw(64, 16), draw(64, 16, seed=3)
    z = compute_latents(anchors, noise)
    grid = torch.linspace(0, 0.995, 800, dtype=torch.float64).tolist()
    end = latent_oracle.euler(z, anchors, grid)[-1]
    assert torch.equal(torch.cdist(end, anchors).argmin(1), torch.arange(64))
