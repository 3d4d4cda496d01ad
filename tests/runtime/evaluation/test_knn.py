from collections.abc import Mapping

import pytest
from torch import Tensor

from helpers.judging import StandIn, context, judged_plan, quarters, task
from lzn_dsl.registry.builtin.metrics import KnnSettings, LinearProbeSettings
from lzn_runtime.compile.result import TaskResult
from lzn_runtime.data.dataset import InMemoryDataset
from lzn_runtime.evaluation import knn, linear_probe
from lzn_runtime.evaluation.errors import EvaluationError

SEEN, UNSEEN = quarters(300, seed=1), quarters(100, seed=2)


def gist(inputs: Mapping[str, Tensor], index: Tensor) -> TaskResult:
    return TaskResult(inputs["image"].float().flatten(1))


@pytest.mark.parametrize(("vote", "temperature"), [("weighted", 0.07), ("majority", None)])
def test_neighbours_vote_and_the_result_says_how(vote: str, temperature: float | None) -> None:
    plan = judged_plan()
    trained = StandIn(plan, gist=gist)
    made = context(plan, digits=SEEN, unseen=UNSEEN)
    settings = KnnSettings.model_validate({"k": 5, "vote": vote, "train_samples": 200})
    result = knn.evaluate(settings, trained, task("gist"), UNSEEN, made)
    assert result.value > 0.95
    details = result.details
    assert {name: details[name] for name in ("k", "vote", "temperature", "distance")} == {
        "k": 5,
        "vote": vote,
        "temperature": temperature,
        "distance": "cosine",
    }
    assert (details["train_samples"], details["samples"]) == (200, 100)
    assert trained.calls == [("gist", 200), ("gist", 100)]


def test_no_more_neighbours_vote_than_there_are() -> None:
    plan = judged_plan()
    made = context(plan, digits=SEEN, unseen=UNSEEN)
    settings = KnnSettings(k=500)
    result = knn.evaluate(settings, StandIn(plan, gist=gist), task("gist"), UNSEEN, made)
    assert result.details["k"] == 300


def test_both_readings_tell_the_share_among_the_likeliest() -> None:
    plan = judged_plan()
    made = context(plan, digits=SEEN, unseen=UNSEEN)
    trained = StandIn(plan, gist=lambda _, index: TaskResult((index % 2 * 1.0)[:, None]))
    parity = LinearProbeSettings(train_samples=300, top_k=5)
    result = linear_probe.evaluate(parity, trained, task("gist"), UNSEEN, made)
    assert result.value == pytest.approx(0.2)  # one of the five classes of a parity
    assert result.details["top_k"]["k"] == 5  # type: ignore[index, call-overload]  # a dict
    assert result.details["top_k"]["value"] > 0.8  # type: ignore[index, call-overload, operator]
    sure = knn.evaluate(KnnSettings(top_k=2), StandIn(plan, gist=gist), task("gist"), UNSEEN, made)
    assert sure.details["top_k"]["value"] >= sure.value  # type: ignore[index, call-overload, operator]  # a dict of numbers


def test_data_without_labels_is_told() -> None:
    plan = judged_plan()
    bare = InMemoryDataset({"image": UNSEEN.__getitems__([0, 1])["image"]})
    made = context(plan, digits=bare, unseen=UNSEEN)
    with pytest.raises(EvaluationError, match=r"LZN801.*a vote of neighbours needs labels"):
        knn.evaluate(KnnSettings(), StandIn(plan, gist=gist), task("gist"), UNSEEN, made)
