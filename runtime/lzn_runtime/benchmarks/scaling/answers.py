"""What the tables of the model say, in sentences whose numbers come from it."""

from lzn_runtime.benchmarks.latent.tables import Row
from lzn_runtime.benchmarks.scaling.crossing import largest_batch, ranks_where_gather_counts
from lzn_runtime.benchmarks.scaling.model import Model, distinct
from lzn_runtime.benchmarks.scaling.workload import Form, Workload


def answers(model: Model) -> list[Row]:
    """Return one row for each kind of configuration: what the attention form changes in it."""
    return [_of(model, work) for work in distinct(model.works)]


def _of(model: Model, work: Workload) -> Row:
    nodes = model.cluster.node
    gathered = ranks_where_gather_counts(work, model.cluster, assumed=model.assumed, share=0.01)
    return {
        "configuration": work.name,
        "latents, published / ours, 1 GPU": _latents_ratio(model, work, 1),
        f"latents, published / ours, {nodes} GPUs": _latents_ratio(model, work, nodes),
        f"step, published / ours, {nodes} GPUs": _step(model, work, nodes, "published")
        / _step(model, work, nodes, "attention"),
        "latents overtake networks, published, n": _or(model.crossing(work, "published")),
        "the same, ours": _or(model.crossing(work, "attention")),
        "largest n on one GPU, published": _largest(model, work, "published"),
        "the same of ours": _largest(model, work, "attention"),
        "gathering takes 1 % from, GPUs": _or(gathered),
    }


def _latents_ratio(model: Model, work: Workload, ranks: int) -> float:
    published = model.time(work, ranks, form="published").latents
    return published / model.time(work, ranks).latents


def _step(model: Model, work: Workload, ranks: int, form: Form) -> float:
    slices = model.slices(work, ranks, form=form) or 1
    return model.time(work, ranks, form=form, slices=slices).total


def _largest(model: Model, work: Workload, form: Form) -> int:
    return largest_batch(work, model.cluster.processor, 1, assumed=model.assumed, form=form)


def _or(value: int | None) -> int | str:
    return "never" if value is None else value
