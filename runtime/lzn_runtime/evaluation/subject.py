"""What is evaluated: a trained model, as far as metrics and reports need to know it."""

from collections.abc import Iterator
from typing import Any, Protocol

import torch
from jaxtyping import Int
from torch import Tensor

from lzn_dsl.planning.plan import Plan, TaskPlan
from lzn_runtime.compile.model import LatentModel
from lzn_runtime.compile.result import TaskResult
from lzn_runtime.data.dataset import Dataset


class Trained(Protocol):
    """A trained model: `lzn_runtime.trained_model.TrainedModel`, or a stand-in for it."""

    @property
    def plan(self) -> Plan:
        """The plan that was trained."""

    @property
    def model(self) -> LatentModel:
        """The model, in evaluation mode."""

    @property
    def step(self) -> int:
        """Training steps behind the weights."""

    def run(
        self,
        task: str,
        inputs: dict[str, Any] | None = None,
        *,
        count: int | None = None,
        seed: int = 0,
        index: Tensor | None = None,
    ) -> TaskResult:
        """Run a task; a sample's noise is decided by the seed and its number in `index`."""


def task_inputs(task: TaskPlan) -> dict[str, str]:
    """Return the modality of each input of a task, by the input's name."""
    return {s.id: s.modality or s.id for s in task.steps if s.primitive == "input"}


def run_on(
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    rows: Int[Tensor, " n"],
    *,
    seed: int,
    batch: int = 1000,
) -> Iterator[tuple[dict[str, Tensor], TaskResult]]:
    """Run a task on rows of a dataset: yield the columns of some rows, and their results.

    A row's noise is decided by the seed and the row's number in the dataset.
    """
    inputs = task_inputs(task)
    for chosen in torch.split(rows, batch):
        columns = dataset.__getitems__(chosen.tolist())
        given = {name: columns[modality] for name, modality in inputs.items()}
        yield columns, trained.run(task.name, given, seed=seed, index=chosen)


def all_rows(dataset: Dataset) -> Int[Tensor, " n"]:
    """Return the numbers of all samples of a dataset."""
    return torch.arange(len(dataset))
