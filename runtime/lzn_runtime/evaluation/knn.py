"""The metric `knn`: what the nearest training samples say of a task's embedding."""

from pydantic import JsonValue

from lzn_dsl.planning.plan import TaskPlan
from lzn_dsl.registry.builtin.metrics import KnnSettings
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.evaluation.classes import class_table, confusion_matrix, top_k_share
from lzn_runtime.evaluation.conditions import conditions
from lzn_runtime.evaluation.context import Context
from lzn_runtime.evaluation.embedding import embed
from lzn_runtime.evaluation.neighbours import nearest, votes
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.evaluation.subject import Trained


def evaluate(
    settings: KnnSettings,
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    context: Context,
) -> MetricResult:
    """Let the nearest training samples vote for the class of each sample; return the accuracy.

    Raises EvaluationError as `embed` does.
    """
    lesson = embed(settings, trained, task, dataset, context, reader="a vote of neighbours")
    seen, unseen, count = lesson.seen, lesson.unseen, len(lesson.names)
    k = min(settings.k, len(seen.labels))
    temperature = settings.temperature if settings.vote == "weighted" else None
    found = nearest(unseen.features, seen.features, k=k, device=context.device)
    scores = votes(found, seen.labels, num_classes=count, temperature=temperature)
    matrix = confusion_matrix(unseen.labels, scores.argmax(1), num_classes=count)
    details: dict[str, JsonValue] = {
        **conditions(context.plan, task, seed=context.seed),
        "label": lesson.column,
        "samples": len(scores),
        "train_data": context.plan.train.on,
        "train_samples": len(seen.labels),
        "features": seen.features.shape[1],
        "k": k,
        "distance": "cosine",
        "vote": settings.vote,
        "temperature": temperature,
        **top_k_share(scores, unseen.labels, k=settings.top_k),
        **class_table(matrix, lesson.names),
    }
    return MetricResult(
        name="knn",
        task=task.name,
        data=context.data,
        value=int(matrix.diagonal().sum()) / len(scores),
        unit="share",
        better="higher",
        details=details,
    )
