"""The main job: train a plan, evaluate it, and write its report into a run folder."""

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError
from lzn_dsl.planning.plan import Plan
from lzn_dsl.registry.registry import Registry
from lzn_runtime.evaluation.context import Datasets
from lzn_runtime.evaluation.evaluate import evaluate
from lzn_runtime.evaluation.observer import EvaluationObserver, QuietEvaluation
from lzn_runtime.evaluation.record import write_results
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.report.write import write_report
from lzn_runtime.trained_model import TrainedModel
from lzn_runtime.training.loop import train
from lzn_runtime.training.observer import Observer, Quiet, Start, StepReport
from lzn_runtime.training.run_folder import RunFolder
from lzn_runtime.training.sessions import Session, note_session


class RunObserver(Observer, EvaluationObserver, Protocol):
    """Is told of the progress of a whole run."""

    def on_phase(self, name: str) -> None:
        """A part of the run begins: evaluation, the report."""

    def on_finished(self, results: list[MetricResult], report: Path, seconds: float) -> None:
        """The run is done."""


class QuietRun(Quiet, QuietEvaluation):
    """An observer that ignores everything."""

    def on_phase(self, name: str) -> None:
        """Do nothing."""

    def on_finished(self, results: list[MetricResult], report: Path, seconds: float) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class Job:
    """What a run is made from.

    Attributes:
        plan: The plan.
        text: The program's text, kept with the run.
        picture: The task graph as SVG, for the report.
        folder: Folder that relative paths of the program start from.
        imports: The texts that the program imports, kept with the run, by their path beside it.
    """

    plan: Plan
    text: str
    picture: str
    folder: Path
    imports: Mapping[str, str] = field(default_factory=dict)

    @property
    def all_text(self) -> str:
        """The program's text, then those it imports, each under its path."""
        parts = [self.text, *(f"# {path}\n\n{text}" for path, text in self.imports.items())]
        return "\n\n".join(part.strip("\n") for part in parts)


def run(
    job: Job,
    registry: Registry,
    folder: Path,
    *,
    fresh: bool = False,
    device: str | None = None,
    memory: int | None = None,
    observer: RunObserver | None = None,
) -> TrainedModel:
    """Train, evaluate and report; continue where an earlier run in the folder stopped.

    Raises what `train`, `evaluate` and `write_report` raise.
    """
    told = observer or QuietRun()
    start = time.monotonic()
    place = RunFolder(folder)
    watch = _Watch(told)
    try:
        trained = train(
            job.plan,
            registry,
            place,
            observer=watch,
            data_folder=job.folder,
            device=device,
            fresh=fresh,
            spec=job.text,
            imports=job.imports,
            memory=memory,
        )
    finally:
        timings = {"training": time.monotonic() - start}
        if watch.last > watch.first:
            session = Session(first=watch.first, last=watch.last, seconds=timings["training"])
            with contextlib.suppress(StorageError):  # its time is then not known
                note_session(place.sessions, session)
    told.on_phase("evaluating")
    datasets = Datasets(job.plan, registry, job.folder)
    judge = _Judge(told)
    results = evaluate(job.plan, trained, registry, job.folder, judge, datasets=datasets)
    write_results(folder, results, problems=judge.problems, goes_on=watch.first > 0)
    timings["evaluation"] = time.monotonic() - start - timings["training"]
    told.on_phase("writing the report")
    report = write_report(
        folder,
        job.plan,
        trained,
        results,
        datasets=datasets,
        spec=job.all_text,
        graph_svg=job.picture,
        timings=timings,
        problems=judge.problems,
    )
    told.on_finished(results, report, time.monotonic() - start)
    return trained


class _Watch:
    """Passes on what a training tells, and keeps the steps from which and to which it went."""

    def __init__(self, told: Observer) -> None:
        self._told = told
        self.first = 0
        self.last = 0

    def on_start(self, start: Start) -> None:
        self.first = self.last = start.step
        self._told.on_start(start)

    def on_step(self, report: StepReport) -> None:
        self.last = report.step
        self._told.on_step(report)

    def on_checkpoint(self, step: int, path: Path) -> None:
        self._told.on_checkpoint(step, path)

    def on_samples(self, step: int, path: Path) -> None:
        self._told.on_samples(step, path)

    def on_message(self, message: Diagnostic) -> None:
        self._told.on_message(message)


class _Judge:
    """Passes on what an evaluation tells, and keeps what could not be measured."""

    def __init__(self, told: EvaluationObserver) -> None:
        self._told = told
        self.problems: list[Diagnostic] = []

    def on_metric(self, number: int, total: int, name: str) -> None:
        self._told.on_metric(number, total, name)

    def on_result(self, result: MetricResult) -> None:
        self._told.on_result(result)

    def on_message(self, message: Diagnostic) -> None:
        self.problems.append(message)
        self._told.on_message(message)
