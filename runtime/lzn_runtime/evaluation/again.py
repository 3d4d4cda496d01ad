"""Measuring a trained run again: other metrics, other steps, the untrained model.

What is measured is what is used: the averaged weights with their support. At step 0 that are the
initial weights, which plan and seed decide, with a support that follows from them.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Protocol

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Severity, StorageError
from lzn_dsl.planning.evaluations import choose_evaluations, plan_evaluations
from lzn_dsl.planning.plan import EvaluationPlan, Plan
from lzn_dsl.registry.plugins import default_registry
from lzn_dsl.registry.registry import Registry
from lzn_runtime.compile.model import build_model
from lzn_runtime.compile.support import fill_support
from lzn_runtime.device import pick_device
from lzn_runtime.evaluation.context import Cache, Datasets
from lzn_runtime.evaluation.evaluate import evaluate
from lzn_runtime.evaluation.observer import EvaluationObserver, QuietEvaluation
from lzn_runtime.evaluation.record import add_results
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.trained_model import TrainedModel
from lzn_runtime.training.checkpoint_store import CheckpointStore
from lzn_runtime.training.environment_file import read_environment
from lzn_runtime.training.run_folder import RunFolder
from lzn_runtime.training.saving import support_rows

UNTRAINED = 0
"""The step of the initial weights."""


class StepObserver(EvaluationObserver, Protocol):
    """Is told of the progress of an evaluation over steps."""

    def on_weights(self, step: int, *, number: int, total: int) -> None:
        """The weights of a step are measured now: the first are number 1."""


class QuietSteps(QuietEvaluation):
    """An observer that ignores everything."""

    def on_weights(self, step: int, *, number: int, total: int) -> None:
        """Do nothing."""


def evaluate_run(
    folder: Path | str,
    *evaluations: str,
    tasks: Collection[str] = (),
    metrics: Collection[str] = (),
    steps: Collection[int] = (),
    every_checkpoint: bool = False,
    data_folder: Path | str | None = None,
    registry: Registry | None = None,
    device: str | None = None,
    observer: StepObserver | None = None,
) -> list[MetricResult]:
    """Measure a trained run, and add the results to its `metrics.json`; return them by step.

    A metric that cannot be measured is told to the observer and left out.

    Args:
        folder: The run folder.
        evaluations: What to measure, as the language writes it: `gist on unseen with knn(k: 5)`.
            By default the evaluations of the run's program.
        tasks: Of the program's evaluations those of these tasks; by default of all.
        metrics: Of these those with these metrics; by default all.
        steps: Steps whose checkpoints are measured, 0 for the untrained model; by default that of
            the newest checkpoint.
        every_checkpoint: Measure the untrained model and every sound checkpoint.
        data_folder: What relative paths of the program's data start from; by default the folder
            that the run started from.
        registry: Components that the plan may name; by default those of this installation.
        device: By default CUDA where there is one, else the CPU.
        observer: Is told of progress.

    Raises:
        SpecError: There is no such evaluation (LZN808), or one that is written out is wrong.
        DataError: The data is missing or broken.
        StorageError: No run folder (LZN708), no sound checkpoint (LZN702, LZN718), or one that
            does not fit its plan (LZN709).
        ValueError: The device is not there.
    """
    run, told = RunFolder(Path(folder)), observer or QuietSteps()
    known = registry or default_registry()
    plan = run.read_plan()
    datasets = Datasets(plan, known, _data_folder(run, data_folder))
    asked = [
        each
        for text in evaluations
        for each in plan_evaluations(plan, text, known, datasets.folder)
    ]
    if not evaluations or tasks or metrics:
        asked += choose_evaluations(plan, tasks=tasks, metrics=metrics)
    if every_checkpoint:
        stored = CheckpointStore(run.checkpoints, warn=told.on_message).steps()
        chosen: Sequence[int | None] = sorted({UNTRAINED, *stored, *steps})
    else:
        chosen = sorted(set(steps)) or [None]
    found: list[MetricResult] = []
    cache = Cache()
    for number, step in enumerate(chosen, start=1):
        try:
            trained = weights_at(run, step, known, datasets, device=device)
        except StorageError as error:
            if not every_checkpoint or error.diagnostics[0].code != "LZN718":
                raise
            told.on_message(_as_warning(error.diagnostics[0]))
            continue
        told.on_weights(trained.step, number=number, total=len(chosen))
        cache = cache.for_other_weights()
        results = _measure(plan, trained, known, datasets, asked, cache, told)
        add_results(run.path, results)
        found += results
    return found


def weights_at(
    run: RunFolder,
    step: int | None,
    registry: Registry,
    datasets: Datasets,
    *,
    device: str | None = None,
) -> TrainedModel:
    """Return the model of a step: of its checkpoint, of the newest for None, untrained for 0.

    Raises StorageError and ValueError as `TrainedModel.load`, DataError where the training data
    is missing.
    """
    if step != UNTRAINED:
        return TrainedModel.load(run.path, registry, device, step=step)
    plan = run.read_plan()
    model = build_model(plan, registry, device=pick_device(device))
    dataset = datasets.get(plan.train.on)
    fill_support(model, plan, dataset, support_rows(plan, dataset))
    return TrainedModel(plan, model, registry, step=UNTRAINED)


def _measure(
    plan: Plan,
    trained: TrainedModel,
    registry: Registry,
    datasets: Datasets,
    asked: Sequence[EvaluationPlan],
    cache: Cache,
    told: EvaluationObserver,
) -> list[MetricResult]:
    for warning in trained.warnings:
        told.on_message(warning)
    return evaluate(
        plan,
        trained,
        registry,
        datasets.folder,
        told,
        datasets=datasets,
        evaluations=asked,
        cache=cache,
    )


def _data_folder(run: RunFolder, given: Path | str | None) -> Path:
    if given is not None:
        return Path(given)
    recorded = read_environment(run.environment).get("data_folder")
    return Path(recorded) if isinstance(recorded, str) and Path(recorded).is_dir() else Path()


def _as_warning(found: Diagnostic) -> Diagnostic:
    notes = (*found.notes, "its step is left out")
    return Diagnostic(found.code, found.summary, notes=notes, severity=Severity.WARNING)
