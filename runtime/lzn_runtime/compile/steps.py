"""The primitives of the language, as functions of the values of earlier steps.

    input     samples as the caller has them             encode    a latent drawn from a zone
    prior     a latent drawn from N(0, I)                center    the centre of a zone
    anchor    the encoder's output                       features  what the encoder's head reads
    invert    a latent, and the noise from which its decoder rebuilds the sample
    decode    a sample made from a latent                nearest   a class, by its anchor's product
    meet      a latent of several zones
    blend     a latent between two                       interpolate  several of them
    rank      samples by membership                      score     the membership of one

A sample with a finite set of anchors (a label) has the zone that all of them bound, all classes
alike; any other has the zone that the support anchors and itself bound. A decoder that is told
classes reads them off the latent by the label decoder. All noise is a function of (seed, step,
index of the row). t = 0: latent, t = 1: anchor. Source: arXiv:2509.15591, appendix E.2.

Dimensions: v rows of a step, c classes, k candidates, q latent size.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from lzn_dsl.diagnostics.diagnostic import Diagnostic, TrainingError
from lzn_dsl.planning.plan import Plan, StepPlan, TaskPlan
from lzn_runtime import randomness
from lzn_runtime.compile.chunks import Rows, in_blocks
from lzn_runtime.compile.classifier import class_scores
from lzn_runtime.compile.meeting import TRIES, NoMeetingError, meet
from lzn_runtime.compile.model import LatentModel
from lzn_runtime.compile.values import Value
from lzn_runtime.compile.zones import Zones
from lzn_runtime.flow.sampler import Sampler
from lzn_runtime.latent.arc import great_arc
from lzn_runtime.modalities.protocol import ClassDecoder, Decoder

_TOGETHER = 64
"""Rows and tries of a meeting that are drawn together: those of a block of the latent flow."""


@dataclass(frozen=True)
class Setting:
    """What the steps of a task work with.

    Attributes:
        plan: The plan.
        task: One of its tasks.
        model: The model, in evaluation mode.
        zones: The zones of its modalities.
        samplers: Samplers of steps that do not use their decoder's own, by step.
        block: Rows that a network sees at a time.
    """

    plan: Plan
    task: TaskPlan
    model: LatentModel
    zones: Zones
    samplers: Mapping[str, Sampler]
    block: int


@dataclass
class Run:
    """One chunk of a call: applies steps, in order, and keeps their values."""

    setting: Setting
    rows: Rows
    seed: int
    values: dict[str, Value] = field(default_factory=dict)

    def apply(self, step: StepPlan) -> Value:
        """Return the value of a step whose operands have been applied, and keep it."""
        functions: Mapping[str, Callable[[StepPlan], Value]] = {
            "input": self._input,
            "prior": self._prior,
            "encode": self._encode,
            "center": self._center,
            "anchor": self._anchor,
            "features": self._features,
            "invert": self._invert,
            "decode": self._decode,
            "nearest": self._nearest,
            "meet": self._meet,
            "blend": self._blend,
            "interpolate": self._interpolate,
            "rank": self._rank,
            "score": self._score,
        }
        if step.primitive not in functions:
            raise ValueError(f"this runtime does not know the primitive `{step.primitive}`")
        value = functions[step.primitive](step)
        self.values[step.id] = value
        return value

    def _operands(self, step: StepPlan) -> list[Value]:
        """Return the operands with as many rows as the step has: what is drawn, is drawn apart."""
        given = [self.values[operand] for operand in step.operands]
        together = max((value.many for value in given), default=1)
        spread = [value.spread(together) for value in given]
        if step.primitive == "interpolate":
            return spread
        return [value.apart(step.many // together) for value in spread]

    def _index(self, step: StepPlan, operands: list[Value]) -> Tensor:
        """Return what decides the noise of the step's rows: as its most varied operand has it."""
        if not operands:
            start = Value(self.rows.index, self.rows.index)
            return start.apart(step.many).index
        widest = max(step.operands, key=lambda name: self.values[name].many)
        return operands[step.operands.index(widest)].index

    def _input(self, step: StepPlan) -> Value:
        modality = self.setting.model.modality(_modality(step))
        return Value(modality.to_model(self.rows.inputs[step.id]), self.rows.index)

    def _prior(self, step: StepPlan) -> Value:
        index = self._index(step, [])
        return self._latent(step, self._noise(step, index), index)

    def _encode(self, step: StepPlan) -> Value:
        (sample,) = self._operands(step)
        noise = step.alpha * self._noise(step, sample.index)
        latents = self.setting.zones.latents(_modality(step), sample.data, noise)
        return self._latent(step, latents, sample.index)

    def _center(self, step: StepPlan) -> Value:
        (sample,) = self._operands(step)
        size = self.setting.model.latent_dim
        none = torch.zeros(len(sample.index), size, device=sample.index.device)
        latents = self.setting.zones.latents(_modality(step), sample.data, none)
        return self._latent(step, latents, sample.index)

    def _anchor(self, step: StepPlan) -> Value:
        (sample,) = self._operands(step)
        encoder = self.setting.model.modality(_modality(step)).encoder
        return replace(self._bare(step, sample), data=self._blocks(encoder, sample.data))

    def _features(self, step: StepPlan) -> Value:
        (sample,) = self._operands(step)
        encoder = self.setting.model.modality(_modality(step)).encoder
        return replace(self._bare(step, sample), data=self._blocks(encoder.features, sample.data))

    def _invert(self, step: StepPlan) -> Value:
        (sample,) = self._operands(step)
        name = _modality(step)
        decoder = self.setting.model.modality(name).decoder
        noise = step.alpha * self._noise(step, sample.index)
        latents = self.setting.zones.latents(name, sample.data, noise)
        value = self._latent(step, latents, sample.index)
        if not isinstance(decoder, Decoder):  # classes: nothing is lost that noise would carry
            return value
        classes = self._classes(name, latents)

        def invert(rows: Tensor, points: Tensor, told: Tensor | None = None) -> Tensor:
            sampler = self.setting.samplers.get(step.id)
            return decoder.invert(rows, points, classes=told, sampler=sampler)

        given = [sample.data, latents, *([] if classes is None else [classes])]
        return replace(value, noise=self._blocks(invert, *given))

    def _decode(self, step: StepPlan) -> Value:
        (latent,) = self._operands(step)
        name = _modality(step)
        decoder = self.setting.model.modality(name).decoder
        if decoder is None:
            raise ValueError(f"the modality `{name}` has no decoder")
        bare = replace(latent, noise=None, scores=None, latents=latent.data)
        if isinstance(decoder, ClassDecoder):
            scores = decoder.decode(latent.data)
            return replace(bare, data=scores.argmax(-1), scores=scores.exp())
        classes = self._classes(name, latent.data)
        key = randomness.key(self.seed, f"decode {name}", self._occurrence(step))
        optional = {"classes": classes, "noise": latent.noise}
        present = {name: value for name, value in optional.items() if value is not None}

        def sample(points: Tensor, index: Tensor, *rest: Tensor) -> Tensor:
            told = dict(zip(present, rest, strict=True))
            return decoder.sample(
                points,
                classes=told.get("classes"),
                key=key,
                index=index,
                noise=told.get("noise"),
                sampler=self.setting.samplers.get(step.id),
            )

        data = self._blocks(sample, latent.data, latent.index, *present.values())
        if step.id != self.setting.task.steps[-1].id:  # the next stage is given what data holds
            modality = self.setting.model.modality(name)
            data = modality.to_model(modality.to_data(data))
        return replace(bare, data=data)

    def _nearest(self, step: StepPlan) -> Value:
        (anchor,) = self._operands(step)
        classes = self.setting.model.modality(_modality(step)).finite_anchors()
        assert classes is not None
        scores = self._blocks(lambda rows: class_scores(rows, classes).softmax(-1), anchor.data)
        return replace(self._bare(step, anchor), data=scores.argmax(-1), scores=scores)

    def _meet(self, step: StepPlan) -> Value:
        samples = self._operands(step)
        index = self._index(step, samples)
        zones = self.setting.zones
        given = {self._kind(o): sample for o, sample in zip(step.operands, samples, strict=True)}
        first, *others = sorted(given, key=zones.size)

        into = zones.drawer(first, given[first].data)
        size, occurrence = self.setting.model.latent_dim, self._occurrence(step)

        def draw(numbers: range) -> Tensor:
            keys = (randomness.key(self.seed, f"meet {n}", occurrence) for n in numbers)
            noise = torch.stack([randomness.normal(key, index, (size,)) for key in keys])
            return into(step.alpha * noise)  # (t, v, q)

        def lies_inside(latents: Tensor) -> Tensor:
            classes = ((zones.classes(n, latents.flatten(0, 1)), given[n].data) for n in others)
            shape = latents.shape[:2]
            return torch.stack([found.view(shape) == wanted for found, wanted in classes]).all(0)

        try:
            latents, tries = meet(draw, lies_inside, at_once=max(1, _TOGETHER // len(index)))
        except NoMeetingError as failure:
            raise TrainingError(self._no_meeting(given, failure.rows[0])) from failure
        return replace(self._latent(step, latents, index), tries=tries)

    def _blend(self, step: StepPlan) -> Value:
        one, other = self._operands(step)
        share = torch.full((len(one.data),), step.numbers[0], device=one.data.device)
        return self._between(step, one, other, share)

    def _interpolate(self, step: StepPlan) -> Value:
        one, other = self._operands(step)
        count = step.many // one.many
        share = torch.linspace(0, 1, count, device=one.data.device).repeat(len(one.data))
        return self._between(step, one.spread(step.many), other.spread(step.many), share)

    def _between(self, step: StepPlan, one: Value, other: Value, share: Tensor) -> Value:
        """Latents on the arc. Their noise is on the arc too where both have noise of one shape."""
        index = self._index(step, [one, other])
        value = self._latent(step, great_arc(one.data, other.data, share), index)
        if one.noise is None or other.noise is None or one.noise.shape != other.noise.shape:
            return value
        return replace(value, noise=great_arc(one.noise, other.noise, share))

    def _rank(self, step: StepPlan) -> Value:
        (latent,) = self._operands(step)
        order, scores = self.setting.zones.rank(_modality(step), latent.data)
        return replace(latent, data=order, noise=None, scores=scores, latents=latent.data)

    def _score(self, step: StepPlan) -> Value:
        latent, sample = self._operands(step)
        probability = self.setting.zones.probability(_modality(step), sample.data, latent.data)
        return replace(latent, data=probability, noise=None, latents=latent.data)

    def _latent(self, step: StepPlan, points: Float[Tensor, "v q"], index: Tensor) -> Value:
        tries = [self.values[o].spread(step.many).tries for o in step.operands]
        known = [t for t in tries if t is not None]
        return Value(points, index, step.many, latents=points, tries=known[0] if known else None)

    def _bare(self, step: StepPlan, value: Value) -> Value:
        return replace(value, many=step.many, noise=None, scores=None, latents=None)

    def _classes(self, name: str, latents: Float[Tensor, "v q"]) -> Float[Tensor, "v c"] | None:
        """The class vector that a decoder is told: the class at the end of the latent's flow."""
        condition = self.setting.plan.modality(name).condition
        if condition is None:
            return None
        decoder = self.setting.model.modality(condition).decoder
        assert isinstance(decoder, ClassDecoder)
        scores = decoder.decode(latents)
        return functional.one_hot(scores.argmax(-1), scores.shape[-1]).to(latents.dtype)

    def _noise(self, step: StepPlan, index: Tensor) -> Float[Tensor, "v q"]:
        purpose = "prior" if step.primitive == "prior" else f"zone {step.modality}"
        key = randomness.key(self.seed, purpose, self._occurrence(step))
        return randomness.normal(key, index, (self.setting.model.latent_dim,))

    def _occurrence(self, step: StepPlan) -> int:
        """How many steps of this primitive and modality come before: each has its own noise."""
        kind = (step.primitive, step.modality)
        alike = [s.id for s in self.setting.task.steps if (s.primitive, s.modality) == kind]
        return alike.index(step.id)

    def _kind(self, operand: str) -> str:
        return _modality(next(s for s in self.setting.task.steps if s.id == operand))

    def _blocks(self, function: Callable[..., Tensor], *rows: Tensor) -> Tensor:
        return in_blocks(function, *rows, size=self.setting.block)

    def _no_meeting(self, given: Mapping[str, Value], row: int) -> Diagnostic:
        shown = []
        for name, sample in given.items():
            names = self.setting.plan.modality(name).names
            if self.setting.model.modality(name).finite_anchors() is None:
                shown.append(f"this `{name}`")
            else:
                number = int(sample.data[row])
                shown.append(f"{name} {names[number] if number < len(names) else number}")
        return Diagnostic(
            code="LZN607",
            summary=f"`{self.setting.task.name}` found no latent for {' and '.join(shown)}",
            notes=(f"in {TRIES:,} draws from the smallest of their zones",),
            hint="the model knows no such combination: train longer, or on data that has it",
        )


def _modality(step: StepPlan) -> str:
    if step.modality is None:
        raise ValueError(f"the step `{step.id}` of the plan names no modality")
    return step.modality
