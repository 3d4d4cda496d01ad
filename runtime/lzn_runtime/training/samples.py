"""Grids of samples while a program trains: one for each task that yields images."""

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Severity, TrainingError
from lzn_dsl.planning.plan import Plan, TaskPlan
from lzn_dsl.registry.registry import Registry
from lzn_runtime.compile.model import LatentModel
from lzn_runtime.compile.routine import Routine
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.flow.sampler import SamplerError
from lzn_runtime.pictures.grid import write_grid
from lzn_runtime.pictures.labelled import write_class_grid, write_labelled_grid

_CLASSES = 10
"""Classes that a grid shows at most, one in a row."""
_COLUMNS = 8
"""Samples of a class, or columns of a grid without classes."""
_PLAIN = 32
"""Samples of a grid without classes."""
_MOST_ROWS = 16
"""Images for each input that a grid shows at most."""


class SampleGrids:
    """Draws and writes the grids of a plan.

    Each grid has the same noise, classes and input images at every step, so that they show the
    training and nothing else.

    Args:
        plan: The plan.
        registry: Where samplers are found.
        model: The averaged weights, with their support.
        dataset: The training data, of which the first images are inputs.
        folder: Where the grids are written.
        warn: Told where a grid cannot be drawn or written (LZN713).
    """

    def __init__(
        self,
        plan: Plan,
        registry: Registry,
        model: LatentModel,
        dataset: Dataset,
        folder: Path,
        *,
        warn: Callable[[Diagnostic], None],
    ) -> None:
        self._plan = plan
        self._model = model
        self._dataset = dataset
        self._folder = folder
        self._warn = warn
        self._routines = {
            task.name: Routine(plan, task, model, registry)
            for task in plan.tasks
            if self._yields_images(task) and self._has_inputs(task)
        }

    def __bool__(self) -> bool:
        return bool(self._routines)

    def write(self, step: int) -> list[Path]:
        """Write the grids of a step; return those that were written."""
        written = []
        for name, routine in self._routines.items():
            path = self._folder / f"step-{step:08d}-{name}.png"
            try:
                self._draw(routine, path)
            except (OSError, SamplerError, TrainingError) as error:
                self._warn(
                    Diagnostic(
                        code="LZN713",
                        summary=f"`{path}` was not written: {error}",
                        notes=("training goes on",),
                        severity=Severity.WARNING,
                    )
                )
            else:
                written.append(path)
        return written

    def _draw(self, routine: Routine, path: Path) -> None:
        seed = self._plan.train.seed
        inputs, many = list(routine.inputs.items()), routine.task.many
        if not inputs:
            images = routine({}, count=max(1, _PLAIN // many), seed=seed).value
            write_grid(images, path, columns=many if many > 1 else _COLUMNS)
            return
        modality = self._plan.modality(inputs[0][1])
        if len(inputs) == 1 and self._finite(modality.name):
            classes = min(modality.sample["classes"], _CLASSES)
            labels = torch.arange(classes).repeat_interleave(max(1, _COLUMNS // many))
            images = routine({inputs[0][0]: labels}, seed=seed).value
            names = [*modality.names, *map(str, range(len(modality.names), classes))][:classes]
            write_class_grid(images, names, path, columns=len(images) // classes)
            return
        count = min(_COLUMNS, len(self._dataset))
        columns = self._dataset.__getitems__(list(range(count)))
        given: dict[str, Tensor] = {}
        for number, (name, kind) in enumerate(inputs):  # two of a kind are not the same sample
            given[name] = columns[kind].roll(number, 0)
        images = routine(given, seed=seed).grouped.cpu()  # (count, many, ...)
        shown = [column for column in given.values() if self._alike(column, images[:, 0])]
        rows = ["input"] * len(shown) + ["output"] * many
        outputs = images.transpose(0, 1).flatten(0, 1)
        write_labelled_grid(torch.cat([*shown, outputs]), path, rows=rows, per_row=count)

    def _yields_images(self, task: TaskPlan) -> bool:
        output = task.output
        if output.kind != "sample" or output.modality is None or task.many > _MOST_ROWS:
            return False
        modality = self._plan.modality(output.modality)
        return modality.component.name == "image" and modality.sample["channels"] in (1, 3)

    def _has_inputs(self, task: TaskPlan) -> bool:
        """Whether the inputs are classes, or columns of the data that can be encoded."""
        columns = self._plan.dataset(self._plan.train.on).columns
        names = [s.modality or "" for s in task.steps if s.primitive == "input"]
        usable = (self._finite(n) or (n in columns and self._plan.train.support > 0) for n in names)
        return all(usable)

    def _finite(self, modality: str) -> bool:
        return self._model.modality(modality).finite_anchors() is not None

    @staticmethod
    def _alike(column: Tensor, images: Tensor) -> bool:
        return column.shape == images.shape and column.dtype == images.dtype
