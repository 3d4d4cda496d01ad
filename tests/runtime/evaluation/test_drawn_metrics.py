"""The metrics `recognition` and `frechet`, on pictures that a classifier learns at once."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest
import torch
from torch import Tensor

from helpers.judging import StandIn, context, judged_plan, quarters, task
from lzn_dsl.planning.plan import ColumnPlan
from lzn_dsl.registry.builtin.metrics import FrechetSettings, RecognitionSettings
from lzn_dsl.registry.settings import Component
from lzn_runtime.compile.result import TaskResult
from lzn_runtime.data.dataset import InMemoryDataset
from lzn_runtime.evaluation import frechet, recognition
from lzn_runtime.evaluation.context import Context
from lzn_runtime.evaluation.errors import EvaluationError

QUICK = Component(
    name="classifier",
    settings={"steps": 100, "batch": 64, "widths": [8, 16], "features": 16, "lr": 1e-2},
)
SEEN, UNSEEN = quarters(400, seed=1), quarters(200, seed=2)


def pictures_of(labels: Tensor, index: Tensor) -> Tensor:
    """New pictures of classes."""
    fresh = quarters(4000, seed=3)
    rows = (index * 10 % 4000) + labels
    return fresh.__getitems__(rows.tolist())["image"]


def good(inputs: Mapping[str, Tensor], index: Tensor) -> TaskResult:
    return TaskResult(pictures_of(inputs["label"], index))


def ninth(inputs: Mapping[str, Tensor], index: Tensor) -> TaskResult:
    """Whatever is asked for, a nine."""
    return TaskResult(pictures_of(torch.full_like(inputs["label"], 9), index))


def noise(inputs: Mapping[str, Tensor], index: Tensor) -> TaskResult:
    generator = torch.Generator().manual_seed(0)
    shape = (len(index), 1, 8, 8)
    return TaskResult(torch.randint(0, 256, shape, dtype=torch.uint8, generator=generator))


@pytest.fixture(scope="module")
def shared() -> Context:
    """One context, so that the extractor is trained once."""
    return context(judged_plan(), digits=SEEN, unseen=UNSEEN)


def for_another(shared: Context) -> Context:
    """The context for another model: its extractor is trained already."""
    return dataclasses.replace(shared, cache=shared.cache.for_other_weights())


def recognise(answer: Any, shared: Context, samples: int = 200) -> Any:
    trained = StandIn(shared.plan, draw=answer)
    settings = RecognitionSettings(samples=samples, extractor=QUICK)
    return recognition.evaluate(settings, trained, task("draw"), UNSEEN, for_another(shared))


def distance(answer: Any, shared: Context, samples: int = 200) -> Any:
    trained = StandIn(shared.plan, draw=answer)
    settings = FrechetSettings(samples=samples, extractor=QUICK)
    return frechet.evaluate(settings, trained, task("draw"), UNSEEN, for_another(shared))


def test_good_samples_are_recognised_and_wrong_ones_by_their_class(shared: Context) -> None:
    result = recognise(good, shared)
    assert result.value > 0.95
    asked = torch.tensor(result.details["per_class_count"])
    assert asked.tolist() == [20] * 10  # as frequent as in the data
    wrong = recognise(ninth, shared)
    assert wrong.details["per_class"][9] > 0.95
    assert sum(wrong.details["per_class"][:9]) < 0.5


def test_result_says_who_judged(shared: Context) -> None:
    extractor = recognise(good, shared, samples=20).details["extractor"]
    assert extractor["name"] == "classifier"
    assert len(extractor["sha256"]) == 64
    assert (extractor["trained_on"], extractor["train_samples"]) == ("digits", 400)
    assert extractor["settings"]["steps"] == 100
    own = extractor["accuracy"]
    assert (own["data"], own["held_out"], own["count"]) == ("unseen", True, 200)
    assert own["value"] > 0.95


def test_good_samples_are_nearer_than_one_class_or_noise(shared: Context) -> None:
    near, one_class, random = (distance(answer, shared).value for answer in (good, ninth, noise))
    assert near < 0.1 * one_class
    assert near < 0.1 * random


def test_distance_names_counts_ridge_and_a_landmark(shared: Context) -> None:
    details = distance(good, shared, samples=50).details
    assert (details["samples"], details["real_samples"], details["features"]) == (50, 200, 16)
    assert details["ridge"] > 0
    assert details["training_data"]["samples"] == 50
    assert details["training_data"]["distance"] > 0


def test_fewer_samples_than_features_can_be_compared(shared: Context) -> None:
    assert distance(good, shared, samples=3).value >= 0


def test_samples_are_drawn_once_for_all_metrics(shared: Context) -> None:
    made = for_another(shared)
    trained = StandIn(made.plan, draw=good)
    few, many = (
        RecognitionSettings(samples=50, extractor=QUICK),
        FrechetSettings(samples=100, extractor=QUICK),
    )
    frechet.evaluate(many, trained, task("draw"), UNSEEN, made)
    recognition.evaluate(few, trained, task("draw"), UNSEEN, made)
    assert trained.calls == [("draw", 100)]
    assert len(made.cache.extractors) == 1


def test_more_samples_than_data_ask_for_every_sample_as_often(shared: Context) -> None:
    result = recognise(good, shared, samples=400)
    assert result.details["per_class_count"] == [40] * 10


def test_data_without_labels_and_tasks_without_classes_are_told() -> None:
    plan = judged_plan()
    bare = InMemoryDataset({"image": UNSEEN.__getitems__([0, 1, 2])["image"]})
    unlabelled = context(plan, digits=bare, unseen=bare)
    with pytest.raises(
        EvaluationError, match=r"LZN801.*needs labels, and the data `digits` has no"
    ):
        frechet.evaluate(FrechetSettings(), StandIn(plan), task("fresh"), bare, unlabelled)
    with pytest.raises(EvaluationError, match=r"LZN801.*`fresh` is given no classes"):
        recognition.evaluate(RecognitionSettings(), StandIn(plan), task("fresh"), bare, unlabelled)


def test_one_real_sample_is_too_few() -> None:
    plan = judged_plan()
    one = quarters(1)
    few = context(plan, digits=SEEN, unseen=one)
    settings = FrechetSettings(samples=10, extractor=QUICK)
    with pytest.raises(EvaluationError, match=r"LZN802.*has 1 samples"):
        frechet.evaluate(settings, StandIn(plan, draw=good), task("draw"), one, few)


def test_classes_of_the_data_may_be_fewer_than_the_plan_says() -> None:
    plan = judged_plan()
    assert plan.datasets[0].columns["label"] == ColumnPlan(kind="label", facts={"classes": 10})
    few = quarters(60, classes=3)
    made = context(plan, digits=few, unseen=few)
    settings = RecognitionSettings(samples=30, extractor=QUICK)
    result = recognition.evaluate(settings, StandIn(plan, draw=good), task("draw"), few, made)
    assert result.details["per_class"][3:] == [None] * 7  # type: ignore[index]  # a list
