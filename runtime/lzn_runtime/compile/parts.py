"""Building the parts of a training from its plan: data, augmentation, optimizer, schedule."""

from collections.abc import Callable, Sequence
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
from lzn_runtime.data.augmentation import Augmentation, View, augment
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
    if not plan.train.augment:
        return None
    images = {m.name for m in plan.modalities if m.component.name == "image"}
    views = {
        name: make_view(plan.train.augment, registry, plan.train.seed, f"augment {name}")
        for name in images
    }

    def change(name: str, column: Tensor, step: int, index: Int[Tensor, " b"]) -> Tensor:
        return views[name](column, step, index) if name in views else column

    return change


def make_views(plan: Plan, registry: Registry) -> dict[str, View]:
    """Return the views that a training step makes of its batch, by the operation's name."""
    views: dict[str, View] = {}
    for op in plan.step:
        if op.op == "batch" and op.view:
            purpose = f"view of {op.modality}"
            seed = plan.train.seed
            views[op.id] = make_view(plan.train.views, registry, seed, purpose, op.view)
    return views


def make_view(
    parts: Sequence[Component], registry: Registry, seed: int, purpose: str, view: int = 0
) -> View:
    """Return augmentations as one random view of pictures.

    Views of another `seed`, `purpose` or number `view` differ as those of another step do. Without
    augmentations the view is the pictures themselves.
    """
    steps = [cast("Augmentation", _factory(registry, Kind.AUGMENTATION, part)()) for part in parts]
    text = f"{purpose}, view {view}" if view else purpose

    def change(images: Tensor, step: int, index: Int[Tensor, " b"]) -> Tensor:
        return augment(steps, images, randomness.key(seed, text, step), index)

    return change


def make_optimizer(plan: Plan, registry: Registry, model: LatentModel) -> torch.optim.Optimizer:
    """Return the plan's optimizer over the model's parameters."""
    optimizer = _factory(registry, Kind.OPTIMIZER, plan.train.optimizer)(model.parameters())
    assert isinstance(optimizer, torch.optim.Optimizer)
    return optimizer


def make_schedule(
    plan: Plan, registry: Registry, part: Component | None = None
) -> Callable[[int], float]:
    """Return the share of the learning rate that each step, from 0, uses: the plan's, or `part`."""
    schedule = _factory(registry, Kind.SCHEDULE, part or plan.train.schedule)(plan.train.steps)
    assert callable(schedule)
    return schedule


def _factory(registry: Registry, kind: Kind, part: Component) -> Callable[..., object]:
    """Return the component's factory, its settings filled in."""
    build = load_factory(registry.get(kind, part.name))
    settings = registry.settings(kind, part)
    return lambda *arguments: build(settings, *arguments)
