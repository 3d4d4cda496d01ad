"""A trained model, whose tasks are methods; those of an imported file are below its name.

model = TrainedModel.load("runs/digits", registry)
model.draw(label=[3] * 16, seed=1).value        # uint8 (16, 1, 8, 8)
model.name(image=picture).scores                # (1, 10)
model.fresh(count=16).value
model.base.draw(label=[3])                      # task `draw` of an imported file
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError
from lzn_dsl.diagnostics.suggest import suggest
from lzn_dsl.planning.expressions import plan_expression
from lzn_dsl.planning.plan import Plan, TaskPlan
from lzn_dsl.registry.plugins import default_registry
from lzn_dsl.registry.registry import Registry
from lzn_runtime.compile.inputs import input_type, to_column
from lzn_runtime.compile.model import LatentModel, build_model
from lzn_runtime.compile.result import TaskResult
from lzn_runtime.compile.routine import Routine
from lzn_runtime.compile.soundness import check_size, doubtful_weights, refuse_damaged
from lzn_runtime.device import pick_device
from lzn_runtime.training.checkpoint_store import CheckpointStore
from lzn_runtime.training.run_folder import RunFolder
from lzn_runtime.training.training_state import load_support, load_weights
from lzn_runtime.use.namespace import find_task, first_names


class TrainedModel:
    """The tasks of a plan over trained weights. Each task is a method of its name.

    Args:
        plan: The plan.
        model: Its averaged weights, with their support.
        registry: Where samplers are found.
        step: Training steps behind the weights.
        warnings: What was noticed when it was loaded.
    """

    def __init__(
        self,
        plan: Plan,
        model: LatentModel,
        registry: Registry,
        *,
        step: int,
        warnings: Sequence[Diagnostic] = (),
    ) -> None:
        self.plan = plan
        self.model = model.eval().requires_grad_(requires_grad=False)
        self._registry = registry
        self.step = step
        self.warnings = tuple(warnings)
        self._expressions: dict[str, TaskPlan] = {}
        self._methods = {task.name: self._method(task) for task in plan.tasks}

    @classmethod
    def load(
        cls,
        folder: Path | str,
        registry: Registry,
        device: torch.device | str | None = None,
        *,
        step: int | None = None,
    ) -> "TrainedModel":
        """Load the newest sound checkpoint of a run folder, or that of a step.

        Nothing in the folder is changed.

        Raises:
            StorageError: No run folder (LZN708), no sound checkpoint (LZN702), or one that does
                not fit its plan (LZN709); the step has no sound checkpoint (LZN718); the path is
                of weights that may run code (LZN714).
            ValueError: The device is not there.
        """
        run = RunFolder(Path(folder))
        plan = run.read_plan()
        warnings: list[Diagnostic] = []
        store = CheckpointStore(run.checkpoints, warn=warnings.append)
        stored = store.peek() if step is None else store.at(step)
        if stored is None:
            raise StorageError(
                Diagnostic(
                    code="LZN708",
                    summary=f"`{run.path}` has no checkpoint yet",
                    hint="`lzn run` trains it",
                )
            )
        where = device if isinstance(device, torch.device) else pick_device(device)
        try:
            check_size(plan, registry, stored)
            model = build_model(plan, registry, device=where)
        except (ValueError, KeyError) as failure:
            raise StorageError(_unknown_parts(run.path, failure)) from failure
        load_weights(model, stored, "ema")
        load_support(model, stored)
        warnings += doubtful_weights(model)
        return cls(plan, model, registry, step=stored.step, warnings=warnings)

    def run(
        self,
        task: str,
        inputs: dict[str, Any] | None = None,
        *,
        count: int | None = None,
        seed: int = 0,
        index: Tensor | Sequence[int] | None = None,
    ) -> TaskResult:
        """Run a task by name, or an expression over tasks, verbs and modalities of the program.

        Args:
            task: Name of the task, or an expression such as `name (draw label)`.
            inputs: For each input, samples as `compile.inputs` takes them, or the result of another
                task.
            count: Number of samples, for a task without inputs; by default 1.
            seed: Seed of all noise; a sample's noise depends on it and on the sample's number.
            index: Numbers of the samples, by default 0, 1, 2, ...

        Raises:
            ValueError: There is no such task, or it takes other inputs.
            SpecError: The expression is wrong, or the model was not trained for it.
            TrainingError: The task encodes samples and the model has no support (LZN604), or zones
                of several samples do not meet (LZN607).
            StorageError: The weights are damaged (LZN717).
        """
        refuse_damaged(self.warnings)
        plan = self._task(task)
        routine = Routine(self.plan, plan, self.model, self._registry)
        given = inputs or {}
        unknown = [name for name in given if name not in routine.inputs]
        if unknown:
            hint = suggest(unknown[0], routine.inputs)
            raise ValueError(f"`{task}` takes no `{unknown[0]}`{f'; {hint}' if hint else ''}")
        columns = {
            name: to_column(_value(value, name), self.plan.modality(routine.inputs[name]))
            for name, value in given.items()
        }
        if not routine.inputs and count is None:
            count = 1
        numbers = None if index is None else torch.as_tensor(index, dtype=torch.int64)
        return routine(_spread(columns), count=count, seed=seed, index=numbers)

    def _repr_html_(self) -> str:
        """What a notebook shows: the tasks, as a table."""
        from lzn_dsl.notebook.display import model_html

        return model_html(self.plan, self.step)

    def __getattr__(self, name: str) -> Any:
        return find_task(self.__dict__.get("_methods", {}), name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *first_names(self.__dict__.get("_methods", {}))]

    def _task(self, text: str) -> TaskPlan:
        if text.isidentifier() or any(text == task.name for task in self.plan.tasks):
            return self.plan.task(text)
        if text not in self._expressions:
            self._expressions[text] = plan_expression(self.plan, text)
        return self._expressions[text]

    def _method(self, task: TaskPlan) -> Callable[..., TaskResult]:
        inputs = {s.id: s.modality or "" for s in task.steps if s.primitive == "input"}
        kinds = {name: input_type(self.plan.modality(m)) for name, m in inputs.items()}

        def method(*arguments: Any, **options: Any) -> TaskResult:
            bound = signature.bind(*arguments, **options)
            bound.apply_defaults()
            values = dict(bound.arguments)
            given = {name: values.pop(name) for name in kinds}
            return self.run(task.name, given, **values)

        signature = _signature(kinds)
        method.__name__ = method.__qualname__ = task.name
        method.__doc__ = _document(self.plan, task)
        method.__signature__ = signature  # type: ignore[attr-defined]  # what inspect reads
        return method


def open_run(
    folder: Path | str,
    *,
    registry: Registry | None = None,
    device: torch.device | str | None = None,
    step: int | None = None,
) -> TrainedModel:
    """Open the trained model of a run folder; see `TrainedModel.load`.

    Args:
        folder: The run folder.
        registry: Components that its plan may name; by default those of this installation.
        device: By default CUDA where there is one, else the CPU.
        step: The step whose checkpoint is opened; by default the newest.
    """
    return TrainedModel.load(folder, registry or default_registry(), device, step=step)


def _unknown_parts(path: Path, failure: ValueError | KeyError) -> Diagnostic:
    return Diagnostic(
        code="LZN709",
        summary=f"the model of `{path}` cannot be built: {failure}",
        hint="install the package that provided its components, in the version of the run",
    )


def _value(value: Any, name: str) -> Any:
    """Return the samples that a task yielded, where its result is given to another one."""
    if not isinstance(value, TaskResult):
        return value
    if value.kind != "sample":
        raise ValueError(f"`{name}` takes samples, got a result that is {value.kind}")
    return value.value


def _spread(columns: dict[str, Tensor]) -> dict[str, Tensor]:
    """Repeat inputs of one sample, so that all have one length."""
    count = max((len(column) for column in columns.values()), default=0)
    return {
        name: column.expand(count, *column.shape[1:]) if len(column) == 1 else column
        for name, column in columns.items()
    }


def _signature(inputs: Mapping[str, Any]) -> inspect.Signature:
    keyword = inspect.Parameter.KEYWORD_ONLY
    either = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter(n, either, annotation=kind) for n, kind in inputs.items()]
    if not inputs:
        parameters.append(inspect.Parameter("count", either, default=1, annotation=int))
    parameters.append(inspect.Parameter("seed", keyword, default=0, annotation=int))
    numbers = Tensor | Sequence[int] | None
    parameters.append(inspect.Parameter("index", keyword, default=None, annotation=numbers))
    return inspect.Signature(parameters, return_annotation=TaskResult)


def _document(plan: Plan, task: TaskPlan) -> str:
    lines = [f"{task.phrase[:1].upper()}{task.phrase[1:]}.", "", "Args:"]
    for step in task.steps:
        if step.primitive != "input" or step.modality is None:
            continue
        modality = plan.modality(step.modality)
        sample = modality.sample
        if "discrete" in modality.capabilities:
            what = f"classes, 0 to {sample['classes'] - 1}"
            what += f" or {', '.join(modality.names[:10])}" if modality.names else ""
            what += ", ..." if len(modality.names) > 10 else ""
        elif modality.component.name == "image":
            shape = f"({sample['channels']}, {sample['height']}, {sample['width']})"
            what = f"images of shape {shape}, uint8 in 0 to 255 or floating in 0 to 1"
        else:
            what = f"a batch of {modality.name}"
        lines.append(f"    {step.id}: {what}.")
    if not any(step.primitive == "input" for step in task.steps):
        lines.append("    count: How many samples.")
    lines.append("    seed: Seed of all noise.")
    lines.append(
        "    index: Number of each sample, which decides its noise; by default 0, 1, 2, ..."
    )
    return "\n".join([*lines, "", f"Returns a `TaskResult` whose value is {_yield(task)}."])


def _yield(task: TaskPlan) -> str:
    rows = f", {task.many:,} rows for each sample" if task.many > 1 else ""
    return f"{task.output}{rows}"
