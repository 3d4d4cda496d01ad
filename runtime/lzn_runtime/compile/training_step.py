"""The training step: all objectives of a plan on one batch, with shared parts computed once.

The plan's `step` lists operations in an order in which they can run, equal ones merged: a batch of
a modality is encoded once, and latents of one noise scale are computed once, however many
objectives use them. The own noise of a sample is one draw, which each scale multiplies by alpha.
With micro-batches the networks, and they alone, see the batch in slices.

Dimensions: b batch, s samples that a decoder sees, c classes, q latent size.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from lzn_dsl.diagnostics.diagnostic import Diagnostic, TrainingError
from lzn_dsl.planning.plan import ObjectivePlan, Plan, SharedOp
from lzn_dsl.registry.builtin.methods import LATENT_ZONING, CrossEntropySettings
from lzn_dsl.registry.settings import Settings
from lzn_dsl.semantics.objectives import settings_of
from lzn_dsl.semantics.settings import AlignSettings, DecodeSettings
from lzn_runtime import randomness
from lzn_runtime.compile.classifier import class_scores
from lzn_runtime.compile.freezing import active_ops
from lzn_runtime.compile.losses import Losses, NotFiniteError
from lzn_runtime.compile.micro_batches import batch_statistics, in_slices
from lzn_runtime.compile.model import LatentModel
from lzn_runtime.data.augmentation import View
from lzn_runtime.latent import (
    LocalizationPEC,
    alignment_loss,
    class_weights,
    compute_latents,
)
from lzn_runtime.modalities.protocol import Decoder
from lzn_runtime.networks.dropout import dropping

Augment = Callable[[str, Tensor, int, Tensor], Tensor]
"""(modality, column (b, ...), step, index (b,)) -> the column as the step sees it."""

_Loss = Callable[[SharedOp, ObjectivePlan, "_Moment"], Tensor]


@dataclass(frozen=True)
class _Moment:
    """One batch at one step, and the values of the operations that have run."""

    batch: Mapping[str, Tensor]
    index: Int[Tensor, " b"]
    step: int
    values: dict[str, Tensor]


class TrainingStep:
    """Computes the losses of a plan.

    Args:
        plan: The plan; its `step` is what runs.
        model: The model of that plan, which is trained.
        augment: Changes columns of a batch before they are encoded; None changes nothing.
        views: Makes views of a batch, by the name of the operation.

    Raises:
        ValueError: The plan's step is not one that this runtime can run.
    """

    def __init__(
        self,
        plan: Plan,
        model: LatentModel,
        augment: Augment | None = None,
        views: Mapping[str, View] | None = None,
    ) -> None:
        self._plan = plan
        self._model = model
        self._augment = augment
        self._views = dict(views or {})
        self._ops = {op.id: op for op in plan.step}
        self._objectives = {objective.id: objective for objective in plan.objectives}
        self._settings = {o.id: _settings(o) for o in plan.objectives}
        self._weights = {o.id: _weight(o) for o in plan.objectives}
        self._losses: Mapping[str, _Loss] = {
            "align": self._align,
            "decode": self._decode,
            "contrast": self._contrast,
            "classify": self._classify,
        }
        self._solver = LocalizationPEC(plan.train.solver_steps)
        self._slices = plan.train.micro_batches
        self._active_ops: dict[frozenset[str], tuple[SharedOp, ...]] = {}
        self._rows = {op.id: self._rows_of(op) for op in plan.step if op.op == "latents"}
        self._check()

    def __call__(
        self, batch: Mapping[str, Tensor], indices: Int[Tensor, " b"], step: int
    ) -> Losses:
        """Return the losses of a batch of columns, on the model's device.

        `indices` are the samples' numbers in the dataset; with `step` (from 0) they decide all
        noise. Raises NotFiniteError where anchors or a loss are not finite, and TrainingError
        (LZN605) for a network with batch statistics in micro-batches.
        """
        if self._slices > 1:
            _refuse_batch_statistics(self._model)
        device = self._model.device
        moment = _Moment(
            batch={name: column.to(device) for name, column in batch.items()},
            index=indices.to(device),
            step=step,
            values={},
        )
        parts: dict[str, Tensor] = {}
        for op in self._active(step):
            if op.op == "batch":
                moment.values[op.id] = self._batch(op, moment)
            elif op.op == "encode":
                moment.values[op.id] = self._encode(op, moment)
            elif op.op == "latents":
                moment.values[op.id] = self._latents(op, moment)
            else:
                objective = self._objectives[op.objective or ""]
                parts[objective.id] = self._losses[objective.kind](op, objective, moment)
        return Losses(self._total(parts), parts)

    def _active(self, step: int) -> tuple[SharedOp, ...]:
        """Return the operations that run at a step: all but those of frozen modules alone."""
        frozen = self._plan.train.frozen(step)
        if frozen not in self._active_ops:
            self._active_ops[frozen] = active_ops(self._plan, frozen)
        return self._active_ops[frozen]

    def _batch(self, op: SharedOp, moment: _Moment) -> Tensor:
        name = _modality(op)
        column = moment.batch[name]
        if op.view:
            column = self._views[op.id](column, moment.step, moment.index)
        elif self._augment is not None:
            column = self._augment(name, column, moment.step, moment.index)
        return self._model.modality(name).to_model(column)

    def _encode(self, op: SharedOp, moment: _Moment) -> Float[Tensor, "b q"]:
        encoder = self._model.modality(_modality(op)).encoder
        key = randomness.key(self._plan.train.seed, op.id, moment.step)

        def encode(samples: Tensor, index: Tensor) -> Float[Tensor, "b q"]:
            with dropping(encoder, key, index):
                anchors: Tensor = encoder(samples)
            return anchors

        columns = moment.values[op.operands[0]], moment.index
        anchors = in_slices(encode, *columns, count=self._slices)
        return _finite(f"anchors of {op.modality}", anchors)

    def _latents(self, op: SharedOp, moment: _Moment) -> Float[Tensor, "s q"]:
        """Latents of the first rows that objectives ask for; all anchors bound their zones."""
        name = _modality(op)
        anchors = moment.values[op.operands[0]]  # (b, q)
        rows = self._rows[op.id] or len(anchors)
        purpose = f"own noise {name}" + (f", view {op.view}" if op.view else "")
        key = randomness.key(self._plan.train.seed, purpose, moment.step)
        noise = randomness.normal(key, moment.index[:rows], (self._model.latent_dim,))
        noise = op.alpha * noise
        classes = self._model.modality(name).finite_anchors()
        if classes is None:
            return compute_latents(anchors[:rows], noise, pool=anchors, solver=self._solver)
        labels = moment.values[self._ops[op.operands[0]].operands[0]]
        return compute_latents(
            anchors[:rows],
            noise,
            pool=_finite(f"anchors of {name}", classes),
            own=labels[:rows],
            weights=class_weights(labels, len(classes)),
            solver=self._solver,
        )

    def _align(self, op: SharedOp, objective: ObjectivePlan, moment: _Moment) -> Float[Tensor, ""]:
        """Align latents of one modality with the anchors of the other; see math.md, section 1."""
        first, second = (self._ops[name] for name in op.operands)
        latents = moment.values[first.id]  # (b, q)
        if second.op == "batch":  # a discrete modality: its classes carry the flow
            labels = moment.values[second.id]
            classes = self._model.modality(_modality(second)).finite_anchors()
            assert classes is not None
            weights = class_weights(labels, len(classes))
            return self._alignment(objective, latents, classes, labels, weights)
        own = torch.arange(len(latents), device=latents.device)
        there = self._alignment(
            objective, latents, moment.values[second.operands[0]], own, weights=None
        )
        back = self._alignment(
            objective, moment.values[second.id], moment.values[first.operands[0]], own, weights=None
        )
        return (there + back) / 2

    def _alignment(
        self,
        objective: ObjectivePlan,
        latents: Float[Tensor, "b q"],
        anchors: Float[Tensor, "n q"],
        pairing: Int[Tensor, " b"],
        weights: Float[Tensor, " n"] | None,
    ) -> Float[Tensor, ""]:
        settings = self._settings[objective.id]
        assert isinstance(settings, AlignSettings)
        return alignment_loss(
            _finite(f"latents of {objective.modality}", latents),
            _finite(f"anchors of {objective.other}", anchors),
            pairing,
            weights=weights,
            solver=self._solver,
            cutoff=settings.cutoff,
            until=settings.until,
            log=settings.log,
        )

    def _decode(self, op: SharedOp, objective: ObjectivePlan, moment: _Moment) -> Float[Tensor, ""]:
        """Mean loss of the decoder, given the samples' own latents and true classes."""
        told = 1 if objective.method == LATENT_ZONING else 0  # operands that are latents
        samples = moment.values[op.operands[told]]
        rows = self._samples(objective) or len(samples)
        none = torch.empty(len(samples), 0, device=samples.device)
        latents = moment.values[op.operands[0]] if told else none
        decoder = self._model.modality(objective.modality).decoder
        assert isinstance(decoder, Decoder)
        key = randomness.key(self._plan.train.seed, f"decoder {objective.modality}", moment.step)

        def loss(
            samples: Tensor, latents: Tensor, classes: Tensor | None, index: Tensor
        ) -> Float[Tensor, " b"]:
            with dropping(decoder, key, index):
                return decoder.loss(samples, latents, classes=classes, key=key, index=index)

        classes = self._classes(objective.modality, op.operands[told + 1 :], moment, rows)
        columns = samples[:rows], latents[:rows], classes, moment.index[:rows]
        return in_slices(loss, *columns, count=self._slices).mean()

    def _contrast(
        self, op: SharedOp, objective: ObjectivePlan, moment: _Moment
    ) -> Float[Tensor, ""]:
        """Contrast of two views, by what the method remembers."""
        first, second = (moment.values[name] for name in op.operands)
        encoder = self._model.modality(objective.modality).encoder
        return self._model.contrast(objective.id).loss(first, second, encoder)

    def _classify(
        self, op: SharedOp, objective: ObjectivePlan, moment: _Moment
    ) -> Float[Tensor, ""]:
        """Cross-entropy of the true classes, whose anchors are the weights of a linear layer."""
        anchors, labels = (moment.values[name] for name in op.operands)  # (b, q), (b,)
        settings = self._settings[objective.id]
        assert isinstance(settings, CrossEntropySettings)
        classes = self._model.modality(str(objective.other)).finite_anchors()
        assert classes is not None
        scores = class_scores(anchors, classes)
        return functional.cross_entropy(scores, labels, label_smoothing=settings.smoothing)

    def _classes(
        self, modality: str, operands: tuple[str, ...], moment: _Moment, rows: int
    ) -> Float[Tensor, "s c"] | None:
        condition = self._plan.modality(modality).condition
        if condition is None:
            return None
        labels = moment.values[operands[0]][:rows]
        count = self._plan.modality(condition).sample["classes"]
        return functional.one_hot(labels, count).to(torch.float32)

    def _total(self, parts: Mapping[str, Float[Tensor, ""]]) -> Float[Tensor, ""]:
        weighted = [self._weights[name] * loss for name, loss in parts.items()]
        return torch.stack(weighted).sum()

    def _rows_of(self, op: SharedOp) -> int:
        """How many samples of a batch need these latents; 0 for all."""
        users = [
            self._objectives[user.objective or ""]
            for user in self._plan.step
            if user.op == "loss" and op.id in user.operands
        ]
        wanted = [self._samples(user) for user in users]
        return max(wanted) if wanted and all(wanted) else 0

    def _samples(self, objective: ObjectivePlan) -> int:
        """How many samples of a batch an objective looks at; 0 for all."""
        settings = self._settings[objective.id]
        return settings.samples if isinstance(settings, DecodeSettings) else 0

    def _check(self) -> None:
        for op in self._plan.step:
            missing = [name for name in op.operands if name not in self._ops]
            wanted = {"batch": (0,), "encode": (1,), "latents": (1,), "loss": (1, 2, 3)}[op.op]
            if missing or len(op.operands) not in wanted:
                raise ValueError(f"the operation `{op.id}` of the plan has operands {op.operands}")
            if op.op == "batch" and op.view and op.id not in self._views:
                raise ValueError(f"nothing makes the views of the operation `{op.id}`")
            if op.op == "loss" and op.objective not in self._objectives:
                raise ValueError(f"the operation `{op.id}` of the plan has no objective")


def _settings(objective: ObjectivePlan) -> Settings | None:
    """Return the settings of an objective; None for what `Contrast` modules have as their own."""
    if objective.kind == "contrast":
        return None
    if objective.kind == "classify":
        return CrossEntropySettings.model_validate(objective.settings)
    kind = settings_of(objective.kind, objective.modality, objective.other)
    return kind.model_validate(objective.settings)


def _weight(objective: ObjectivePlan) -> float:
    weight = objective.settings["weight"]
    assert isinstance(weight, int | float), weight
    return float(weight)


def _refuse_batch_statistics(model: LatentModel) -> None:
    layers = batch_statistics(model)
    if layers:
        shown = ", ".join(f"`{name}`" for name in layers[:5])
        raise TrainingError(
            Diagnostic(
                code="LZN605",
                summary="a network with statistics over the batch cannot see it in micro-batches",
                notes=(f"layers: {shown}{', ...' if len(layers) > 5 else ''}",),
                hint="use group normalisation, or `train { micro_batches: 1 }`",
            )
        )


def _finite(what: str, value: Tensor) -> Tensor:
    if not bool(torch.isfinite(value).all()):
        raise NotFiniteError(what)
    return value


def _modality(op: SharedOp) -> str:
    if op.modality is None:
        raise ValueError(f"the operation `{op.id}` of the plan names no modality")
    return op.modality
