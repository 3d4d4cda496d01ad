"""Embeddings with the classes that metrics read off them.

Dimensions: n samples, f features.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lzn_dsl.planning.plan import TaskPlan
from lzn_dsl.registry.builtin.metrics import ReadingSettings
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.evaluation.context import Context
from lzn_runtime.evaluation.drawn import shuffled
from lzn_runtime.evaluation.errors import evaluation_error
from lzn_runtime.evaluation.labels import LabelColumn, label_column
from lzn_runtime.evaluation.subject import Trained, all_rows, run_on


class Embedded(NamedTuple):
    """Samples as a task embeds them; on the CPU."""

    features: Float[Tensor, "n f"]
    labels: Int[Tensor, " n"]


class Lesson(NamedTuple):
    """What is read off an embedding: learned from `seen`, tested on `unseen`."""

    seen: Embedded
    unseen: Embedded
    column: str
    names: tuple[str, ...]  # of all classes


def embed(
    settings: ReadingSettings,
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    context: Context,
    *,
    reader: str,
) -> Lesson:
    """Embed training samples and a dataset; `reader` says in messages what reads it.

    Raises EvaluationError: LZN801 where a dataset has no such labels, LZN802 where the training
    samples have one class only, LZN803 for an embedding that is not finite.
    """
    data, train = context.plan.train.on, context.train_data
    known = _labels(context, data, train, settings.label, reader)
    wanted = _labels(context, context.data, dataset, known.column, reader)
    rows = shuffled(train, context.seed)[: settings.train_samples]
    seen = _embed(trained, task, train, rows, known, context)
    if int(seen.labels.min()) == int(seen.labels.max()):
        raise evaluation_error("LZN802", f"`{data}` has fewer than two classes")
    unseen = _embed(trained, task, dataset, all_rows(dataset), wanted, context)
    return Lesson(seen, unseen, known.column, wanted.names + known.names[len(wanted.names) :])


def _labels(
    context: Context, data: str, dataset: Dataset, wanted: str | None, reader: str
) -> LabelColumn:
    found = label_column(context.plan, data, dataset, wanted=wanted)
    if found is None:
        what = f"column `{wanted}` with classes" if wanted else "column with classes"
        raise evaluation_error("LZN801", f"{reader} needs labels; `{data}` has no {what}")
    return found


def _embed(
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    rows: Int[Tensor, " n"],
    labels: LabelColumn,
    context: Context,
) -> Embedded:
    parts = [
        result.value.cpu().flatten(1)
        for _, result in run_on(trained, task, dataset, rows, seed=context.seed)
    ]
    features = torch.cat(parts)
    if not bool(features.isfinite().all()):
        raise evaluation_error("LZN803", f"the embedding `{task.name}` is not finite")
    return Embedded(features, labels.labels[rows].long())
