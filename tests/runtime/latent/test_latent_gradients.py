"""Gradients: against differences in float64, whatever the blocks, and without kept strips."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.autograd import gradcheck

from helpers import latent_oracle
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
from lzn_runtime.latent import integrate as integrate_module
from lzn_runtime.latent.integrate import Flow, integrate

SOLVERS = [
    LocalizationAB2(4),
    *(LocalizationPEC(steps) for steps in (1, 2, 4)),
    Euler(4, gap=0.1),
    DPMSolverPP(4, gap=0.1),
]
each_solver = pytest.mark.parametrize("solver", SOLVERS, ids=repr)
PAIRING = torch.tensor([0, 2, 1, 1])
WEIGHTS = torch.tensor([0.1, 0.2, 0.4, 0.3], dtype=torch.float64)


def leaves(*shapes: tuple[int, int], dtype: torch.dtype = torch.float64) -> list[Tensor]:
    rng = torch.Generator().manual_seed(0)
    drawn = [torch.randn(*shape, generator=rng, dtype=torch.float64) for shape in shapes]
    return [tensor.to(dtype).requires_grad_() for tensor in drawn]


@each_solver
def test_latents_of_a_batch(solver: Solver) -> None:
    anchors, noise = leaves((4, 2), (4, 2))
    assert gradcheck(lambda a, e: compute_latents(a, e, solver=solver), (anchors, noise))


@each_solver
def test_latents_with_weights_of_which_one_is_zero(solver: Solver) -> None:
    anchors, noise, pool = leaves((2, 2), (2, 2), (4, 2))
    weights = torch.tensor([0.0, 1.0, 2.0, 1.0], dtype=torch.float64)

    def latents(a: Tensor, e: Tensor, p: Tensor) -> Tensor:
        return compute_latents(a, e, pool=p, offset=1, weights=weights, solver=solver)

    assert gradcheck(latents, (anchors, noise, pool))


@each_solver
def test_latents_against_a_support(solver: Solver) -> None:
    anchors, noise, support = leaves((2, 2), (2, 2), (3, 2))

    def latents(a: Tensor, e: Tensor, s: Tensor) -> Tensor:
        return compute_latents(a, e, support=s, solver=solver)

    assert gradcheck(latents, (anchors, noise, support))


@each_solver
@pytest.mark.parametrize("log", [True, False])
def test_the_alignment_loss(solver: Solver, log: bool) -> None:
    latents, anchors = leaves((4, 2), (4, 2))

    def loss(z: Tensor, a: Tensor) -> Tensor:
        return alignment_loss(z, a, PAIRING, weights=WEIGHTS, solver=solver, log=log)

    assert gradcheck(loss, (latents, anchors))


@each_solver
def test_points_and_probabilities_of_an_assignment(solver: Solver) -> None:
    latents, anchors = leaves((3, 2), (4, 2))

    def carried(z: Tensor, a: Tensor) -> tuple[Tensor, Tensor]:
        got = carry_to_anchors(z, a, weights=WEIGHTS, solver=solver)
        return got.points, got.log_probs

    assert gradcheck(carried, (latents, anchors))


def test_an_absent_anchor_has_no_gradient_and_spoils_none() -> None:
    latents, anchors = leaves((3, 2), (4, 2))
    weights = torch.tensor([0.5, 0.0, 0.25, 0.25])
    got = carry_to_anchors(latents, anchors, weights=weights)
    assert torch.isneginf(got.log_probs[..., 1]).all()
    torch.autograd.backward(got.points.sum() + got.log_probs[..., [0, 2, 3]].sum())
    loss = alignment_loss(latents, anchors, torch.tensor([0, 2, 3]), weights=weights)
    torch.autograd.backward(loss)
    assert torch.isfinite(grad(latents)).all()
    assert torch.isfinite(grad(anchors)).all()
    assert (grad(anchors)[1] == 0).all()


def test_the_gradient_is_that_of_the_flow_itself() -> None:
    anchors, noise, cotangent = leaves((6, 3), (6, 3), (6, 3))
    by_definition = latent_oracle.latents(anchors, noise, gap=5e-3, steps=300)
    torch.autograd.backward(by_definition, cotangent)
    want = [grad(anchors).clone(), grad(noise).clone()]
    anchors.grad = noise.grad = None
    latents = compute_latents(anchors, noise, solver=LocalizationPEC(100))
    torch.autograd.backward(latents, cotangent)
    for got, wanted in zip([grad(anchors), grad(noise)], want, strict=True):
        torch.testing.assert_close(got, wanted, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("solver", [LocalizationAB2(6), LocalizationPEC(6)])
@pytest.mark.parametrize("upward", [False, True])
@pytest.mark.parametrize("tile_anchors", [1, 5, 16, 23])
@pytest.mark.parametrize("block_rows", [1, 7, 16])
def test_blocks_and_tiles_change_nothing(
    block_rows: int,
    tile_anchors: int,
    upward: bool,
    solver: Solver,
    weighted: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log_weights = torch.linspace(-1, 1, 23, dtype=torch.float64)
    log_weights[8:17] = -torch.inf  # whole tiles of weight zero
    own = torch.arange(23) if not weighted else torch.arange(23) % 8

    def results(rows: int, tile: int) -> list[Tensor]:
        monkeypatch.setattr(integrate_module, "default_tile_anchors", lambda *_: tile)
        noise, anchors, cotangent = leaves((23, 4), (23, 4), (23, 4))
        flow = Flow(
            solver,
            upward=upward,
            log_weights=log_weights if weighted else None,
            block_rows=rows,
        )
        path = integrate(noise, anchors[own], anchors, own, flow)
        torch.autograd.backward((path.end * cotangent).sum() + path.neg_log_prob.sum())
        return [path.end.detach(), path.neg_log_prob.detach(), grad(noise), grad(anchors)]

    for got, want in zip(results(block_rows, tile_anchors), results(23, 23), strict=True):
        assert got.numel() == 0 or (got - want).abs().max() <= 1e-12 * want.abs().max()


def test_rounding_of_a_gradient_does_not_grow_with_the_distance_of_other_clusters() -> None:
    def gradient(dtype: torch.dtype) -> Tensor:
        anchors, noise, cotangent, centres = leaves((64, 16), (64, 16), (64, 16), (4, 16))
        far = anchors.detach() + 30 * centres.detach()[torch.arange(64) % 4]
        leaf = far.float().to(dtype).requires_grad_()
        latents = compute_latents(leaf, noise.detach().float().to(dtype))
        torch.autograd.backward((latents * cotangent.detach()).sum())
        return grad(leaf).double()

    got, want = gradient(torch.float32), gradient(torch.float64)
    assert (got - want).norm() < 1e-5 * want.norm()


def test_float32_is_as_close_to_float64_as_rounding_allows() -> None:
    def results(dtype: torch.dtype) -> list[Tensor]:
        anchors, noise, cotangent = leaves((64, 16), (64, 16), (64, 16), dtype=dtype)
        latents = compute_latents(anchors, noise)
        loss = alignment_loss(latents, anchors.roll(1, 0), torch.arange(64))
        torch.autograd.backward((latents * cotangent).sum() + loss)
        return [latents.detach().double(), loss.detach().double(), grad(anchors).double()]

    for got, want in zip(results(torch.float32), results(torch.float64), strict=True):
        assert (got - want).abs().max() < 2e-5 * want.abs().max()


def test_nothing_of_size_points_by_anchors_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrate_module, "_KEPT_DISTANCES", 0)
    m, q, steps, sizes = 700, 2, 5, []
    anchors, noise = leaves((m, q), (m, q))

    def pack(tensor: Tensor) -> Tensor:
        sizes.append(tensor.numel())
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, keep):
        latents = compute_latents(anchors, noise, solver=LocalizationAB2(steps))
        alignment_loss(latents, anchors, torch.arange(m), solver=LocalizationAB2(steps))
    assert max(sizes) <= steps * m * 3  # the coefficients of the schedule; drifts have q = 2


def keep(tensor: Tensor) -> Tensor:
    return tensor


def test_autocast_does_not_lower_the_precision() -> None:
    anchors, noise = leaves((32, 8), (32, 8), dtype=torch.float32)

    def run(function: Callable[[], Tensor]) -> Tensor:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return function()

    plain = compute_latents(anchors, noise)
    assert torch.equal(run(lambda: compute_latents(anchors, noise)), plain)
    support = run(lambda: compute_latents(anchors, noise, support=anchors))
    assert torch.equal(support, compute_latents(anchors, noise, support=anchors))
    carried = run(lambda: carry_to_anchors(plain, anchors).points)
    assert torch.equal(carried, carry_to_anchors(plain, anchors).points)


def grad(tensor: Tensor) -> Tensor:
    assert tensor.grad is not None
    return tensor.grad


def test_a_weight_below_the_numbers_of_float32_is_a_weight() -> None:
    anchors, noise, _ = leaves((6, 4), (6, 4), (6, 4), dtype=torch.float32)
    weights = torch.full((6,), 1e-50, dtype=torch.float64)
    got = compute_latents(anchors, noise, weights=weights)
    torch.testing.assert_close(got, compute_latents(anchors, noise))
