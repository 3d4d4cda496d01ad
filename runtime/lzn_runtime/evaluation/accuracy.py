"""The metric `accuracy`: how often a classifying task is right, over the whole dataset."""

import torch
from pydantic import JsonValue

from lzn_dsl.planning.plan import TaskPlan
from lzn_dsl.registry.builtin.metrics import AccuracySettings
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.evaluation.classes import class_table, confusion_matrix, top_k_correct
from lzn_runtime.evaluation.conditions import conditions
from lzn_runtime.evaluation.context import Context
from lzn_runtime.evaluation.errors import evaluation_error
from lzn_runtime.evaluation.labels import class_names
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.evaluation.subject import Trained, all_rows, run_on


def evaluate(
    settings: AccuracySettings,
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    context: Context,
) -> MetricResult:
    """Measure the share of samples whose class is right, as an exact count over all samples.

    Raises EvaluationError: LZN802 for no samples, LZN803 where the task's scores are NaN.
    """
    label = str(task.output.modality)
    num_classes = context.plan.modality(label).sample["classes"]
    if len(dataset) == 0:
        raise evaluation_error("LZN802", f"`{context.data}` has no samples")
    matrix = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    likeliest = 0
    has_scores = num_classes > settings.top_k
    for columns, result in run_on(trained, task, dataset, all_rows(dataset), seed=context.seed):
        truth = columns[label].long()
        matrix += confusion_matrix(truth, result.value.cpu(), num_classes=num_classes)
        if result.scores is None:
            has_scores = False
            continue
        scores = result.scores.cpu()
        if bool(scores.isnan().any()):
            raise evaluation_error("LZN803", f"scores of `{task.name}` are not finite")
        likeliest += int(top_k_correct(scores, truth, k=settings.top_k))
    right, count = int(matrix.diagonal().sum()), int(matrix.sum())
    details: dict[str, JsonValue] = {
        **conditions(context.plan, task, seed=context.seed),
        "right": right,
        "samples": count,
        **class_table(matrix, class_names(context.plan, label, num_classes, data=context.data)),
    }
    if has_scores:
        details["top_k"] = {"k": settings.top_k, "value": likeliest / count}
    return MetricResult(
        name="accuracy",
        task=task.name,
        data=context.data,
        value=right / count,
        unit="share",
        better="higher",
        details=details,
    )
