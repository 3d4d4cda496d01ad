"""Rejection: the first draw that lies in all zones, whatever else is drawn."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from lzn_runtime.compile.meeting import TRIES, NoMeetingError, meet


def _draw(rows: Tensor) -> Callable[[range], Tensor]:
    def draw(numbers: range) -> Tensor:
        generators = [torch.Generator().manual_seed(number) for number in numbers]
        return torch.stack([torch.randn(100, 2, generator=g)[rows] for g in generators])

    return draw


def _inside(latents: Tensor) -> Tensor:
    return (latents[..., 0] > 0) & (latents[..., 1] > 1)


@pytest.mark.parametrize("at_once", [1, 7, 64])
def test_latents_are_the_first_draws_that_lie_inside(at_once: int) -> None:
    draw = _draw(torch.arange(100))
    latents, tries = meet(draw, _inside, at_once=at_once)
    drawn = draw(range(int(tries.max())))
    for row in range(100):
        inside = _inside(drawn[: int(tries[row]), row])
        assert inside.tolist() == [False] * (int(tries[row]) - 1) + [True]
        assert torch.equal(latents[row], drawn[int(tries[row]) - 1, row])


def test_a_row_is_the_same_in_any_company() -> None:
    whole, tries = meet(_draw(torch.arange(100)), _inside, at_once=4)
    rows = torch.tensor([3, 77, 12])
    part, fewer = meet(_draw(rows), _inside, at_once=4)
    assert torch.equal(part, whole[rows])
    assert torch.equal(fewer, tries[rows])


def test_what_never_meets_is_given_up() -> None:
    calls: list[int] = []

    def draw(numbers: range) -> Tensor:
        calls.extend(numbers)
        return torch.zeros(len(numbers), 3, 2)

    def lies_inside(latents: Tensor) -> Tensor:
        return torch.tensor([True, False, True]).expand(len(latents), 3)

    with pytest.raises(NoMeetingError) as caught:
        meet(draw, lies_inside, at_once=64)
    assert caught.value.rows == [1]
    assert calls == list(range(TRIES))
