"""Columns of a dataset that hold classes. Dimensions: n samples of the dataset."""

from typing import NamedTuple

from jaxtyping import Int
from torch import Tensor

from lzn_dsl.planning.plan import Plan
from lzn_runtime.data.dataset import Dataset


class LabelColumn(NamedTuple):
    """A column of classes with what is known of it."""

    column: str
    labels: Int[Tensor, " n"]
    num_classes: int
    names: tuple[str, ...]


def label_column(
    plan: Plan, data: str, dataset: Dataset, *, wanted: str | None = None
) -> LabelColumn | None:
    """Return the wanted column, or the first that holds classes; None where there is none."""
    columns = plan.dataset(data).columns
    for column in columns if wanted is None else [wanted]:
        labels = dataset.labels(column) if column in columns else None
        if labels is None or len(labels) == 0:
            continue
        facts = columns[column].facts
        stated = facts.get("classes")
        count = max(int(labels.max()) + 1, stated if isinstance(stated, int) else 0)
        return LabelColumn(column, labels, count, class_names(plan, column, count, data=data))
    return None


def class_names(plan: Plan, modality: str, count: int, *, data: str = "") -> tuple[str, ...]:
    """Return a name for each class: the modality's, else the dataset's, else its number."""
    names: tuple[str, ...] = ()
    for candidate in plan.modalities:
        if candidate.name == modality:
            names = candidate.names
    if not names and data:
        column = plan.dataset(data).columns.get(modality)
        stated = column.facts.get("names") if column else None
        names = tuple(map(str, stated)) if isinstance(stated, list) else ()
    return (*names, *map(str, range(len(names), count)))[:count]
