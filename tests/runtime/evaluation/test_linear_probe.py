from collections.abc import Mapping

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from torch import Tensor

from helpers.judging import StandIn, context, judged_plan, quarters, task
from lzn_dsl.registry.builtin.metrics import LinearProbeSettings
from lzn_runtime.compile.result import TaskResult
from lzn_runtime.data.dataset import InMemoryDataset
from lzn_runtime.evaluation.errors import EvaluationError
from lzn_runtime.evaluation.linear_probe import evaluate
from lzn_runtime.evaluation.logistic import fit_logistic

SEEN, UNSEEN = quarters(300, seed=1), quarters(100, seed=2)


def blobs(count: int, *, seed: int, size: int = 6, classes: int = 4) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    centres = 1.5 * torch.randn(classes, size, generator=torch.Generator().manual_seed(9))
    labels = torch.randint(0, classes, (count,), generator=generator)
    return centres[labels] + torch.randn(count, size, generator=generator), labels


@pytest.mark.parametrize("l2", [0.1, 1.0, 30.0])
def test_regression_finds_the_optimum_that_scikit_learn_finds(l2: float) -> None:
    features, labels = blobs(200, seed=0)
    features[:, 0] = 1000 + 50 * features[:, 0]  # scales of their own
    fitted = fit_logistic(features, labels, num_classes=4, l2=l2)
    scaled = StandardScaler().fit_transform(features.double().numpy())
    want = LogisticRegression(C=1 / l2, tol=1e-10, max_iter=2000).fit(scaled, labels.numpy())
    np.testing.assert_allclose(fitted.weight.T.numpy(), want.coef_, atol=1e-4)
    bias = fitted.bias - fitted.bias.mean()
    np.testing.assert_allclose(bias.numpy(), want.intercept_ - want.intercept_.mean(), atol=1e-4)


def test_regression_bears_constant_and_tiny_features() -> None:
    features, labels = blobs(100, seed=1)
    features = torch.cat([features, torch.full((100, 1), 7.0), torch.zeros(100, 1)], dim=1)
    fitted = fit_logistic(features, labels, num_classes=5)  # one class has no sample
    assert bool(fitted.scores(features).isfinite().all())
    assert float((fitted.scores(features).argmax(1) == labels).double().mean()) > 0.7
    assert not bool((fitted.scores(features).argmax(1) == 4).any())


def gist(inputs: Mapping[str, Tensor], index: Tensor) -> TaskResult:
    return TaskResult(inputs["image"].float().flatten(1))


def constant(inputs: Mapping[str, Tensor], index: Tensor) -> TaskResult:
    return TaskResult(torch.ones(len(index), 3))


def test_probe_learns_on_the_training_data_and_is_tested_on_the_other() -> None:
    plan = judged_plan()
    trained = StandIn(plan, gist=gist)
    made = context(plan, digits=SEEN, unseen=UNSEEN)
    result = evaluate(LinearProbeSettings(train_samples=200), trained, task("gist"), UNSEEN, made)
    assert result.value > 0.95
    details = result.details
    assert (details["train_data"], details["train_samples"]) == ("digits", 200)
    assert (details["samples"], details["features"], details["label"]) == (100, 64, "label")
    assert trained.calls == [("gist", 200), ("gist", 100)]


def test_an_embedding_that_says_nothing_is_no_better_than_chance() -> None:
    plan = judged_plan()
    made = context(plan, digits=SEEN, unseen=UNSEEN)
    trained = StandIn(plan, gist=constant)
    result = evaluate(LinearProbeSettings(), trained, task("gist"), UNSEEN, made)
    assert result.value == pytest.approx(0.1)


def test_what_cannot_be_probed_is_told() -> None:
    plan = judged_plan()
    bare = InMemoryDataset({"image": UNSEEN.__getitems__([0, 1])["image"]})
    one_class = quarters(20, classes=1)
    trained = StandIn(plan, gist=gist)

    def probe(seen: InMemoryDataset, unseen: InMemoryDataset, label: str | None = None) -> None:
        made = context(plan, digits=seen, unseen=unseen)
        evaluate(LinearProbeSettings(label=label), trained, task("gist"), unseen, made)

    with pytest.raises(EvaluationError, match=r"LZN801.*`digits` has no column with classes"):
        probe(bare, UNSEEN)
    with pytest.raises(EvaluationError, match=r"LZN801.*`unseen` has no column `label`"):
        probe(SEEN, bare)
    with pytest.raises(EvaluationError, match=r"LZN801.*`digits` has no column `mood`"):
        probe(SEEN, UNSEEN, label="mood")
    with pytest.raises(EvaluationError, match=r"LZN802.*fewer than two classes"):
        probe(one_class, UNSEEN)
