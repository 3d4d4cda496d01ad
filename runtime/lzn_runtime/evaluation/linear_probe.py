"""The metric `linear_probe`: what a logistic regression can read off a task's embedding."""

from pydantic import JsonValue

from lzn_dsl.planning.plan import TaskPlan
from lzn_dsl.registry.builtin.metrics import LinearProbeSettings
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.evaluation.classes import class_table, confusion_matrix, top_k_share
from lzn_runtime.evaluation.conditions import conditions
from lzn_runtime.evaluation.context import Context
from lzn_runtime.evaluation.embedding import embed
from lzn_runtime.evaluation.logistic import fit_logistic
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.evaluation.subject import Trained


def evaluate(
    settings: LinearProbeSettings,
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    context: Context,
) -> MetricResult:
    """Fit a logistic regression on the training data's embedding; return its accuracy on `dataset`.

    Raises EvaluationError as `embed` does.
    """
    lesson = embed(settings, trained, task, dataset, context, reader="a linear probe")
    seen, unseen, count = lesson.seen, lesson.unseen, len(lesson.names)
    fitted = fit_logistic(
        seen.features,
        seen.labels,
        num_classes=count,
        l2=settings.l2,
        max_steps=settings.max_steps,
    )
    scores = fitted.scores(unseen.features)
    matrix = confusion_matrix(unseen.labels, scores.argmax(1), num_classes=count)
    right_seen = (fitted.scores(seen.features).argmax(1) == seen.labels).double().mean()
    details: dict[str, JsonValue] = {
        **conditions(context.plan, task, seed=context.seed),
        "label": lesson.column,
        "samples": len(scores),
        "train_data": context.plan.train.on,
        "train_samples": len(seen.labels),
        "train_value": float(right_seen),
        "features": seen.features.shape[1],
        "l2": settings.l2,
        "standardised": True,
        "steps": fitted.steps,
        **top_k_share(scores, unseen.labels, k=settings.top_k),
        **class_table(matrix, lesson.names),
    }
    return MetricResult(
        name="linear_probe",
        task=task.name,
        data=context.data,
        value=int(matrix.diagonal().sum()) / len(scores),
        unit="share",
        better="higher",
        details=details,
    )
