"""Samples that a model draws for metrics, drawn once for all of them."""

from typing import NamedTuple

import torch
from jaxtyping import Int
from torch import Tensor

from lzn_dsl.planning.plan import TaskPlan
from lzn_runtime import randomness
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.evaluation.subject import Trained, task_inputs

_BATCH = 1000


class Drawn(NamedTuple):
    """Samples, and the inputs that each was drawn from, by modality."""

    samples: Tensor
    inputs: dict[str, Tensor]


def draw(trained: Trained, task: TaskPlan, dataset: Dataset, count: int, *, seed: int) -> Drawn:
    """Draw `count` samples with a task.

    The inputs are those of `count` samples of the dataset, which the seed chooses: each once before
    one comes twice, so that classes are as frequent among the drawn samples as in the data.
    """
    inputs = task_inputs(task)
    order = shuffled(dataset, seed)
    samples: list[Tensor] = []
    given: dict[str, list[Tensor]] = {modality: [] for modality in inputs.values()}
    for index in torch.split(torch.arange(count), _BATCH):
        columns = _inputs(dataset, order[index % len(order)], list(given))
        for modality, kept in given.items():
            kept.append(columns[modality])
        asked = {name: columns[modality] for name, modality in inputs.items()}
        number = None if asked else len(index)
        result = trained.run(task.name, asked, count=number, seed=seed, index=index)
        samples.append(result.value.cpu())
    return Drawn(torch.cat(samples), {name: torch.cat(kept) for name, kept in given.items()})


def shuffled(dataset: Dataset, seed: int) -> Int[Tensor, " n"]:
    """Return the rows of a dataset in the order in which an evaluation takes them."""
    return randomness.permutation(randomness.key(seed, "evaluation"), len(dataset))


def _inputs(dataset: Dataset, rows: Int[Tensor, " b"], wanted: list[str]) -> dict[str, Tensor]:
    """Return some columns of rows; labels alone are found without decoding a picture."""
    if not wanted:
        return {}
    labels = {name: dataset.labels(name) for name in wanted}
    known = {name: column[rows] for name, column in labels.items() if column is not None}
    if len(known) == len(wanted):
        return known
    return dataset.__getitems__(rows.tolist())
