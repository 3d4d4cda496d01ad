"""Support anchors for a converted model: the pictures that bound the zones of what it is given.

The published code bounds a sample's zone by the other samples of its batch and saves no anchors. A
model in use needs some (see `compile.support`): they are encoded from pictures that the user names.
"""

from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor

from lzn_dsl.datafiles.class_folders import EXTENSIONS, choose, list_class_folders
from lzn_dsl.diagnostics.diagnostic import DataError, Diagnostic
from lzn_dsl.planning.plan import DatasetPlan, Plan
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.registry import Registry
from lzn_runtime.compile.model import LatentModel
from lzn_runtime.compile.parts import open_dataset
from lzn_runtime.compile.support import choose_support, encode_column
from lzn_runtime.use.inputs import read_pictures

COUNT = 1000
_FETCHED = 256


def add_support(model: LatentModel, plan: Plan, where: str, registry: Registry) -> int:
    """Give the model's pictures support anchors and return their number, at most `COUNT`.

    Args:
        model: The model with its weights, in evaluation mode.
        plan: Its plan.
        where: A folder of pictures, in class folders or not; or the name of a dataset, such as
            `cifar10`, of which the training part is taken, balanced over its classes.
        registry: Where datasets are found.

    Raises:
        DataError: The pictures are not there, cannot be read, or are of another size.
    """
    parts = _of_folder if Path(where).is_dir() else _of_dataset
    found = [encode_column(model, "image", part) for part in parts(where, plan, registry)]
    model.set_support("image", torch.cat(found))
    return sum(len(part) for part in found)


def _of_folder(where: str, plan: Plan, registry: Registry) -> Iterator[Tensor]:
    del registry
    root = Path(where)
    paths = sorted(p for p in root.iterdir() if p.suffix.lower() in EXTENSIONS)
    if not paths:
        classes = list_class_folders(root)
        assert classes is not None  # the folder is there
        chosen = choose(classes, split="all", holdout=0.2, split_seed=0, limit=COUNT)
        pairs = zip(chosen.names, chosen.files, strict=True)
        paths = [root / name / file for name, files in pairs for file in files]
    for first in range(0, len(paths[:COUNT]), _FETCHED):
        part = paths[first : min(first + _FETCHED, COUNT)]
        yield read_pictures(part, plan.modality("image"))


def _of_dataset(where: str, plan: Plan, registry: Registry) -> Iterator[Tensor]:
    entry = registry.find(Kind.DATASET, where)
    required = entry is not None and any(
        field.is_required() for field in entry.settings.model_fields.values()
    )
    if entry is None or required:
        known = ", ".join(f"`{name}`" for name in registry.names(Kind.DATASET))
        raise DataError(
            Diagnostic(
                "LZN507",
                f"`{where}` is no folder of pictures and no dataset that can be named alone",
                notes=(f"datasets: {known}",),
            )
        )
    component = registry.complete(Kind.DATASET, where, {})
    data = DatasetPlan(name=where, component=component, columns={})
    dataset = open_dataset(data, registry, Path())
    indices = choose_support(COUNT, len(dataset), dataset.labels("label"), seed=plan.train.seed)
    for first in range(0, len(indices), _FETCHED):
        column = dataset.__getitems__(indices[first : first + _FETCHED].tolist())["image"]
        if tuple(column.shape[1:]) != _shape(plan):
            summary = f"pictures of `{where}` are {tuple(column.shape[1:])}, not {_shape(plan)}"
            raise DataError(Diagnostic("LZN507", summary))
        yield column


def _shape(plan: Plan) -> tuple[int, int, int]:
    sample = plan.modality("image").sample
    return sample["channels"], sample["height"], sample["width"]
