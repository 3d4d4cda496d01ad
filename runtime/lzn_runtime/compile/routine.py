"""A task's routine: the primitives of its steps, applied in order to chunks of samples.

Dimensions: n samples that the task is given.
"""

from collections.abc import Mapping

import torch
from jaxtyping import Int
from torch import Tensor

from lzn_dsl.planning.plan import Plan, TaskPlan
from lzn_dsl.registry.entry import Kind, Sizes
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component
from lzn_dsl.semantics.primitives import PRIMITIVES
from lzn_runtime.compile.chunks import Rows, chunk_size, run_in_chunks
from lzn_runtime.compile.model import LatentModel
from lzn_runtime.compile.result import TaskResult
from lzn_runtime.compile.steps import Run, Setting
from lzn_runtime.compile.zones import Zones
from lzn_runtime.flow.sampler import Sampler
from lzn_runtime.loading import build_component
from lzn_runtime.modalities.protocol import Decoder


class Routine:
    """One task of a model, as a function of tensors.

    Args:
        plan: The plan.
        task: One of its tasks, or one made for it.
        model: The model, in evaluation mode.
        registry: Where the samplers of its steps are found.
    """

    def __init__(self, plan: Plan, task: TaskPlan, model: LatentModel, registry: Registry) -> None:
        self.plan = plan
        self.task = task
        self.inputs = {s.id: s.modality or s.id for s in task.steps if s.primitive == "input"}
        self._model = model
        size = chunk_size(model.device, drawing=self._draws())
        self._rows = max(1, size // max(step.many for step in task.steps))
        zones = Zones(model, task.name, solver_steps=plan.train.solver_steps, block=size)
        samplers = {s.id: _sampler(plan, s.sampler, registry) for s in task.steps if s.sampler}
        self._setting = Setting(plan, task, model, zones, samplers, size)
        unknown = [s.primitive for s in task.steps if s.primitive not in (*PRIMITIVES, "input")]
        if unknown:
            raise ValueError(f"this runtime does not know the primitive `{unknown[0]}`")

    @torch.no_grad()
    def __call__(
        self,
        inputs: Mapping[str, Tensor],
        *,
        count: int | None = None,
        seed: int = 0,
        index: Int[Tensor, " n"] | None = None,
    ) -> TaskResult:
        """Run the task for n samples; the same samples give the same result in any company.

        Args:
            inputs: For each input a batch of its column: images uint8 (n, channels, height,
                width), labels int64 (n,).
            count: How many samples, for a task without inputs; at least 1.
            seed: Seed of all noise.
            index: Number of each sample (n,), which with the seed decides its noise; by default
                0, 1, 2, ...

        Raises:
            ValueError: The inputs are not those of the task, or not of one length.
            TrainingError: A sample is to be encoded and the model has no support (LZN604), or no
                latent is found where zones should meet (LZN607).
        """
        device = self._model.device
        number = self._count(inputs, count)
        if index is None:
            index = torch.arange(number)
        if index.shape != (number,):
            raise ValueError(f"index must have shape ({number},), got {tuple(index.shape)}")
        found = run_in_chunks(
            lambda rows: self._chunk(rows, seed),
            {name: column.to(device) for name, column in inputs.items()},
            index.to(device),
            size=self._rows,
            many=self.task.many,
        )
        output = self.task.output
        named = output.modality if output.kind in ("sample", "ranking") else None
        return TaskResult(
            found["value"],
            found.get("scores"),
            found.get("latents"),
            self.plan.modality(named).names if named else (),
            kind=output.kind,
            modality=output.modality,
            many=self.task.many,
            tries=found.get("tries"),
        )

    def _draws(self) -> bool:
        """Whether a decoder draws samples."""
        decoders = (
            self._model.modality(step.modality or "").decoder
            for step in self.task.steps
            if step.primitive in ("decode", "invert")
        )
        return any(isinstance(decoder, Decoder) for decoder in decoders)

    def _count(self, inputs: Mapping[str, Tensor], count: int | None) -> int:
        if set(inputs) != set(self.inputs):
            wanted = ", ".join(f"`{name}`" for name in self.inputs) or "no inputs"
            given = ", ".join(f"`{name}`" for name in inputs) or "none"
            raise ValueError(f"the task `{self.task.name}` takes {wanted}, got {given}")
        lengths = {name: len(column) for name, column in inputs.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"inputs must have one length, got {lengths}")
        number = next(iter(lengths.values()), count)
        if number is None or number < 1 or (count is not None and count != number):
            raise ValueError(f"the number of samples must be 1 or more, got {number} and {count}")
        return number

    def _chunk(self, rows: Rows, seed: int) -> dict[str, Tensor]:
        run = Run(self._setting, rows, seed)
        value = [run.apply(step) for step in self.task.steps][-1]
        output, data = self.task.output, value.data
        if output.kind == "sample" and output.modality:
            data = self._model.modality(output.modality).to_data(data)
        found = {"value": data}
        optional = {"scores": value.scores, "latents": value.latents, "tries": value.tries}
        return {**found, **{name: part for name, part in optional.items() if part is not None}}


def _sampler(plan: Plan, component: Component | None, registry: Registry) -> Sampler:
    assert component is not None
    sizes = Sizes(latent_dim=plan.dim, sample={})
    sampler = build_component(Kind.SAMPLER, component, sizes, registry)
    assert isinstance(sampler, Sampler)
    return sampler
