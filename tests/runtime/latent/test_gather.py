"""Several processes give the latents, losses and gradients of one that has the whole batch."""

import re

import pytest
import torch

from helpers import gathering
from helpers.gathering import Given, draw
from helpers.ranks import WORLD, Ranks
from lzn_runtime.latent import gather_anchors


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
@pytest.mark.parametrize("shape", [(5, 3), (1, 1), (12, 200)])
def test_rows_are_in_order_of_rank_and_gradients_of_all_ranks_are_summed(
    ranks: Ranks, shape: tuple[int, int], dtype: torch.dtype
) -> None:
    want = torch.cat([draw(*shape, seed=rank, dtype=dtype) for rank in range(WORLD)])
    grads = sum(draw(WORLD * shape[0], shape[1], seed=10 + k, dtype=dtype) for k in range(WORLD))
    assert isinstance(grads, torch.Tensor)
    answers = ranks.run(gathering.gather_and_weigh, shape, dtype)
    for rank, (anchors, offset, grad) in enumerate(answers):
        assert torch.equal(anchors, want)
        assert offset == rank * shape[0]
        torch.testing.assert_close(grad, grads[offset : offset + shape[0]], rtol=0, atol=0)


def test_several_gathers_in_one_graph_add_up(ranks: Ranks) -> None:
    first = torch.cat([draw(4, 3, seed=rank) for rank in range(WORLD)]).requires_grad_()
    second = torch.cat([draw(3, 4, seed=2 + rank).T for rank in range(WORLD)]).requires_grad_()
    loss = (first * first * second + first.square()).sum()
    torch.autograd.backward(loss * sum(1 + rank for rank in range(WORLD)))
    assert first.grad is not None
    assert second.grad is not None
    answers = ranks.run(gathering.gather_twice)
    torch.testing.assert_close(torch.cat([a for a, _ in answers]), first.grad)
    torch.testing.assert_close(torch.cat([b.T for _, b in answers]), second.grad)


def test_without_gradient_there_is_none(ranks: Ranks) -> None:
    want = torch.cat([draw(4, 3, seed=rank) for rank in range(WORLD)])
    for anchors, has_grad in ranks.run(gathering.gather_without_gradient):
        assert torch.equal(anchors, want)
        assert not has_grad


def test_a_group_gathers_its_own_members(ranks: Ranks) -> None:
    for local, anchors, offset in ranks.run(gathering.gather_in_groups_of_one):
        assert torch.equal(anchors, local)
        assert offset == 0


def test_without_a_group_anchors_are_as_they_were() -> None:
    anchors = draw(4, 3, seed=0)
    assert gather_anchors(anchors) == (anchors, 0)


@pytest.fixture(scope="module")
def whole() -> gathering.Outcome:
    return gathering.whole_batch()


@pytest.mark.parametrize("slices", [1, 5])
@pytest.mark.parametrize("ddp", [False, True])
def test_two_processes_have_the_latents_losses_and_gradients_of_one(
    ranks: Ranks, whole: gathering.Outcome, ddp: bool, slices: int
) -> None:
    halves: list[gathering.Outcome] = ranks.run(gathering.half_batch, slices, ddp)
    latents = torch.cat([half.latents for half in halves])
    torch.testing.assert_close(latents, whole.latents, rtol=1e-12, atol=1e-12)
    for name, loss in whole.losses.items():
        mean = sum(half.losses[name] for half in halves) / WORLD
        assert mean == pytest.approx(loss, rel=1e-12)
    largest = float(whole.gradient.abs().max())
    for half in halves:
        torch.testing.assert_close(half.gradient, whole.gradient, rtol=0, atol=1e-12 * largest)


def test_two_processes_train_as_one(ranks: Ranks) -> None:
    want = gathering.whole_curve(20)
    assert want[-1] < 0.9 * want[0]
    for curve in ranks.run(gathering.half_curve, 20):
        assert curve == pytest.approx(want, rel=1e-9)


RULE = (
    "anchors must have one shape and dtype on all processes, with a gradient on all or none, got "
)
MATRIX = "anchors must be a floating matrix with rows and columns, got "


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            [Given((4, 3)), Given((3, 3))],
            RULE + "(4, 3) torch.float64 with gradient on rank 0; "
            "(3, 3) torch.float64 with gradient on rank 1",
        ),
        (
            [Given((4, 3)), Given((4, 2))],
            RULE + "(4, 3) torch.float64 with gradient on rank 0; "
            "(4, 2) torch.float64 with gradient on rank 1",
        ),
        (
            [Given((4, 3)), Given((4, 3), torch.bfloat16)],
            RULE + "(4, 3) torch.float64 with gradient on rank 0; "
            "(4, 3) torch.bfloat16 with gradient on rank 1",
        ),
        (
            [Given((4, 3)), Given((4, 3), grad=False)],
            RULE + "(4, 3) torch.float64 with gradient on rank 0; "
            "(4, 3) torch.float64 without gradient on rank 1",
        ),
        (
            [Given((4, 3)), Given((4,))],
            MATRIX + "(4, 3) torch.float64 with gradient on rank 0; "
            "1-dimensional torch.float64 with gradient on rank 1",
        ),
        (
            [Given((4, 3)), Given((0, 3))],
            MATRIX + "(4, 3) torch.float64 with gradient on rank 0; "
            "(0, 3) torch.float64 with gradient on rank 1",
        ),
        (
            [Given((4, 3), torch.int64, grad=False)] * 2,
            MATRIX + "(4, 3) another dtype without gradient on ranks 0, 1",
        ),
    ],
)
def test_anchors_that_do_not_fit_are_refused_on_every_rank(
    ranks: Ranks, given: list[Given], message: str
) -> None:
    for answer in ranks.run(gathering.gather_given, given):
        assert isinstance(answer, ValueError)
        assert re.fullmatch(re.escape(message), str(answer))


def test_an_error_leaves_the_group_in_step(ranks: Ranks) -> None:
    refused = ranks.run(gathering.gather_given, [Given((4, 3)), Given((5, 3))])
    assert [type(answer) for answer in refused] == [ValueError] * WORLD
    answers = ranks.run(gathering.gather_and_weigh, (2, 2), torch.float64)
    assert torch.equal(answers[0][0], answers[1][0])
