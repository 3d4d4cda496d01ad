"""Properties that latents and assignments have for any anchors."""

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

SOLVERS = [LocalizationAB2(8), LocalizationPEC(8), Euler(8, gap=1e-2), DPMSolverPP(8)]
few = settings(max_examples=20, deadline=None, derandomize=True)
seeds, counts, dims = st.integers(0, 10_000), st.integers(1, 7), st.integers(1, 6)
solvers = st.sampled_from(SOLVERS)
walks_in_rho = st.sampled_from(SOLVERS[:2])


def draw(seed: int, *shapes: tuple[int, int]) -> list[Tensor]:
    rng = torch.Generator().manual_seed(seed)
    return [torch.randn(*shape, generator=rng, dtype=torch.float64) for shape in shapes]


@few
@given(seed=seeds, n=counts, q=dims, solver=walks_in_rho)
def test_latents_do_not_move_with_the_anchors(seed: int, n: int, q: int, solver: Solver) -> None:
    anchors, noise, shift = draw(seed, (n, q), (n, q), (1, q))
    here = compute_latents(anchors, noise, solver=solver)
    there = compute_latents(anchors + 10 * shift, noise, solver=solver)
    torch.testing.assert_close(there, here, rtol=0, atol=1e-10)


@few
@given(seed=seeds, n=counts, q=dims, solver=solvers)
def test_latents_turn_with_anchors_and_noise(seed: int, n: int, q: int, solver: Solver) -> None:
    anchors, noise, square = draw(seed, (n, q), (n, q), (q, q))
    turn = torch.linalg.qr(square).Q
    here = compute_latents(anchors, noise, solver=solver)
    there = compute_latents(anchors @ turn, noise @ turn, solver=solver)
    torch.testing.assert_close(there, here @ turn, rtol=0, atol=1e-9)


@few
@given(seed=seeds, n=counts, q=dims, solver=solvers)
def test_latents_keep_the_order_of_the_samples(seed: int, n: int, q: int, solver: Solver) -> None:
    anchors, noise = draw(seed, (n, q), (n, q))
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    here = compute_latents(anchors, noise, solver=solver)
    there = compute_latents(anchors[order], noise[order], solver=solver)
    torch.testing.assert_close(there, here[order], rtol=0, atol=1e-10)


@few
@given(seed=seeds, n=counts, q=dims, octaves=st.integers(-20, 20), solver=walks_in_rho)
def test_latents_do_not_depend_on_the_scale_of_anchors(
    seed: int, n: int, q: int, octaves: int, solver: Solver
) -> None:
    anchors, noise = draw(seed, (n, q), (n, q))
    here = compute_latents(anchors, noise, solver=solver)
    there = compute_latents(2.0**octaves * anchors, noise, solver=solver)
    torch.testing.assert_close(there, here, rtol=0, atol=1e-10)


@few
@given(seed=seeds, q=dims, solver=solvers, copies=counts)
def test_copies_of_one_anchor_leave_the_noise_as_it_is(
    seed: int, q: int, solver: Solver, copies: int
) -> None:
    anchor, noise = draw(seed, (1, q), (copies, q))
    anchors = anchor.expand(copies, q)
    gap = solver.gap if isinstance(solver, DPMSolverPP) else 0.0
    want = gap * anchors + (1 - gap) * noise
    got = compute_latents(anchors, noise, solver=solver)
    torch.testing.assert_close(got, want, rtol=0, atol=1e-12)


@few
@given(seed=seeds, n=counts, q=dims, solver=solvers)
def test_an_anchor_of_weight_zero_is_absent(seed: int, n: int, q: int, solver: Solver) -> None:
    anchors, noise, absent = draw(seed, (n, q), (n, q), (2, q))
    pool = torch.cat([absent[:1], anchors, absent[1:]])
    weights = torch.tensor([0.0, *[1.0] * n, 0.0], dtype=torch.float64)
    got = compute_latents(anchors, noise, pool=pool, offset=1, weights=weights, solver=solver)
    want = compute_latents(anchors, noise, solver=solver)
    torch.testing.assert_close(got, want, rtol=0, atol=1e-9)


@few
@given(seed=seeds, n=counts, q=dims, solver=solvers)
def test_a_duplicate_is_an_anchor_of_twice_the_weight(
    seed: int, n: int, q: int, solver: Solver
) -> None:
    anchors, noise = draw(seed, (n, q), (n, q))
    pool = torch.cat([anchors, anchors[-1:]])
    weights = torch.tensor([*[1.0] * (n - 1), 2.0], dtype=torch.float64)
    got = compute_latents(anchors, noise, pool=pool, solver=solver)
    want = compute_latents(anchors, noise, weights=weights, solver=solver)
    # The grid sees a duplicate as one more anchor, so the walks in rho agree to their own error.
    close = 0.1 if isinstance(solver, LocalizationAB2 | LocalizationPEC) else 1e-9
    torch.testing.assert_close(got, want, rtol=0, atol=close)


@few
@given(seed=seeds, n=counts, q=dims, solver=solvers)
def test_assignments_follow_the_order_of_anchors(seed: int, n: int, q: int, solver: Solver) -> None:
    anchors, latents = draw(seed, (n, q), (5, q))
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    here = carry_to_anchors(latents, anchors, solver=solver)
    there = carry_to_anchors(latents, anchors[order], solver=solver)
    torch.testing.assert_close(there.points, here.points, rtol=0, atol=1e-8)
    torch.testing.assert_close(order[there.index], here.index)


@few
@given(seed=seeds, n=counts, q=dims, solver=solvers, log=st.booleans())
def test_the_loss_is_in_its_range(seed: int, n: int, q: int, solver: Solver, log: bool) -> None:
    anchors, latents = draw(seed, (n, q), (5, q))
    pairing = torch.arange(5) % n
    loss = alignment_loss(latents, anchors, pairing, solver=solver, log=log)
    assert (0 <= loss < torch.inf) if log else (-1 <= loss <= 0)


@pytest.mark.parametrize("solver", SOLVERS, ids=lambda s: type(s).__name__)
def test_a_lone_sample_keeps_its_noise_to_the_last_digit(solver: Solver) -> None:
    anchor, noise = (tensor.float() for tensor in draw(0, (1, 6), (1, 6)))
    latent = compute_latents(anchor, noise, solver=solver)
    if isinstance(solver, DPMSolverPP):
        noise = solver.gap * anchor + (1 - solver.gap) * noise
    assert torch.equal(latent, noise)
