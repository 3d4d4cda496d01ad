"""Ways to classify a dataset: with which noise, and what bounds the zones.

A trained model bounds a sample's zone by its support. The published evaluation bounds it by the
other samples of a batch, so that an answer depends on them, and accuracy on the size of the batch
(arXiv:2509.15591, figure 25). A batch here is of samples in an order that the seed decides; the
last one is filled up with samples that were judged before.

Dimensions: b samples, c classes, q latent size.
"""

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lzn_dsl.planning.plan import StepPlan, TaskPlan
from lzn_dsl.registry.builtin.metrics import AccuracySettings
from lzn_runtime import randomness
from lzn_runtime.compile.routine import Routine
from lzn_runtime.compile.support import encode_column
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.evaluation.context import Context
from lzn_runtime.evaluation.drawn import shuffled
from lzn_runtime.evaluation.errors import EvaluationError, evaluation_error
from lzn_runtime.evaluation.subject import Trained, all_rows, run_on, task_inputs
from lzn_runtime.latent import LocalizationPEC, compute_latents
from lzn_runtime.modalities.protocol import ClassDecoder

_BATCH = 1000
_ZONES = ("encode", "invert", "meet", "center")
"""Primitives that draw from zones."""


class Way(NamedTuple):
    """A way to classify: None for the task's own noise, and for zones that the support bounds."""

    alpha: float | None = None
    batch: int | None = None

    def of(self, task: TaskPlan) -> str:
        """Return in words how the task classifies in this way."""
        if not any(step.primitive in _ZONES for step in task.steps):
            return "read off the sample's own anchor: no noise, no zones"
        bounds = "the support" if self.batch is None else f"batches of {self.batch:,}"
        noise = "the task's own alpha" if self.alpha is None else f"alpha {self.alpha:g}"
        return f"{noise}, zones bounded by {bounds}"


class Guesses(NamedTuple):
    """Classes of some samples: the true ones, the guessed ones, the scores of all; on the CPU."""

    truth: Int[Tensor, " b"]
    guess: Int[Tensor, " b"]
    scores: Float[Tensor, "b c"] | None


def ways(settings: AccuracySettings) -> list[Way]:
    """Return every pair of the scales and batch sizes of the settings; the first counts."""
    alphas: list[float | None] = [*settings.alpha] or [None]
    batches: list[int | None] = [*settings.batch] or [None]
    return [Way(alpha, batch) for batch, alpha in itertools.product(batches, alphas)]


def classify(
    way: Way, trained: Trained, task: TaskPlan, dataset: Dataset, context: Context
) -> Iterator[Guesses]:
    """Classify all samples of a dataset, some at a time.

    Raises EvaluationError: LZN807 for a task that cannot be run in this way, LZN802 for fewer
    samples than a batch has.
    """
    if way.batch is not None:
        yield from _by_batch_mates(way, way.batch, trained, task, dataset, context)
    elif way.alpha is not None:
        yield from _with_noise(way.alpha, trained, task, dataset, context)
    else:
        label = str(task.output.modality)
        for columns, result in run_on(trained, task, dataset, all_rows(dataset), seed=context.seed):
            scores = None if result.scores is None else result.scores.cpu()
            yield Guesses(columns[label].long(), result.value.cpu(), scores)


def with_alpha(task: TaskPlan, alpha: float) -> TaskPlan:
    """Return the task with this scale of noise wherever it draws from a zone.

    Raises EvaluationError LZN807 for a task that never does.
    """
    steps = tuple(_noisy(step, alpha) for step in task.steps)
    if not any(step.primitive in _ZONES for step in task.steps):
        raise evaluation_error("LZN807", f"`{task.name}` draws from no zone, so it has no `alpha`")
    return task.model_copy(update={"steps": steps, "alpha": alpha})


def _noisy(step: StepPlan, alpha: float) -> StepPlan:
    if step.primitive not in _ZONES:
        return step
    primitive = "encode" if step.primitive == "center" else step.primitive
    return step.model_copy(update={"primitive": primitive, "alpha": alpha})


def _with_noise(
    alpha: float, trained: Trained, task: TaskPlan, dataset: Dataset, context: Context
) -> Iterator[Guesses]:
    altered = with_alpha(task, alpha)
    routine = Routine(context.plan, altered, trained.model, context.registry)
    label, inputs = str(task.output.modality), task_inputs(task)
    for rows in torch.split(all_rows(dataset), _BATCH):
        columns = dataset.__getitems__(rows.tolist())
        given = {name: columns[modality] for name, modality in inputs.items()}
        result = routine(given, seed=context.seed, index=rows)
        scores = None if result.scores is None else result.scores.cpu()
        yield Guesses(columns[label].long(), result.value.cpu(), scores)


@torch.no_grad()
def _by_batch_mates(
    way: Way, batch: int, trained: Trained, task: TaskPlan, dataset: Dataset, context: Context
) -> Iterator[Guesses]:
    encode, decoder = _read_out(trained, task)
    count = len(dataset)
    if count < batch:
        raise evaluation_error(
            "LZN802", f"`{context.data}` has {count} samples, fewer than a batch of {batch:,}"
        )
    name, label, device = str(encode.modality), str(task.output.modality), trained.model.device
    alpha = _own_alpha(encode) if way.alpha is None else way.alpha
    key = randomness.key(context.seed, f"zone {name}", 0)
    solver = LocalizationPEC(context.plan.train.solver_steps)
    order = shuffled(dataset, context.seed)
    for first in range(0, count, batch):
        rows = order[torch.arange(first, first + batch) % count]
        columns = dataset.__getitems__(rows.tolist())
        anchors = encode_column(trained.model, name, columns[name])
        noise = alpha * randomness.normal(key, rows.to(device), (trained.model.latent_dim,))
        scores = decoder.decode(compute_latents(anchors, noise, solver=solver)).exp().cpu()
        fresh = min(batch, count - first)
        yield Guesses(columns[label][:fresh].long(), scores[:fresh].argmax(1), scores[:fresh])


def _read_out(trained: Trained, task: TaskPlan) -> tuple[StepPlan, ClassDecoder]:
    """Return the step that draws a sample's latent, and the decoder that reads its class."""
    kinds = [step.primitive for step in task.steps]
    if len(kinds) != 3 or kinds[1] not in ("encode", "center") or kinds[2] != "decode":
        raise _no_batches(task, "it does more than to read the class off one sample's latent")
    encode = task.steps[1]
    if trained.model.modality(str(encode.modality)).finite_anchors() is not None:
        raise _no_batches(task, f"the zones of `{encode.modality}` are bounded by its classes")
    decoder = trained.model.modality(str(task.output.modality)).decoder
    if not isinstance(decoder, ClassDecoder):
        raise _no_batches(task, "it reads no class off a latent")
    return encode, decoder


def _no_batches(task: TaskPlan, reason: str) -> EvaluationError:
    return evaluation_error("LZN807", f"`batch` says nothing of `{task.name}`: {reason}")


def _own_alpha(step: StepPlan) -> float:
    return 0.0 if step.primitive == "center" else step.alpha
