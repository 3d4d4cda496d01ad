"""The metric `accuracy`: how often a classifying task is right, over the whole dataset."""

from typing import NamedTuple

import torch
from jaxtyping import Int
from pydantic import JsonValue
from torch import Tensor

from lzn_dsl.planning.plan import TaskPlan
from lzn_dsl.registry.builtin.metrics import AccuracySettings
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.evaluation.classes import class_table, confusion_matrix, top_k_correct
from lzn_runtime.evaluation.conditions import conditions
from lzn_runtime.evaluation.context import Context
from lzn_runtime.evaluation.errors import evaluation_error
from lzn_runtime.evaluation.labels import class_names
from lzn_runtime.evaluation.protocols import Way, classify, ways
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.evaluation.subject import Trained


class _Count(NamedTuple):
    """Right answers: per pair of classes, and among the k likeliest where there are scores."""

    matrix: Int[Tensor, "c c"]
    likeliest: int | None

    @property
    def right(self) -> int:
        return int(self.matrix.diagonal().sum())

    @property
    def samples(self) -> int:
        return int(self.matrix.sum())


def evaluate(
    settings: AccuracySettings,
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    context: Context,
) -> MetricResult:
    """Measure the share of samples whose class is right, as an exact count over all samples.

    Where the settings ask for several scales of noise or batches, the first gives the value and
    `table` holds all.

    Raises EvaluationError: LZN802 for no samples or fewer than a batch has, LZN803 where the task's
    scores are NaN, LZN807 for a task that has no such noise or batches.
    """
    label = str(task.output.modality)
    num_classes = context.plan.modality(label).sample["classes"]
    if len(dataset) == 0:
        raise evaluation_error("LZN802", f"`{context.data}` has no samples")
    asked = ways(settings)
    counts = [_count(way, settings, trained, task, dataset, context, num_classes) for way in asked]
    first = counts[0]
    names = class_names(context.plan, label, num_classes, data=context.data)
    details: dict[str, JsonValue] = {
        **_conditions(asked[0], task, context),
        "right": first.right,
        "samples": first.samples,
        **class_table(first.matrix, names),
    }
    if first.likeliest is not None:
        details["top_k"] = {"k": settings.top_k, "value": first.likeliest / first.samples}
    if settings.alpha or settings.batch:
        details["table"] = [_row(way, c) for way, c in zip(asked, counts, strict=True)]
    return MetricResult(
        name="accuracy",
        task=task.name,
        data=context.data,
        value=first.right / first.samples,
        unit="share",
        better="higher",
        details=details,
    )


def _count(
    way: Way,
    settings: AccuracySettings,
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    context: Context,
    num_classes: int,
) -> _Count:
    matrix = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    likeliest = 0
    has_scores = num_classes > settings.top_k
    for truth, guess, scores in classify(way, trained, task, dataset, context):
        matrix += confusion_matrix(truth, guess, num_classes=num_classes)
        if scores is None:
            has_scores = False
            continue
        if bool(scores.isnan().any()):
            raise evaluation_error("LZN803", f"scores of `{task.name}` are not finite")
        likeliest += int(top_k_correct(scores, truth, k=settings.top_k))
    return _Count(matrix, likeliest if has_scores else None)


def _conditions(way: Way, task: TaskPlan, context: Context) -> dict[str, JsonValue]:
    found = conditions(context.plan, task, seed=context.seed)
    if way.alpha is not None:
        found["alpha"] = way.alpha
    if way.batch is not None:
        found.pop("support", None)
        found["batch"] = way.batch
    return {**found, "protocol": way.of(task)}


def _row(way: Way, count: _Count) -> JsonValue:
    return {
        "alpha": way.alpha,
        "batch": way.batch,
        "right": count.right,
        "value": count.right / count.samples,
    }
