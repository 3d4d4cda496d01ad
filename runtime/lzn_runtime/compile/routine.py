"""A task's routine: the primitives of its steps, applied in order.

    input     samples as the caller has them             encode    a latent drawn from a zone
    prior     a latent drawn from N(0, I)                center    the centre of a zone
    anchor    the encoder's output                       features  what the encoder's head reads
    invert    a latent, and the noise from which its decoder rebuilds the sample
    decode    a sample made from a latent

A sample with a finite set of anchors (a label) has the zone that all of them bound, all classes
alike; any other has the zone that the support anchors and itself bound. A decoder that is told
classes reads them off the latent by the label decoder. All noise is a function of (seed, step,
index of the sample). t = 0: latent, t = 1: anchor. Source: arXiv:2509.15591, appendix E.2.

Dimensions: b rows of a chunk, n samples, c classes, q latent size.
"""

from collections.abc import Mapping
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from lzn_dsl.diagnostics.diagnostic import Diagnostic, TrainingError
from lzn_dsl.planning.plan import Plan, StepPlan, TaskPlan
from lzn_dsl.registry.entry import Kind, Sizes
from lzn_dsl.registry.registry import Registry
from lzn_runtime import randomness
from lzn_runtime.compile.chunks import Rows, chunk_size, run_in_chunks
from lzn_runtime.compile.model import LatentModel
from lzn_runtime.compile.result import TaskResult
from lzn_runtime.compile.zones import latents_in_support, latents_of_classes
from lzn_runtime.flow.sampler import Sampler
from lzn_runtime.latent import LocalizationAB2
from lzn_runtime.loading import build_component
from lzn_runtime.modalities.protocol import ClassDecoder, Decoder


class _Value(NamedTuple):
    """The value of a step: samples as the model takes them, features or latents."""

    data: Tensor
    noise: Tensor | None = None  # of a latent by `invert`: what its decoder starts from
    scores: Tensor | None = None  # of labels that were decoded
    latents: Tensor | None = None  # what it was made from


class Routine:
    """One task of a model, as a function of tensors.

    Args:
        plan: The plan.
        task: One of its tasks.
        model: The model, in evaluation mode.
        registry: Where the task's sampler is found.
    """

    def __init__(self, plan: Plan, task: TaskPlan, model: LatentModel, registry: Registry) -> None:
        self.plan = plan
        self.task = task
        self.inputs = {s.id: s.modality or s.id for s in task.steps if s.primitive == "input"}
        self._model = model
        self._solver = LocalizationAB2(plan.train.solver_steps)
        self._sampler = _sampler(plan, task, registry)
        self._apply = {
            "input": self._input,
            "prior": self._prior,
            "encode": self._encode,
            "center": self._center,
            "anchor": self._anchor,
            "features": self._features,
            "invert": self._invert,
            "decode": self._decode,
        }
        unknown = [s.primitive for s in task.steps if s.primitive not in self._apply]
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
            TrainingError: A sample is to be encoded and the model has no support (LZN604).
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
            size=chunk_size(device, drawing=self._draws()),
        )
        output = self.task.output
        names = self.plan.modality(output.modality).names if output.modality else ()
        return TaskResult(
            found["value"],
            found.get("scores"),
            found.get("latents"),
            names if output.kind == "sample" else (),
        )

    def _draws(self) -> bool:
        """Whether a decoder draws samples."""
        decoders = (
            self._model.modality(_modality(step)).decoder
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
        values: dict[str, _Value] = {}
        run = _Run(rows, seed, values)
        for step in self.task.steps:
            values[step.id] = self._apply[step.primitive](step, run)
        last, value = self.task.steps[-1], values[self.task.steps[-1].id]
        data = value.data
        if self.task.output.kind == "sample" and last.modality:
            data = self._model.modality(last.modality).to_data(data)
        found = {"value": data}
        if value.scores is not None:
            found["scores"] = value.scores
        if value.latents is not None:
            found["latents"] = value.latents
        return found

    def _input(self, step: StepPlan, run: "_Run") -> _Value:
        column = run.rows.inputs[step.id]
        return _Value(self._model.modality(_modality(step)).to_model(column))

    def _prior(self, step: StepPlan, run: "_Run") -> _Value:
        return _latent(self._noise(step, run))

    def _encode(self, step: StepPlan, run: "_Run") -> _Value:
        return _latent(self._zone(step, run, self.task.alpha))

    def _center(self, step: StepPlan, run: "_Run") -> _Value:
        return _latent(self._zone(step, run, 0.0))

    def _anchor(self, step: StepPlan, run: "_Run") -> _Value:
        encoder = self._model.modality(_modality(step)).encoder
        return _Value(encoder(run.operand(step).data))

    def _features(self, step: StepPlan, run: "_Run") -> _Value:
        encoder = self._model.modality(_modality(step)).encoder
        return _Value(encoder.features(run.operand(step).data))

    def _invert(self, step: StepPlan, run: "_Run") -> _Value:
        decoder = self._model.modality(_modality(step)).decoder
        latents = self._zone(step, run, self.task.alpha)
        if not isinstance(decoder, Decoder):  # classes: nothing is lost that noise would carry
            return _latent(latents)
        noise = decoder.invert(
            run.operand(step).data,
            latents,
            classes=self._classes(_modality(step), latents),
            sampler=self._sampler,
        )
        return _Value(latents, noise=noise, latents=latents)

    def _decode(self, step: StepPlan, run: "_Run") -> _Value:
        latent = run.operand(step)
        name = _modality(step)
        decoder = self._model.modality(name).decoder
        if decoder is None:
            raise ValueError(f"the modality `{name}` has no decoder")
        if isinstance(decoder, ClassDecoder):
            scores = decoder.decode(latent.data)
            return _Value(scores.argmax(-1), scores=scores.exp(), latents=latent.data)
        samples = decoder.sample(
            latent.data,
            classes=self._classes(name, latent.data),
            key=randomness.key(run.seed, f"decode {name}", run.occurrence(step, self.task)),
            index=run.rows.index,
            noise=latent.noise,
            sampler=self._sampler,
        )
        return _Value(samples, latents=latent.data)

    def _zone(self, step: StepPlan, run: "_Run", alpha: float) -> Float[Tensor, "b q"]:
        """Latents of the operand's samples: from their zones, with own noise of scale alpha."""
        name = _modality(step)
        modality = self._model.modality(name)
        samples = run.operand(step).data
        noise = alpha * self._noise(step, run)
        classes = modality.finite_anchors()
        if classes is not None:
            return latents_of_classes(classes, samples, noise)
        support = self._model.support(name)
        if support is None:
            raise TrainingError(_no_support(self.task.name, name))
        return latents_in_support(modality.encoder(samples), support, noise, self._solver)

    def _noise(self, step: StepPlan, run: "_Run") -> Float[Tensor, "b q"]:
        purpose = "prior" if step.primitive == "prior" else f"zone {step.modality}"
        key = randomness.key(run.seed, purpose, run.occurrence(step, self.task))
        return randomness.normal(key, run.rows.index, (self._model.latent_dim,))

    def _classes(self, name: str, latents: Float[Tensor, "b q"]) -> Float[Tensor, "b c"] | None:
        """The class vector that a decoder is told: the class at the end of the latent's flow."""
        condition = self.plan.modality(name).condition
        if condition is None:
            return None
        decoder = self._model.modality(condition).decoder
        assert isinstance(decoder, ClassDecoder)
        scores = decoder.decode(latents)
        return functional.one_hot(scores.argmax(-1), scores.shape[-1]).to(latents.dtype)


class _Run(NamedTuple):
    """One chunk of a call, with the values of the steps that have run."""

    rows: Rows
    seed: int
    values: dict[str, _Value]

    def operand(self, step: StepPlan) -> _Value:
        return self.values[step.operands[0]]

    def occurrence(self, step: StepPlan, task: TaskPlan) -> int:
        """How many steps of this primitive and modality come before: each has its own noise."""
        alike = [s.id for s in task.steps if (s.primitive, s.modality) == _kind(step)]
        return alike.index(step.id)


def _kind(step: StepPlan) -> tuple[str, str | None]:
    return step.primitive, step.modality


def _latent(points: Float[Tensor, "b q"]) -> _Value:
    return _Value(points, latents=points)


def _modality(step: StepPlan) -> str:
    if step.modality is None:
        raise ValueError(f"the step `{step.id}` of the plan names no modality")
    return step.modality


def _sampler(plan: Plan, task: TaskPlan, registry: Registry) -> Sampler | None:
    if task.sampler is None:
        return None
    sizes = Sizes(latent_dim=plan.dim, sample={})
    sampler = build_component(Kind.SAMPLER, task.sampler, sizes, registry)
    assert isinstance(sampler, Sampler)
    return sampler


def _no_support(task: str, modality: str) -> Diagnostic:
    return Diagnostic(
        code="LZN604",
        summary=f"`{task}` encodes `{modality}`, but the model keeps no support anchors",
        hint="set `support: 1_000` in the `train` block and run again",
    )
