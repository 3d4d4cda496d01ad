"""Solvers: their orders, and what they accept."""

from collections.abc import Callable

import pytest
import torch

from lzn_runtime.latent import (
    DPMSolverPP,
    Euler,
    LocalizationAB2,
    LocalizationPEC,
    Solver,
    carry_to_anchors,
    compute_latents,
)


@pytest.mark.parametrize(
    ("make", "order"), [(LocalizationAB2, 2), (LocalizationPEC, 2), (Euler, 1)]
)
def test_errors_fall_with_the_order(make: Callable[[int], Solver], order: int) -> None:
    rng = torch.Generator().manual_seed(0)
    anchors, noise = (torch.randn(24, 6, generator=rng, dtype=torch.float64) for _ in range(2))
    want = compute_latents(anchors, noise, solver=LocalizationPEC(1600))
    errors = [
        float((compute_latents(anchors, noise, solver=make(n)) - want).square().mean().sqrt())
        for n in (100, 200)
    ]
    assert errors[1] < errors[0] * 0.5**order * 1.3


@pytest.mark.parametrize("order", [1, 2, 3])
def test_dpm_solver_goes_where_euler_goes(order: int) -> None:
    rng = torch.Generator().manual_seed(0)
    anchors, noise = (torch.randn(24, 6, generator=rng, dtype=torch.float64) for _ in range(2))
    want = compute_latents(anchors, noise, solver=LocalizationPEC(400))
    got = compute_latents(anchors, noise, solver=DPMSolverPP(400, order=order, gap=1e-5))
    assert (got - want).square().mean().sqrt() < 5e-2


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (lambda: LocalizationAB2(0), "steps must be at least 1, got 0"),
        (lambda: LocalizationPEC(-1), "steps must be at least 1, got -1"),
        (lambda: Euler(0), "steps must be at least 1, got 0"),
        (lambda: Euler(5, gap=0), r"gap must be in \(0, 1\), got 0"),
        (lambda: DPMSolverPP(5, gap=0.5), r"gap must be in \(0, 0.5\), got 0.5"),
        (lambda: DPMSolverPP(5, order=4), "order must be 1, 2 or 3, got 4"),
    ],
)
def test_what_makes_no_solver_is_refused(make: Callable[[], Solver], rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        make()


def test_solvers_are_values() -> None:
    assert LocalizationAB2() == LocalizationAB2(20)
    assert len({Euler(5), Euler(5), DPMSolverPP(5)}) == 2


@pytest.mark.parametrize("steps", [1, 2])
@pytest.mark.parametrize("make", [LocalizationPEC, LocalizationAB2])
@pytest.mark.parametrize("kind", ["spread", "two far clusters", "one far away"])
def test_one_evaluation_is_enough_for_a_walk(
    make: Callable[[int], Solver], steps: int, kind: str
) -> None:
    rng = torch.Generator().manual_seed(0)
    anchors, noise = (torch.randn(12, 4, generator=rng, dtype=torch.float64) for _ in range(2))
    anchors[: {"spread": 0, "two far clusters": 6, "one far away": 1}[kind]] += 10
    want = compute_latents(anchors, noise, solver=LocalizationPEC(400))
    got = compute_latents(anchors, noise, solver=make(steps))
    assert (got - want).square().mean() < (noise - want).square().mean()
    carried = carry_to_anchors(want, anchors, solver=make(steps))
    assert torch.isfinite(carried.points).all()


def test_the_corrector_is_closer_than_the_predictor_alone() -> None:
    rng = torch.Generator().manual_seed(0)
    centres = 2 * torch.randn(4, 16, generator=rng, dtype=torch.float64)[torch.arange(64) % 4]
    drawn, noise = (torch.randn(64, 16, generator=rng, dtype=torch.float64) for _ in range(2))
    for anchors in (drawn, centres + 0.3 * drawn):
        want = compute_latents(anchors, noise, solver=LocalizationPEC(400))
        errors = [
            (compute_latents(anchors, noise, solver=make(20)) - want).square().mean().sqrt()
            for make in (LocalizationPEC, LocalizationAB2)
        ]
        assert errors[0] < 0.3 * errors[1]


@pytest.mark.parametrize(("steps", "error"), [(10, 0.03), (15, 0.003), (20, 0.001), (28, 0.001)])
def test_no_noise_throws_a_point_over_its_border_in_10_to_28_steps(
    steps: int, error: float
) -> None:
    anchors = torch.tensor([[-1.0], [1.0]], dtype=torch.float64)
    noise = torch.linspace(-6, 6, 241, dtype=torch.float64)[:, None]
    own = torch.zeros(len(noise), dtype=torch.int64)
    latents = compute_latents(
        anchors[own], noise, pool=anchors, own=own, solver=LocalizationPEC(steps)
    )
    # A flow on a line keeps the order of points: Phi(z) = Phi(e) / 2.
    want = torch.special.ndtri(torch.special.ndtr(noise) / 2)
    assert (latents - want).abs().max() < error
    assert (latents < 0).all()


@pytest.mark.parametrize("width", [0.1, 0.3])
def test_latents_of_anchors_in_clusters_lie_in_their_own_zones(width: float) -> None:
    rng = torch.Generator().manual_seed(0)
    drawn = torch.randn(256, 32, generator=rng, dtype=torch.float64)
    centres = 2 * torch.randn(10, 32, generator=rng, dtype=torch.float64)
    anchors = centres[torch.arange(256) % 10] + width * drawn
    own = torch.arange(256).repeat(4)
    noise = torch.randn(len(own), 32, generator=rng, dtype=torch.float64)
    latents = compute_latents(anchors[own], noise, pool=anchors, own=own)
    found = carry_to_anchors(latents, anchors, solver=LocalizationPEC(80)).index
    assert (found == own).double().mean() >= 0.999
