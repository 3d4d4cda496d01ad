"""Measured seconds of each part of a training step, each by itself.

Networks run on the program's data, flows on normal points and anchors of the sizes that they have
in a step: how long they take does not depend on the values.

Dimensions: n batch, q latent size.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from lzn_dsl.planning.plan import Plan
from lzn_dsl.spec import Spec
from lzn_runtime.benchmarks.latent.timing import draw
from lzn_runtime.benchmarks.scaling.clock import best
from lzn_runtime.benchmarks.scaling.workload import LatentFlow, Network, Workload, workload
from lzn_runtime.compile.model import LatentModel, build_model
from lzn_runtime.compile.parts import make_augment, make_optimizer, make_views, open_dataset
from lzn_runtime.data.batches import Batch, BatchLoader
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.latent import LocalizationPEC, alignment_loss, compute_latents
from lzn_runtime.modalities.protocol import Decoder
from lzn_runtime.training.ema import update_average

_CPU = torch.device("cpu")


class Part(NamedTuple):
    """Seconds of a part of a training step; no backward where it has none."""

    name: str
    forward: float
    backward: float = 0.0

    @property
    def seconds(self) -> float:
        """Seconds of both."""
        return self.forward + self.backward


def measure_parts(spec: Spec, *, repeats: int) -> list[Part]:
    """Return every part of a training step of the program, the best of `repeats` runs each."""
    plan = spec.plan()
    work = workload(plan, spec.registry)
    model = build_model(plan, spec.registry, device=_CPU).train()
    dataset = open_dataset(plan.dataset(plan.train.on), spec.registry, spec.folder)
    batch = load_batch(plan, dataset)
    parts = [
        Part("load", best(repeats, lambda: load_batch(plan, dataset))),
        *_augmentations(spec, batch, repeats),
        *(measure_network(n, plan, model, batch, repeats) for n in work.networks),
        *(measure_flow(flow, work, repeats) for flow in work.flows),
        *_updates(spec, model, repeats),
    ]
    return [part for part in parts if part.seconds > 0]


def load_batch(plan: Plan, dataset: Dataset) -> Batch:
    """Return the first batch of the training data."""
    train = plan.train
    return next(iter(BatchLoader(dataset, seed=train.seed, batch=train.batch, stop_step=1)))


def measure_network(
    network: Network, plan: Plan, model: LatentModel, batch: Batch, repeats: int
) -> Part:
    """Time a network on the batch, repeated or cut to as many samples as it sees in a step."""
    modality = model.modality(network.modality)
    rows = torch.arange(network.samples) % len(batch.indices)
    samples = modality.to_model(batch.columns[network.modality])[rows]
    if network.part == "encoder":
        return timed(network.id, lambda: modality.encoder(samples), repeats)
    decoder = modality.decoder
    assert isinstance(decoder, Decoder)
    latents = draw(network.samples, plan.dim, seed=1).requires_grad_()
    condition = plan.modality(network.modality).condition
    count = plan.modality(condition).sample["classes"] if condition else 0
    classes = torch.full((network.samples, count), 1 / count) if count else None
    index = batch.indices[rows]

    def loss() -> Tensor:
        return decoder.loss(samples, latents, classes=classes, key=0, index=index)

    return timed(network.id, loss, repeats)


def measure_flow(flow: LatentFlow, work: Workload, repeats: int) -> Part:
    """Time a latent flow."""
    solver = LocalizationPEC(work.steps)
    points = draw(flow.points, work.dim, seed=3).requires_grad_()
    anchors = draw(flow.anchors, work.dim, seed=4).requires_grad_()
    own = torch.arange(flow.points) % flow.anchors
    if flow.kind == "alignment":
        return timed(flow.id, lambda: alignment_loss(points, anchors, own, solver=solver), repeats)
    noise = draw(flow.points, work.dim, seed=5)
    return timed(flow.id, lambda: compute_latents(anchors, noise, solver=solver), repeats)


def timed(name: str, forward: Callable[[], Tensor], repeats: int) -> Part:
    """Time a computation with gradient and its backward, after one run to warm up."""
    result = forward()
    cotangent = torch.ones_like(result)
    torch.autograd.backward(result, cotangent)
    forth = best(repeats, forward)
    both = best(repeats, lambda: torch.autograd.backward(forward(), cotangent))
    return Part(name, forth, max(both - forth, 0.0))


def _augmentations(spec: Spec, batch: Batch, repeats: int) -> list[Part]:
    """Augmentations of the batch that all objectives see, and of the views of some."""
    plan, index = spec.plan(), batch.indices
    works: dict[str, Callable[[], Tensor]] = {}
    change, views = make_augment(plan, spec.registry), make_views(plan, spec.registry)
    for op in plan.step:
        if op.op == "batch" and op.modality is not None:
            column, name = batch.columns[op.modality], op.modality
            if op.id in views:
                works[op.id] = partial(views[op.id], column, 0, index)
            elif change is not None and column.ndim > 1:
                works[op.id] = partial(change, name, column, 0, index)
    return [Part(f"augment: {name}", best(repeats, work)) for name, work in works.items()]


def _updates(spec: Spec, model: LatentModel, repeats: int) -> list[Part]:
    plan = spec.plan()
    average = build_model(plan, spec.registry, device=_CPU)
    optimizer = make_optimizer(plan, spec.registry, model)
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)

    def clip() -> Tensor:
        return nn.utils.clip_grad_norm_(model.parameters(), plan.train.clip)

    def move() -> None:
        update_average(average, model, decay=plan.train.ema, updates=1)

    works: dict[str, Callable[[], object]] = {
        "clip": clip,
        "optimizer": optimizer.step,
        "average": move,
    }
    return [Part(name, best(repeats, work)) for name, work in works.items()]
