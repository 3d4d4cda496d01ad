"""The metric `linear_probe`: what a logistic regression can read off a task's embedding."""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from pydantic import JsonValue
from torch import Tensor

from lzn_dsl.planning.plan import TaskPlan
from lzn_dsl.registry.builtin.metrics import LinearProbeSettings
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.evaluation.classes import class_table, confusion_matrix
from lzn_runtime.evaluation.conditions import conditions
from lzn_runtime.evaluation.context import Context
from lzn_runtime.evaluation.drawn import shuffled
from lzn_runtime.evaluation.errors import evaluation_error
from lzn_runtime.evaluation.labels import LabelColumn, label_column
from lzn_runtime.evaluation.logistic import fit_logistic
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.evaluation.subject import Trained, all_rows, run_on


class _Embedded(NamedTuple):
    features: Float[Tensor, "n f"]
    labels: Int[Tensor, " n"]


def evaluate(
    settings: LinearProbeSettings,
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    context: Context,
) -> MetricResult:
    """Fit a logistic regression on the training data's embedding; return its accuracy on `dataset`.

    Raises EvaluationError: LZN801 where a dataset has no such labels, LZN802 where the training
    samples have one class only, LZN803 for an embedding that is not finite.
    """
    plan = context.plan
    known = _labels(context, plan.train.on, context.train_data, settings.label)
    wanted = _labels(context, context.data, dataset, known.column)
    rows = shuffled(context.train_data, context.seed)[: settings.train_samples]
    seen = _embed(trained, task, context.train_data, rows, known, context)
    if int(seen.labels.min()) == int(seen.labels.max()):
        raise evaluation_error("LZN802", f"`{plan.train.on}` has fewer than two classes")
    unseen = _embed(trained, task, dataset, all_rows(dataset), wanted, context)
    count = max(known.num_classes, wanted.num_classes)
    fitted = fit_logistic(
        seen.features,
        seen.labels,
        num_classes=count,
        l2=settings.l2,
        max_steps=settings.max_steps,
    )
    guess = fitted.scores(unseen.features).argmax(1)
    matrix = confusion_matrix(unseen.labels, guess, num_classes=count)
    right_seen = (fitted.scores(seen.features).argmax(1) == seen.labels).double().mean()
    details: dict[str, JsonValue] = {
        **conditions(plan, task, seed=context.seed),
        "label": known.column,
        "samples": len(guess),
        "train_data": plan.train.on,
        "train_samples": len(rows),
        "train_value": float(right_seen),
        "features": seen.features.shape[1],
        "l2": settings.l2,
        "standardised": True,
        "steps": fitted.steps,
        **class_table(matrix, wanted.names + known.names[len(wanted.names) :]),
    }
    return MetricResult(
        name="linear_probe",
        task=task.name,
        data=context.data,
        value=int(matrix.diagonal().sum()) / len(guess),
        unit="share",
        better="higher",
        details=details,
    )


def _labels(context: Context, data: str, dataset: Dataset, wanted: str | None) -> LabelColumn:
    found = label_column(context.plan, data, dataset, wanted=wanted)
    if found is None:
        what = f"column `{wanted}` with classes" if wanted else "column with classes"
        raise evaluation_error("LZN801", f"a linear probe needs labels; `{data}` has no {what}")
    return found


def _embed(
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    rows: Int[Tensor, " n"],
    labels: LabelColumn,
    context: Context,
) -> _Embedded:
    parts = [
        result.value.cpu().flatten(1)
        for _, result in run_on(trained, task, dataset, rows, seed=context.seed)
    ]
    features = torch.cat(parts)
    if not bool(features.isfinite().all()):
        raise evaluation_error("LZN803", f"the embedding `{task.name}` is not finite")
    return _Embedded(features, labels.labels[rows].long())
