"""What a report is made from, and which tasks its sections show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.planning.plan import ModalityPlan, Plan, TaskPlan
from lzn_runtime.evaluation.context import Datasets
from lzn_runtime.evaluation.labels import class_names
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.evaluation.subject import Trained, task_inputs


@dataclass(frozen=True)
class Material:
    """All that the sections draw on.

    Attributes:
        log: Lines of `metrics.jsonl`, in order.
        spec: The program's text, empty where there is none.
        graph_svg: Picture of the task graph, empty where there is none.
        environment: What `environment.json` says.
        timings: Seconds of each phase of the run, by its name.
        problems: Metrics that could not be measured, and why.
    """

    plan: Plan
    trained: Trained
    results: Sequence[MetricResult]
    datasets: Datasets
    log: Sequence[Mapping[str, Any]]
    spec: str
    graph_svg: str
    environment: Mapping[str, Any]
    timings: Mapping[str, float]
    problems: Sequence[Diagnostic]

    @property
    def data(self) -> str:
        """The dataset that is shown: that of the first evaluation, else the training data."""
        if self.plan.evaluations:
            return self.plan.evaluations[0].data
        return self.plan.train.on

    @property
    def seed(self) -> int:
        """Seed of all draws of the report: the run's."""
        return self.plan.train.seed

    def picture_tasks(self) -> list[TaskPlan]:
        """Return the tasks whose output is one picture that can be shown."""
        return [t for t in self.plan.tasks if self._shows(t)]

    def picture_of(self, task: TaskPlan) -> ModalityPlan:
        """Return the modality of a picture task's output."""
        return self.plan.modality(str(task.output.modality))

    def classes(self) -> ModalityPlan | None:
        """Return the modality that classes are read off as: the first discrete one, or None."""
        named = [m for m in self.plan.modalities if "discrete" in m.capabilities]
        told = {m.condition for m in self.plan.modalities if m.condition}
        first = [m for m in named if m.name in told]
        return next(iter(first or named), None)

    def names(self, modality: ModalityPlan) -> tuple[str, ...]:
        """Return the names of a discrete modality's classes."""
        return class_names(self.plan, modality.name, modality.sample["classes"])

    def inputs(self, task: TaskPlan) -> dict[str, ModalityPlan]:
        """Return the modality of each input of a task."""
        return {name: self.plan.modality(m) for name, m in task_inputs(task).items()}

    def _shows(self, task: TaskPlan) -> bool:
        if task.output.kind != "sample" or task.output.modality is None or task.many > 1:
            return False
        modality = self.plan.modality(task.output.modality)
        return modality.component.name == "image" and modality.sample.get("channels") in (1, 3)
