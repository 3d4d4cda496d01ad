"""The metrics `precision` and `recall` of drawn samples, from one look at both sets.

Equally many real samples are taken, as far as there are: balls shrink with more samples.
"""

from typing import Literal

from pydantic import JsonValue

from lzn_dsl.planning.plan import TaskPlan
from lzn_dsl.registry.builtin.metrics import ManifoldSettings
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.evaluation.conditions import conditions
from lzn_runtime.evaluation.context import Context
from lzn_runtime.evaluation.errors import evaluation_error
from lzn_runtime.evaluation.judging import judge_drawn, judge_real
from lzn_runtime.evaluation.manifolds import overlap
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.evaluation.subject import Trained


def evaluate_precision(
    settings: ManifoldSettings,
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    context: Context,
) -> MetricResult:
    """Measure the share of drawn samples in a ball of a real one; see `_measure`."""
    return _measure("precision", settings, trained, task, dataset, context)


def evaluate_recall(
    settings: ManifoldSettings,
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    context: Context,
) -> MetricResult:
    """Measure the share of real samples in a ball of a drawn one; see `_measure`."""
    return _measure("recall", settings, trained, task, dataset, context)


def _measure(
    name: Literal["precision", "recall"],
    settings: ManifoldSettings,
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    context: Context,
) -> MetricResult:
    """Measure both, and return one with the other in its details; higher is better.

    Raises EvaluationError: LZN802 for k samples or fewer of a kind, LZN803 for features that are
    not finite; and what making an extractor raises.
    """
    extractor = context.extractor(settings.extractor, str(task.output.modality))
    count, k = settings.samples, settings.k
    fewest = min(count, len(dataset))
    if fewest <= k:
        raise evaluation_error(
            "LZN802", f"{fewest} samples have no {k} neighbours each; take more, or a smaller `k`"
        )
    drawn = judge_drawn(extractor, trained, task, dataset, count, context).features
    real = judge_real(extractor, dataset, context.data, count, context).features
    if not bool(drawn.isfinite().all() and real.isfinite().all()):
        raise evaluation_error("LZN803", f"features of `{task.name}` are not finite")
    key = (str(extractor.identity["sha256"]), task.name, context.data, len(drawn), k)
    if key not in context.cache.overlaps:
        context.cache.overlaps[key] = overlap(drawn, real, k=k, device=context.device)
    both = context.cache.overlaps[key]._asdict()
    details: dict[str, JsonValue] = {
        **conditions(context.plan, task, seed=context.seed),
        **both,
        "k": k,
        "samples": len(drawn),
        "real_samples": len(real),
        "features": drawn.shape[1],
        "extractor": context.identity(extractor),
    }
    return MetricResult(
        name=name,
        task=task.name,
        data=context.data,
        value=both[name],
        unit="share",
        better="higher",
        details=details,
    )
