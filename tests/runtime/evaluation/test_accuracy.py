from collections.abc import Mapping

import pytest
import torch
from torch import Tensor

from helpers.judging import StandIn, context, judged_plan, quarters, task
from lzn_dsl.registry.builtin.metrics import AccuracySettings
from lzn_runtime.compile.result import TaskResult
from lzn_runtime.data.dataset import InMemoryDataset
from lzn_runtime.evaluation.accuracy import evaluate
from lzn_runtime.evaluation.classes import class_table, confusion_matrix, top_k_correct
from lzn_runtime.evaluation.errors import EvaluationError
from lzn_runtime.evaluation.result import MetricResult


def judge(truth: Tensor, scores: Tensor, *, top_k: int = 5) -> MetricResult:
    """Accuracy of a task whose scores for sample i are row i."""
    images = torch.zeros(len(truth), 1, 8, 8, dtype=torch.uint8)
    unseen = InMemoryDataset({"image": images, "label": truth})

    def name(inputs: Mapping[str, Tensor], index: Tensor) -> TaskResult:
        found = scores[index]
        return TaskResult(found.argmax(1), scores=found)

    plan = judged_plan()
    trained = StandIn(plan, name=name)
    settings = AccuracySettings(top_k=top_k)
    return evaluate(settings, trained, task("name"), unseen, context(plan, unseen=unseen))


def test_confusion_matrix_counts_pairs() -> None:
    truth = torch.tensor([0, 0, 1, 2, 2, 2])
    guess = torch.tensor([0, 1, 1, 2, 0, 2])
    assert confusion_matrix(truth, guess, num_classes=3).tolist() == [
        [1, 1, 0],
        [0, 1, 0],
        [1, 0, 2],
    ]


def test_table_leaves_out_the_share_of_an_absent_class() -> None:
    table = class_table(torch.tensor([[3, 1], [0, 0]]), ["cat", "dog"])
    assert table == {
        "classes": ["cat", "dog"],
        "per_class": [0.75, None],
        "per_class_count": [4, 0],
        "confusion": [[3, 1], [0, 0]],
    }


def test_table_of_many_classes_has_no_matrix() -> None:
    assert "confusion" not in class_table(torch.eye(201, dtype=torch.int64), ["x"] * 201)


def test_top_k_counts_a_tie_against_the_guess() -> None:
    scores = torch.tensor([[0.5, 0.3, 0.2], [0.4, 0.4, 0.2], [0.1, 0.2, 0.7]])
    truth = torch.tensor([0, 0, 0])
    assert [int(top_k_correct(scores, truth, k=k)) for k in (1, 2, 3)] == [1, 2, 3]


def test_accuracy_is_an_exact_count_over_batches_of_all_sizes() -> None:
    count = 2345
    generator = torch.Generator().manual_seed(0)
    truth = torch.randint(0, 10, (count,), generator=generator)
    scores = torch.rand(count, 10, generator=generator)
    result = judge(truth, scores)
    right = int((scores.argmax(1) == truth).sum())
    assert result.value == right / count
    assert (result.details["right"], result.details["samples"]) == (right, count)
    ranks = (scores > scores.gather(1, truth[:, None])).sum(1)
    assert result.details["top_k"] == {"k": 5, "value": int((ranks < 5).sum()) / count}
    matrix = torch.tensor(result.details["confusion"])
    assert int(matrix.sum()) == count
    assert matrix.sum(1).tolist() == torch.bincount(truth, minlength=10).tolist()


def test_result_names_classes_and_conditions() -> None:
    result = judge(torch.arange(10), torch.eye(10))
    assert (result.name, result.task, result.data) == ("accuracy", "name", "unseen")
    assert (result.value, result.unit, result.better) == (1.0, "share", "higher")
    assert result.details["classes"][:2] == ["zero", "one"]  # type: ignore[index]  # a list
    assert result.details["per_class"] == [1.0] * 10
    assert {k: result.details[k] for k in ("phrase", "alpha", "seed", "support")} == {
        "phrase": "classify image as label",
        "alpha": 0.0,
        "seed": 0,
        "support": 40,
    }


def test_top_k_of_all_classes_is_left_out() -> None:
    assert "top_k" not in judge(torch.arange(10), torch.eye(10), top_k=10).details


def test_scores_that_are_not_finite_and_empty_data_are_told() -> None:
    with pytest.raises(EvaluationError, match=r"\[LZN803\] scores of `name` are not finite"):
        judge(torch.arange(10), torch.full((10, 10), torch.nan))
    plan = judged_plan()
    empty = quarters(0)
    with pytest.raises(EvaluationError, match="LZN802"):
        evaluate(
            AccuracySettings(), StandIn(plan), task("name"), empty, context(plan, unseen=empty)
        )
