"""Models and datasets for tests of metrics and reports."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from helpers.plans import TASKS, component, digits_plan
from lzn_dsl.planning.plan import DatasetPlan, EvaluationPlan, Plan, TaskPlan
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.plugins import builtin_entries
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component
from lzn_runtime.compile.model import LatentModel, build_model
from lzn_runtime.compile.result import TaskResult
from lzn_runtime.compile.support import choose_support, fill_support
from lzn_runtime.data.dataset import Dataset, InMemoryDataset
from lzn_runtime.evaluation.context import Context, Datasets
from lzn_runtime.trained_model import TrainedModel

Answer = Callable[[Mapping[str, Tensor], Tensor], TaskResult]
"""A task of a stand-in: its inputs and the samples' numbers to its result."""

REGISTRY = Registry(builtin_entries())


def judged_plan(
    *evaluations: tuple[str, str],
    tasks: Sequence[str] = ("draw", "fresh", "name", "gist", "rebuild"),
) -> Plan:
    """The plan of the digits with their held-out part as `unseen`, and (task, metric) pairs."""
    plan = digits_plan(tasks=tasks)
    seen = plan.datasets[0]
    unseen = DatasetPlan(
        name="unseen",
        component=component(Kind.DATASET, "digits", split="test"),
        columns=seen.columns,
    )
    judged = tuple(
        EvaluationPlan(task=task, data="unseen", metric=REGISTRY.complete(Kind.METRIC, metric, {}))
        for task, metric in evaluations
    )
    return plan.model_copy(update={"datasets": (seen, unseen), "evaluations": judged})


class StandIn:
    """A trained model whose tasks are functions; its weights are those of the start."""

    def __init__(self, plan: Plan, **answers: Answer) -> None:
        self.plan = plan
        self.step = 0
        self.model: LatentModel = build_model(plan, REGISTRY, device=torch.device("cpu"))
        self.calls: list[tuple[str, int]] = []
        self._answers = answers

    def run(
        self,
        task: str,
        inputs: dict[str, Any] | None = None,
        *,
        count: int | None = None,
        seed: int = 0,
        index: Tensor | None = None,
    ) -> TaskResult:
        """Answer, and note the task and the number of samples."""
        given = inputs or {}
        number = len(next(iter(given.values()))) if given else count or 1
        self.calls.append((task, number))
        return self._answers[task](given, torch.arange(number) if index is None else index)


class Held(Datasets):
    """Datasets that are in memory already."""

    def __init__(self, plan: Plan, **datasets: Dataset) -> None:
        super().__init__(plan, REGISTRY, Path())
        self._open.update(datasets)


def context(plan: Plan, *, data: str = "unseen", **datasets: Dataset) -> Context:
    """A context in which the named datasets are these."""
    return Context(plan, REGISTRY, Held(plan, **datasets), data, torch.device("cpu"))


def quarters(count: int, *, seed: int = 0, classes: int = 10) -> InMemoryDataset:
    """Pictures that are easy to tell apart: the bits of a class's number light up the quarters."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % classes
    images = torch.randint(0, 60, (count, 1, 8, 8), generator=generator)
    for bit in range(4):
        lit = ((labels + 1) >> bit & 1)[:, None, None, None] * 150
        top, left = bit // 2 * 4, bit % 2 * 4
        images[:, :, top : top + 4, left : left + 4] += lit
    return InMemoryDataset({"image": images.to(torch.uint8), "label": labels})


def untrained(plan: Plan, dataset: Dataset) -> TrainedModel:
    """A model with the weights of the start, and its support."""
    model = build_model(plan, REGISTRY, device=torch.device("cpu"))
    chosen = choose_support(plan.train.support, len(dataset), dataset.labels("label"), seed=0)
    fill_support(model, plan, dataset, chosen)
    return TrainedModel(plan, model, REGISTRY, step=0)


def metric(name: str, **settings: Any) -> Component:
    """A metric with its defaults filled in."""
    return REGISTRY.complete(Kind.METRIC, name, settings)


def task(name: str) -> TaskPlan:
    """A task of the digits."""
    return TASKS[name]
