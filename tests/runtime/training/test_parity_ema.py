"""The average's warm-up against numbers of the published code."""

import pytest
import torch
from torch import Tensor, nn

from helpers.parity import cases, tensors, worst
from lzn_runtime.training.ema import update_average

WARMING = [name for name, case in cases("ema").items() if case["use_num_updates"]]


class Pair(nn.Module):
    """Two parameters that are trained, and one that is not."""

    def __init__(self, first: Tensor, second: Tensor) -> None:
        super().__init__()
        self.first = nn.Parameter(first.double().clone())
        self.frozen = nn.Parameter(torch.ones(2, dtype=torch.float64), requires_grad=False)
        self.second = nn.Parameter(second.double().clone())


@pytest.mark.parametrize("name", WARMING)
def test_the_average_takes_the_published_course(name: str) -> None:
    first, second = tensors("ema")["params0"], tensors("ema")["params1"]
    average = Pair(first[0], second[0])
    course = [(average.first.detach().clone(), average.second.detach().clone())]
    for number in range(1, len(first)):
        update_average(
            average,
            Pair(first[number], second[number]),
            decay=cases("ema")[name]["decay"],
            updates=number - 1,
        )
        course.append((average.first.detach().clone(), average.second.detach().clone()))
    assert worst(torch.stack([pair[0] for pair in course]), "ema", f"{name}/traj0") < 1e-14
    assert worst(torch.stack([pair[1] for pair in course]), "ema", f"{name}/traj1") < 1e-14
    assert torch.equal(average.frozen, torch.ones(2, dtype=torch.float64))
