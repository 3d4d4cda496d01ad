import math
from collections.abc import Mapping

import pytest
import torch
from torch import Tensor

from helpers.judging import StandIn, context, judged_plan, quarters, task
from lzn_dsl.registry.builtin.metrics import ReconstructionSettings
from lzn_runtime.compile.result import TaskResult
from lzn_runtime.evaluation.errors import EvaluationError
from lzn_runtime.evaluation.reconstruction import evaluate, squared_error
from lzn_runtime.evaluation.result import MetricResult

UNSEEN = quarters(50)


def judge(change: "Change", samples: int = 1000) -> MetricResult:
    plan = judged_plan()
    trained = StandIn(plan, rebuild=lambda inputs, index: TaskResult(change(inputs["image"])))
    made = context(plan, unseen=UNSEEN)
    return evaluate(ReconstructionSettings(samples=samples), trained, task("rebuild"), UNSEEN, made)


class Change:
    def __init__(self, by: int) -> None:
        self.by = by

    def __call__(self, images: Tensor) -> Tensor:
        return (images.int() + self.by).to(torch.uint8)


def test_a_perfect_reconstruction_has_no_error_and_no_psnr() -> None:
    result = judge(Change(0))
    assert result.value == 0.0
    assert result.details["psnr_db"] is None
    assert (result.details["exact"], result.details["samples"]) == (50, 50)


def test_an_even_shift_has_its_closed_form() -> None:
    result = judge(Change(5))
    step = 5 / 255
    assert math.isclose(result.value, 8 * step, rel_tol=1e-12)  # 64 pixels
    details = result.details
    assert math.isclose(float(str(details["mean_squared_error"])), step**2, rel_tol=1e-12)
    assert math.isclose(float(str(details["psnr_db"])), -20 * math.log10(step), rel_tol=1e-12)
    assert result.better == "lower"


def test_the_worst_reconstruction_is_at_the_other_end_of_the_scale() -> None:
    black, white = torch.zeros(2, 1, 8, 8, dtype=torch.uint8), torch.full((2, 1, 8, 8), 255).byte()
    assert squared_error(black, white).tolist() == [64.0, 64.0]


def test_samples_are_chosen_by_the_seed_and_counted() -> None:
    result = judge(Change(1), samples=7)
    assert result.details["samples"] == 7
    assert result.details == {**judge(Change(1), samples=7).details}


def test_conditions_name_sampler_and_alpha() -> None:
    details = judge(Change(0)).details
    assert details["alpha"] == 1.0
    assert str(details["sampler"]).startswith("euler")
    assert details["numbers_per_sample"] == 64


def test_empty_data_and_numbers_that_are_not_finite_are_told() -> None:
    plan = judged_plan()
    empty = quarters(0)
    with pytest.raises(EvaluationError, match="LZN802"):
        evaluate(
            ReconstructionSettings(),
            StandIn(plan),
            task("rebuild"),
            empty,
            context(plan, unseen=empty),
        )

    def broken(inputs: Mapping[str, Tensor], index: Tensor) -> TaskResult:
        return TaskResult(torch.full((len(index), 1, 8, 8), torch.nan))

    with pytest.raises(EvaluationError, match="LZN803"):
        evaluate(
            ReconstructionSettings(),
            StandIn(plan, rebuild=broken),
            task("rebuild"),
            UNSEEN,
            context(plan, unseen=UNSEEN),
        )
