"""The metrics of drawn samples, on pictures that a classifier learns at once."""

from collections.abc import Mapping

import pytest
import torch
from torch import Tensor

from helpers.judging import StandIn, context, judged_plan, quarters, task
from lzn_dsl.registry.builtin.metrics import (
    CmmdSettings,
    FrechetSettings,
    InceptionScoreSettings,
    ManifoldSettings,
)
from lzn_dsl.registry.settings import Component
from lzn_runtime.compile.result import TaskResult
from lzn_runtime.evaluation import cmmd, frechet, inception_score, precision_recall
from lzn_runtime.evaluation.context import Context
from lzn_runtime.evaluation.errors import EvaluationError

QUICK = Component(
    name="classifier",
    settings={"steps": 60, "batch": 64, "widths": [8, 16], "features": 8, "lr": 1e-2},
)
SEEN, UNSEEN = quarters(200, seed=1), quarters(100, seed=2)


def good(inputs: Mapping[str, Tensor], index: Tensor) -> TaskResult:
    fresh = quarters(4000, seed=3)
    return TaskResult(fresh.__getitems__(((index * 10 % 4000) + inputs["label"]).tolist())["image"])


def ninth(inputs: Mapping[str, Tensor], index: Tensor) -> TaskResult:
    """Whatever is asked for, a nine."""
    return good({"label": torch.full_like(inputs["label"], 9)}, index)


@pytest.fixture(scope="module")
def fair() -> tuple[Context, StandIn]:
    """A model that draws what is asked for; its context has trained the extractor."""
    made = context(judged_plan(), digits=SEEN, unseen=UNSEEN)
    return made, StandIn(made.plan, draw=good)


@pytest.fixture(scope="module")
def narrow(fair: tuple[Context, StandIn]) -> tuple[Context, StandIn]:
    """A model that draws nines only."""
    made = Context(
        fair[0].plan,
        fair[0].registry,
        fair[0].datasets,
        "unseen",
        fair[0].device,
        fair[0].cache.for_other_weights(),
    )
    return made, StandIn(made.plan, draw=ninth)


def test_precision_and_recall_share_one_look(
    fair: tuple[Context, StandIn], narrow: tuple[Context, StandIn]
) -> None:
    settings = ManifoldSettings(samples=100, extractor=QUICK)
    found = {}
    for name, (made, trained) in {"fair": fair, "narrow": narrow}.items():
        precision = precision_recall.evaluate_precision(
            settings, trained, task("draw"), UNSEEN, made
        )
        recall = precision_recall.evaluate_recall(settings, trained, task("draw"), UNSEEN, made)
        assert (precision.name, recall.name) == ("precision", "recall")
        assert precision.details["recall"] == recall.value
        assert recall.details["precision"] == precision.value
        assert (precision.details["samples"], precision.details["real_samples"]) == (100, 100)
        assert precision.details["k"] == 3
        assert len(made.cache.overlaps) == 1
        assert trained.calls == [("draw", 100)]
        found[name] = (precision.value, recall.value)
    assert min(found["fair"]) > 0.5
    assert found["narrow"][1] < 0.3 < found["fair"][1]


def test_inception_score_sees_how_many_classes_are_drawn(
    fair: tuple[Context, StandIn], narrow: tuple[Context, StandIn]
) -> None:
    settings = InceptionScoreSettings(samples=100, splits=2, extractor=QUICK)
    many = inception_score.evaluate(settings, fair[1], task("draw"), UNSEEN, fair[0])
    one = inception_score.evaluate(settings, narrow[1], task("draw"), UNSEEN, narrow[0])
    assert one.value < 2 < many.value <= 10
    assert many.details["extractor_classes"] == 10
    assert many.details["real"]["samples"] == 100  # type: ignore[index, call-overload]  # a dict
    few = InceptionScoreSettings(samples=2, extractor=QUICK)
    with pytest.raises(EvaluationError, match=r"LZN802.*2 samples make no 10 splits"):
        inception_score.evaluate(few, fair[1], task("draw"), UNSEEN, fair[0])


def test_discrepancy_is_larger_for_one_class(
    fair: tuple[Context, StandIn], narrow: tuple[Context, StandIn]
) -> None:
    settings = CmmdSettings(samples=100, extractor=QUICK)
    many = cmmd.evaluate(settings, fair[1], task("draw"), UNSEEN, fair[0])
    one = cmmd.evaluate(settings, narrow[1], task("draw"), UNSEEN, narrow[0])
    assert 0 <= many.value < 0.2 * one.value
    assert (many.details["sigma"], many.details["scale"]) == (10.0, 1000)
    assert many.details["extractor"]["name"] == "classifier"  # type: ignore[index, call-overload]


def test_spatial_distance_is_of_an_earlier_layer(
    fair: tuple[Context, StandIn], narrow: tuple[Context, StandIn]
) -> None:
    settings = FrechetSettings(samples=100, extractor=QUICK)
    many = frechet.evaluate_spatial(settings, fair[1], task("draw"), UNSEEN, fair[0])
    one = frechet.evaluate_spatial(settings, narrow[1], task("draw"), UNSEEN, narrow[0])
    assert many.name == "spatial_frechet"
    assert many.details["features"] == 8 * 8 * 8
    assert many.value < 0.2 * one.value


def test_more_samples_are_judged_only_as_far_as_they_are_new(
    fair: tuple[Context, StandIn],
) -> None:
    made, trained = fair
    few = ManifoldSettings(samples=40, extractor=QUICK)
    first = precision_recall.evaluate_recall(few, trained, task("draw"), UNSEEN, made)
    alone = Context(made.plan, made.registry, made.datasets, "unseen", made.device)
    again = precision_recall.evaluate_recall(few, trained, task("draw"), UNSEEN, alone)
    assert first.value == again.value
    assert first.details["samples"] == 40


def test_too_few_samples_have_no_kth_neighbour(fair: tuple[Context, StandIn]) -> None:
    settings = ManifoldSettings(samples=3, extractor=QUICK)
    with pytest.raises(EvaluationError, match=r"LZN802.*3 samples have no 3 neighbours"):
        precision_recall.evaluate_recall(settings, fair[1], task("draw"), UNSEEN, fair[0])
