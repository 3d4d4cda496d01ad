"""What all metrics of one evaluation share: datasets, extractors, drawn samples and their features.

Each is made once, when the first metric asks for it.
"""

import dataclasses
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import torch
from pydantic import JsonValue

from lzn_dsl.planning.plan import Plan
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component
from lzn_runtime.compile.parts import open_dataset
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.evaluation.drawn import Drawn
from lzn_runtime.evaluation.errors import evaluation_error
from lzn_runtime.evaluation.extractor import Extractor, Judgement, Lessons, held_out_accuracy
from lzn_runtime.evaluation.labels import label_column
from lzn_runtime.evaluation.manifolds import Overlap
from lzn_runtime.loading import load_factory


class Datasets:
    """The datasets of a plan, each opened once.

    Args:
        plan: The plan.
        registry: Where datasets are found.
        folder: The folder that relative paths of the program start from.
    """

    def __init__(self, plan: Plan, registry: Registry, folder: Path) -> None:
        self._plan = plan
        self._registry = registry
        self.folder = folder
        self._open: dict[str, Dataset] = {}

    def get(self, name: str) -> Dataset:
        """Return a dataset by its name in the program.

        Raises DataError where its files are missing or broken, ValueError for an unknown name.
        """
        if name not in self._open:
            self._open[name] = open_dataset(self._plan.dataset(name), self._registry, self.folder)
        return self._open[name]


@dataclass(frozen=True)
class Cache:
    """What has been made so far.

    `judged` is by extractor, task (empty for real samples) and data, `overlaps` also by counts.
    """

    extractors: dict[tuple[str, str, str], Extractor] = field(default_factory=dict)
    accuracies: dict[tuple[str, str], dict[str, JsonValue]] = field(default_factory=dict)
    drawn: dict[tuple[str, str, int], Drawn] = field(default_factory=dict)
    judged: dict[tuple[str, str, str], Judgement] = field(default_factory=dict)
    overlaps: dict[tuple[str | int, ...], Overlap] = field(default_factory=dict)

    def for_other_weights(self) -> "Cache":
        """Return a cache of what has been made of data alone, for other weights of the model."""
        real = {key: judged for key, judged in self.judged.items() if not key[1]}
        return Cache(extractors=self.extractors, accuracies=self.accuracies, judged=real)


@dataclass(frozen=True)
class Context:
    """What a metric may use besides the task and its data.

    Attributes:
        data: Name of the dataset that is measured on.
        seed: Seed of all draws of the evaluation.
        device: Where extractors run.
        cache: What the metrics of this evaluation have made.
    """

    plan: Plan
    registry: Registry
    datasets: Datasets
    data: str
    device: torch.device
    cache: Cache = field(default_factory=Cache)

    @property
    def seed(self) -> int:
        """Seed of all draws of the evaluation: the run's."""
        return self.plan.train.seed

    @cached_property
    def train_data(self) -> Dataset:
        """The training data."""
        return self.datasets.get(self.plan.train.on)

    def on(self, data: str) -> "Context":
        """Return the same context for another dataset; what has been made is shared."""
        return dataclasses.replace(self, data=data)

    def extractor(self, component: Component, image: str, *, label: str | None = None) -> Extractor:
        """Return an extractor for an image column; one that learns, learns the training data.

        `label` is the column that it learns from: by default the first with classes.

        Raises EvaluationError: LZN801 where it has to learn and the training data has no such
        column, LZN805 and LZN806 for weights that are not there or not its own.
        """
        data = self.plan.train.on
        entry = self.registry.get(Kind.EXTRACTOR, component.name)
        labels = label_column(self.plan, data, self.train_data, wanted=label)
        if labels is None and "labels" in entry.gives:
            what = f"no column `{label}` with classes" if label else "no column with classes"
            raise evaluation_error(
                "LZN801",
                f"the extractor `{component.name}` needs labels, and the data `{data}` has {what}",
                hint="use data with labels, or leave this metric out",
            )
        learned = labels.column if labels and "labels" in entry.gives else ""
        key = (str(component), image, learned)
        if key not in self.cache.extractors:
            folder = self.datasets.folder
            lessons = Lessons(data, self.train_data, image, labels, self.seed, self.device, folder)
            settings = self.registry.settings(Kind.EXTRACTOR, component)
            made = load_factory(entry)(settings, lessons)
            assert isinstance(made, Extractor)
            self.cache.extractors[key] = made
        return self.cache.extractors[key]

    def identity(self, extractor: Extractor) -> dict[str, JsonValue]:
        """Return what an extractor is, with its own accuracy on the data where it knows classes."""
        if extractor.label is None:
            return extractor.identity
        key = (str(extractor.identity["sha256"]), self.data)
        if key not in self.cache.accuracies:
            self.cache.accuracies[key] = held_out_accuracy(
                extractor, self.data, self.datasets.get(self.data), seen=self.plan.train.on
            )
        return {**extractor.identity, "accuracy": self.cache.accuracies[key]}
