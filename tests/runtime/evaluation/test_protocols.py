"""Accuracy over scales of noise and over batch sizes, with a model that was not trained."""

import pytest
import torch

from helpers.judging import StandIn, context, judged_plan, quarters, task, untrained
from helpers.programs import program
from lzn_dsl.registry.builtin.metrics import AccuracySettings
from lzn_runtime import randomness
from lzn_runtime.evaluation.accuracy import evaluate
from lzn_runtime.evaluation.drawn import shuffled
from lzn_runtime.evaluation.errors import EvaluationError
from lzn_runtime.evaluation.protocols import Way, classify, ways, with_alpha
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.latent import LocalizationPEC, compute_latents
from lzn_runtime.modalities.protocol import ClassDecoder
from lzn_runtime.trained_model import TrainedModel

PLAN = judged_plan()
SEEN, UNSEEN = quarters(80, seed=1), quarters(50, seed=2)


@pytest.fixture(scope="module")
def model() -> TrainedModel:
    return untrained(PLAN, SEEN)


def judge(model: TrainedModel, **settings: object) -> MetricResult:
    made = context(PLAN, digits=SEEN, unseen=UNSEEN)
    asked = AccuracySettings.model_validate(settings)
    return evaluate(asked, model, task("name"), UNSEEN, made)


def test_one_value_is_a_list_and_true_is_no_number() -> None:
    assert AccuracySettings.model_validate({"alpha": 0.3, "batch": 250}) == AccuracySettings(
        alpha=[0.3], batch=[250]
    )
    with pytest.raises(ValueError, match="valid list"):
        AccuracySettings.model_validate({"batch": True})


def test_every_pair_is_measured_and_the_first_counts() -> None:
    assert ways(AccuracySettings()) == [Way()]
    asked = AccuracySettings(alpha=[0, 1], batch=[10, 20])
    assert ways(asked) == [Way(0, 10), Way(1, 10), Way(0, 20), Way(1, 20)]


def test_without_noise_the_answers_are_the_tasks_own(model: TrainedModel) -> None:
    own, stated = judge(model), judge(model, alpha=[0, 1])
    assert own.value == stated.value
    assert own.details["confusion"] == stated.details["confusion"]
    assert "table" not in own.details
    table = stated.details["table"]
    assert [row["alpha"] for row in table] == [0, 1]  # type: ignore[union-attr, index, call-overload]  # rows
    assert table[0]["value"] == stated.value  # type: ignore[index, call-overload]
    assert stated.details["protocol"] == "alpha 0, zones bounded by the support"
    assert (stated.details["alpha"], stated.details["support"]) == (0, 40)


@pytest.mark.parametrize("alpha", [None, 0.5])
def test_batch_mates_bound_zones(model: TrainedModel, alpha: float | None) -> None:
    made = context(PLAN, digits=SEEN, unseen=UNSEEN)
    found = list(classify(Way(alpha, 20), model, task("name"), UNSEEN, made))
    assert [len(part.truth) for part in found] == [20, 20, 10]
    order = shuffled(UNSEEN, 0)
    rows = torch.cat([order[40:], order[:10]])  # the last batch is filled up from the start
    image = model.model.modality("image")
    anchors = image.encoder(image.to_model(UNSEEN.__getitems__(rows.tolist())["image"]))
    noise = randomness.normal(randomness.key(0, "zone image"), rows, (PLAN.dim,)) * (alpha or 0)
    solver = LocalizationPEC(PLAN.train.solver_steps)
    decoder = model.model.modality("label").decoder
    assert isinstance(decoder, ClassDecoder)
    want = decoder.decode(compute_latents(anchors, noise, solver=solver))[:10].exp()
    torch.testing.assert_close(found[2].scores, want, rtol=1e-4, atol=1e-5)
    assert torch.equal(found[2].truth, UNSEEN.labels("label")[order[40:]])  # type: ignore[index]  # it has labels


def test_the_result_says_what_bounded_the_zones(model: TrainedModel) -> None:
    result = judge(model, batch=[25, 50])
    assert result.details["batch"] == 25
    assert "support" not in result.details
    assert result.details["protocol"] == ("the task's own alpha, zones bounded by batches of 25")
    table = result.details["table"]
    assert [row["batch"] for row in table] == [25, 50]  # type: ignore[union-attr, index, call-overload]  # rows
    assert result.details["samples"] == 50


def test_a_classifier_of_anchors_is_not_said_to_have_zones() -> None:
    (trained,) = program("classify image as label using cross_entropy").plan().tasks
    assert Way().of(trained) == "read off the sample's own anchor: no noise, no zones"
    (zoned,) = program("classify image as label").plan().tasks
    assert Way().of(zoned) == "the task's own alpha, zones bounded by the support"


def test_what_cannot_be_measured_so_is_told(model: TrainedModel) -> None:
    with pytest.raises(EvaluationError, match=r"LZN802.*50 samples, fewer than a batch of 60"):
        judge(model, batch=60)
    made = context(PLAN, digits=SEEN, unseen=UNSEEN)
    trained = StandIn(PLAN)
    with pytest.raises(EvaluationError, match=r"LZN807.*`batch` says nothing of `draw`"):
        list(classify(Way(batch=10), trained, task("draw"), UNSEEN, made))
    with pytest.raises(EvaluationError, match=r"LZN807.*`fresh` draws from no zone"):
        with_alpha(task("fresh"), 0.5)
