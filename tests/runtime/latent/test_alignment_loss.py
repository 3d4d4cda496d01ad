"""The alignment loss against its definition, and what its options mean."""

import math

import pytest
import torch
from torch import Tensor

from helpers import latent_oracle
from lzn_runtime.latent import (
    Euler,
    LocalizationAB2,
    LocalizationPEC,
    Solver,
    alignment_loss,
    compute_latents,
)


def draw(*shape: int, seed: int = 0) -> Tensor:
    rng = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=rng, dtype=torch.float64)


def partner_log_probs(latents: Tensor, anchors: Tensor, pairing: Tensor, weights: Tensor) -> Tensor:
    """log P_t of each partner at t = 0, 1/20, ... 19/20, by the definition, (20, m)."""
    grid = [k / 20 for k in range(20)]
    points = latent_oracle.euler(latents, anchors, grid, weights)
    rows = torch.arange(len(pairing))
    return torch.stack(
        [
            latent_oracle.log_posterior(s, anchors, t, weights)[rows, pairing]
            for s, t in zip(points, grid, strict=True)
        ]
    )


PAIRING = torch.tensor([0, 1, 2, 3, 4, 0, 1, 2])
WEIGHTS = torch.tensor([0.3, 0.3, 0.2, 0.1, 0.1], dtype=torch.float64)


@pytest.mark.parametrize(
    ("cutoff", "until", "first", "last"),
    [(0.2, 1.0, 4, 20), (0.0, 1.0, 0, 20), (0.2, 0.6, 4, 12), (0.29, 0.3, 5, 6), (0.99, 1, 19, 20)],
)
def test_the_best_step_of_the_window_counts(
    cutoff: float, until: float, first: int, last: int
) -> None:
    latents, anchors = draw(8, 3), draw(5, 3, seed=1)
    best = partner_log_probs(latents, anchors, PAIRING, WEIGHTS)[first:last].amax(0)
    for log, want in ((True, -best.mean()), (False, -best.exp().mean())):
        got = alignment_loss(
            latents,
            anchors,
            PAIRING,
            weights=WEIGHTS,
            solver=Euler(20),
            cutoff=cutoff,
            until=until,
            log=log,
        )
        torch.testing.assert_close(got, want, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    ("solver", "share"), [(LocalizationAB2(20), 0.95), (LocalizationPEC(20), 0.98)]
)
def test_latents_of_the_anchors_themselves_are_aligned(solver: Solver, share: float) -> None:
    anchors, noise = draw(40, 6), draw(40, 6, seed=1)
    latents = compute_latents(anchors, noise, solver=solver)
    assert alignment_loss(latents, anchors, torch.arange(40), solver=solver, log=False) < -share
    wrong = torch.arange(40).roll(1)
    assert alignment_loss(latents, anchors, wrong, solver=solver, log=False) > -0.3


def test_more_steps_settle_the_loss() -> None:
    latents, anchors = draw(30, 4), draw(6, 4, seed=1)
    losses = [
        alignment_loss(latents, anchors, torch.arange(30) % 6, solver=solver, log=False)
        for solver in (LocalizationAB2(20), LocalizationPEC(20), LocalizationPEC(400))
    ]
    assert abs(losses[0] - losses[2]) < 2e-2
    assert abs(losses[1] - losses[2]) < 2e-2


def test_following_the_gradient_aligns_two_modalities() -> None:
    anchors, classes = draw(30, 4).requires_grad_(), draw(3, 4, seed=1).requires_grad_()
    labels, noise = torch.arange(30) % 3, 0.3 * draw(30, 4, seed=2)
    optimizer = torch.optim.Adam([anchors, classes], lr=0.05)

    def loss() -> Tensor:
        latents = compute_latents(anchors, noise, solver=LocalizationAB2(8))
        return alignment_loss(latents, classes, labels, solver=LocalizationAB2(8))

    before = float(loss().detach())
    for _ in range(80):
        optimizer.zero_grad()
        torch.autograd.backward(loss())
        optimizer.step()
    assert float(loss().detach()) < 0.5 * before


def test_one_anchor_costs_nothing() -> None:
    latents = draw(4, 3).requires_grad_()
    loss = alignment_loss(latents, draw(1, 3), torch.zeros(4, dtype=torch.int64))
    torch.autograd.backward(loss)
    assert float(loss.detach()) == 0
    assert latents.grad is not None
    assert (latents.grad == 0).all()


def test_duplicates_share_their_zone() -> None:
    anchors = draw(1, 3).expand(4, 3)
    loss = alignment_loss(draw(4, 3, seed=1), anchors, torch.arange(4))
    assert float(loss) == pytest.approx(math.log(4))


def test_a_probability_near_one_keeps_its_digits() -> None:
    """1 - P far below the rounding of P: the loss is that small, not zero."""
    anchors = torch.tensor([[0.0], [1.0]])
    latents = torch.tensor([[-4.0]])
    loss = alignment_loss(latents, anchors, torch.tensor([0]), solver=Euler(20))
    want = alignment_loss(latents.double(), anchors.double(), torch.tensor([0]), solver=Euler(20))
    assert 0 < float(want) < 1e-9
    assert float(loss) == pytest.approx(float(want), rel=1e-3)


@pytest.mark.parametrize(("cutoff", "until"), [(-0.1, 1.0), (0.5, 0.5), (0.2, 1.1)])
def test_a_window_that_is_none_is_refused(cutoff: float, until: float) -> None:
    rule = f"0 <= cutoff < until <= 1 must hold, got {cutoff} and {until}"
    with pytest.raises(ValueError, match=rule):
        alignment_loss(draw(2, 3), draw(2, 3), torch.arange(2), cutoff=cutoff, until=until)
