"""Running the evaluations of a plan."""

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic, LznError, Severity
from lzn_dsl.planning.plan import EvaluationPlan, Plan
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.registry import Registry
from lzn_runtime.evaluation.context import Cache, Context, Datasets
from lzn_runtime.evaluation.errors import evaluation_error
from lzn_runtime.evaluation.observer import EvaluationObserver, QuietEvaluation
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.evaluation.subject import Trained
from lzn_runtime.flow.sampler import SamplerError
from lzn_runtime.loading import load_factory


def evaluate(
    plan: Plan,
    trained: Trained,
    registry: Registry,
    data_folder: Path,
    observer: EvaluationObserver | None = None,
    *,
    datasets: Datasets | None = None,
    evaluations: Sequence[EvaluationPlan] | None = None,
    cache: Cache | None = None,
) -> list[MetricResult]:
    """Measure the evaluations of a plan, in order.

    One that cannot be measured (no labels, numbers that are not finite) is told to the observer
    as a warning, with its code, and left out; the others are measured all the same.

    Args:
        plan: The plan that was trained.
        trained: The trained model.
        registry: Where metrics, extractors and datasets are found.
        data_folder: The folder that relative paths of the program start from.
        observer: Is told of progress.
        datasets: The plan's datasets, where some are open already.
        evaluations: What to measure; by default all that the plan names.
        cache: What earlier evaluations of these weights and data have made.

    Raises:
        DataError: Files of a dataset are missing or broken.
    """
    told = observer or QuietEvaluation()
    opened = datasets or Datasets(plan, registry, data_folder)
    context = Context(
        plan, registry, opened, plan.train.on, trained.model.device, cache=cache or Cache()
    )
    chosen = plan.evaluations if evaluations is None else evaluations
    results: list[MetricResult] = []
    for number, evaluation in enumerate(chosen, start=1):
        name = f"{evaluation.metric.name} of {evaluation.task} on {evaluation.data}"
        told.on_metric(number, len(chosen), name)
        try:
            result = measure(evaluation, trained, context.on(evaluation.data))
        except LznError as error:
            if error.exit_code == _DATA_ERROR:
                raise
            for found in error.diagnostics:
                told.on_message(_as_warning(found, name))
        else:
            results.append(result)
            told.on_result(result)
    return results


_DATA_ERROR = 3


def measure(evaluation: EvaluationPlan, trained: Trained, context: Context) -> MetricResult:
    """Measure one metric; its settings and time are kept in the result's details.

    Raises EvaluationError where it cannot be measured, DataError for unusable data.
    """
    entry = context.registry.get(Kind.METRIC, evaluation.metric.name)
    metric = load_factory(entry)
    settings = context.registry.settings(Kind.METRIC, evaluation.metric)
    task = context.plan.task(evaluation.task)
    dataset = context.datasets.get(evaluation.data)
    start = time.perf_counter()
    try:
        result = metric(settings, trained, task, dataset, context)
    except SamplerError as error:
        raise evaluation_error("LZN804", f"`{task.name}` could not be run: {error}") from error
    assert isinstance(result, MetricResult)
    seconds = round(time.perf_counter() - start, 2)
    measured = {"settings": settings.model_dump(mode="json"), "seconds": seconds}
    details = {**result.details, **measured}
    return result.model_copy(update={"details": details, "step": trained.step})


def _as_warning(found: Diagnostic, name: str) -> Diagnostic:
    notes = (*found.notes, f"not measured: {name}")
    return dataclasses.replace(found, severity=Severity.WARNING, notes=notes)
