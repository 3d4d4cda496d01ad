"""Building the parts of a training from its plan: data, augmentation, optimizer, schedule."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import torch
from jaxtyping import Int
from torch import Tensor

from lzn_dsl.planning.plan import DatasetPlan, Plan
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component
from lzn_runtime import randomness
from lzn_runtime.compile.model import LatentModel
from lzn_runtime.compile.training_step import Augment
from lzn_runtime.data.augmentation import Augmentation, augment
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.loading import load_factory


def open_dataset(data: DatasetPlan, registry: Registry, folder: Path) -> Dataset:
    """Open a dataset of a plan; relative paths in its settings are relative to `folder`.

    Raises DataError where its files are missing or broken.
    """
    dataset = _factory(registry, Kind.DATASET, data.component)(folder)
    assert isinstance(dataset, Dataset)
    return dataset


def make_augment(plan: Plan, registry: Registry) -> Augment | None:
    """Return the plan's augmentations of training images, or None where there are none."""
    steps = [
        cast("Augmentation", _factory(registry, Kind.AUGMENTATION, part)())
        for part in plan.train.augment
    ]
    images = {m.name for m in plan.modalities if m.component.name == "image"}
    if not steps:
        return None

    def change(name: str, column: Tensor, step: int, index: Int[Tensor, " b"]) -> Tensor:
        if name not in images:
            return column
        key = randomness.key(plan.train.seed, f"augment {name}", step)
        return augment(steps, column, key, index)

    return change


def make_optimizer(plan: Plan, registry: Registry, model: LatentModel) -> torch.optim.Optimizer:
    """Return the plan's optimizer over the model's parameters."""
    optimizer = _factory(registry, Kind.OPTIMIZER, plan.train.optimizer)(model.parameters())
    assert isinstance(optimizer, torch.optim.Optimizer)
    return optimizer


def make_schedule(plan: Plan, registry: Registry) -> Callable[[int], float]:
    """Return the share of the learning rate that each step, from 0, uses."""
    schedule = _factory(registry, Kind.SCHEDULE, plan.train.schedule)(plan.train.steps)
    assert callable(schedule)
    return schedule


def _factory(registry: Registry, kind: Kind, part: Component) -> Callable[..., object]:
    """Return the component's factory, its settings filled in."""
    build = load_factory(registry.get(kind, part.name))
    settings = registry.settings(kind, part)
    return lambda *arguments: build(settings, *arguments)
