"""The tables of the model: the same on every machine, as nothing of them is measured."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace

from lzn_dsl.registry.registry import Registry
from lzn_runtime.benchmarks.latent.tables import Row
from lzn_runtime.benchmarks.scaling.crossing import (
    batch_where_latents_overtake,
    largest_batch,
    ranks_where_gather_counts,
)
from lzn_runtime.benchmarks.scaling.hardware import (
    A100,
    DGX_H100,
    V100,
    Assumptions,
    Cluster,
)
from lzn_runtime.benchmarks.scaling.public import against_published_rates
from lzn_runtime.benchmarks.scaling.step_memory import slices_that_fit, step_memory
from lzn_runtime.benchmarks.scaling.step_time import (
    NUMBER,
    StepTime,
    gathered_anchors,
    step_time,
)
from lzn_runtime.benchmarks.scaling.workload import Form, Workload

RANKS = (1, 8, 32, 128)
BATCHES = (256, 1024, 4096, 16384, 65536)
SHARES = (0.2, 0.35, 0.5)
_FORMS: tuple[Form, ...] = ("attention", "published")


@dataclass(frozen=True)
class Model:
    """What the tables are about: workloads on a cluster under assumptions."""

    works: Sequence[Workload]
    cluster: Cluster = DGX_H100
    assumed: Assumptions = field(default_factory=Assumptions)

    def time(
        self, work: Workload, ranks: int, *, form: Form = "attention", slices: int = 1
    ) -> StepTime:
        """Return the time of a step of a workload."""
        return step_time(work, self.cluster, ranks, assumed=self.assumed, form=form, slices=slices)

    def slices(self, work: Workload, ranks: int, *, form: Form = "attention") -> int | None:
        """Return the slices with which it fits."""
        return slices_that_fit(work, self.cluster.processor, ranks, assumed=self.assumed, form=form)

    def crossing(self, work: Workload, form: Form) -> int | None:
        """Return the batch at which its flows take longer than its networks."""
        return batch_where_latents_overtake(work, self.cluster, assumed=self.assumed, form=form)


def model_tables(model: Model, registry: Registry) -> dict[str, list[Row]]:
    """Return all tables by name."""
    makers: dict[str, Callable[[Model], list[Row]]] = {
        "machines": machines,
        "assumptions": assumptions,
        "configurations": configurations,
        "steps": steps,
        "forms": forms,
        "shares": shares,
        "crossings": crossings,
        "gather": gather,
        "varied": varied,
    }
    found = {name: make(model) for name, make in makers.items()}
    return {**found, "public": against_published_rates(registry, model.assumed)}


def machines(model: Model) -> list[Row]:
    """Peaks that makers state, and the shares of them that are assumed."""
    rows: list[Row] = [
        {
            "GPU": p.name,
            "convolutions, TFLOP/s": p.convolution_rate / 1e12,
            "assumed share": p.convolution_share,
            "float32 products, TFLOP/s": p.product_rate / 1e12,
            "assumed share of it": p.product_share,
            "memory, TB/s": p.bandwidth / 1e12,
            "memory, GB": p.memory / 1e9,
            "source of peaks": p.source,
        }
        for p in (model.cluster.processor, A100, V100)
    ]
    return rows


def assumptions(model: Model) -> list[Row]:
    """Every assumption with its value; the links of the cluster among them."""
    cluster = model.cluster
    links: list[Row] = [
        {"parameter": "node", "value": cluster.node, "from": cluster.source},
        {"parameter": "node_link, GB/s", "value": cluster.node_link / 1e9, "from": cluster.source},
        {
            "parameter": "network_link, GB/s",
            "value": cluster.network_link / 1e9,
            "from": cluster.source,
        },
    ]
    return links + [
        {"parameter": name, "value": _plain(value), "from": "assumed"}
        for name, value in asdict(model.assumed).items()
    ]


def configurations(model: Model) -> list[Row]:
    """What each configuration asks for in one step, over all ranks."""
    rows: list[Row] = []
    for work in model.works:
        networks = 3 * sum(n.flops * n.samples for n in work.networks)
        products = 14 * work.dim * work.steps * sum(f.points * f.anchors for f in work.flows)
        largest = max((f.points * f.anchors for f in work.flows), default=0) * work.dim
        rows.append(
            {
                "configuration": work.name,
                "batch n": work.batch,
                "q": work.dim,
                "r": work.steps,
                "flows": len(work.flows),
                "parameters": work.parameters,
                "networks, TFLOP": networks / 1e12,
                "latents, TFLOP": products / 1e12,
                "latents, % of FLOP": 100 * products / (networks + products),
                "one (n, n, q) tensor, GB": 4 * largest / 1e9,
            }
        )
    return rows


def steps(model: Model) -> list[Row]:
    """Time and memory of a step over ranks, with as few micro-batches as fit."""
    rows: list[Row] = []
    for work in model.works:
        for ranks in (r for r in RANKS if r <= work.batch):
            slices = model.slices(work, ranks)
            if slices is None:
                continue
            time = model.time(work, ranks, slices=slices)
            memory = step_memory(work, ranks, assumed=model.assumed, slices=slices)
            alone = model.time(work, 1, slices=model.slices(work, 1) or 1)
            rows.append(
                {
                    "configuration": work.name,
                    "GPUs": ranks,
                    "micro-batches": slices,
                    "networks, ms": 1e3 * time.networks,
                    "latents, ms": 1e3 * time.latents,
                    "gather, ms": 1e3 * time.gather,
                    "all-reduce, ms": 1e3 * time.all_reduce,
                    "update, ms": 1e3 * time.update,
                    "step, ms": 1e3 * time.total,
                    "efficiency": alone.total / (ranks * time.total),
                    "GB": memory.total / 1e9,
                    "of it latents": memory.latents / 1e9,
                }
            )
    return rows


def forms(model: Model) -> list[Row]:
    """Latents of a step in both forms, on one GPU and on the fewest and most of `RANKS`."""
    rows: list[Row] = []
    for work in model.works:
        for ranks in (r for r in (1, 8, 128) if r <= work.batch):
            row: Row = {"configuration": work.name, "GPUs": ranks}
            for form in _FORMS:
                slices = model.slices(work, ranks, form=form)
                time = model.time(work, ranks, form=form, slices=slices or 1)
                memory = step_memory(work, ranks, assumed=model.assumed, form=form)
                row[f"{form}, ms"] = 1e3 * time.latents
                row[f"{form}, % of step"] = 100 * time.latents / time.total
                row[f"{form}, GB"] = memory.latents / 1e9
                row[f"{form} fits"] = "no" if slices is None else "yes"
            rows.append(row)
    return rows


def shares(model: Model) -> list[Row]:
    """Percent of a step that latents take over the batch, on one GPU, both forms."""
    rows: list[Row] = []
    for batch in BATCHES:
        row: Row = {"batch n": batch}
        for work in distinct(model.works):
            for form in _FORMS:
                time = model.time(work.at_batch(batch), 1, form=form)
                row[f"{work.name}, {form}"] = 100 * time.latents / time.total
        rows.append(row)
    return rows


def crossings(model: Model) -> list[Row]:
    """Batches at which latents take longer than networks, and the largest that fit."""
    rows: list[Row] = []
    processor, assumed = model.cluster.processor, model.assumed
    for work in distinct(model.works):
        row: Row = {"configuration": work.name}
        for form in _FORMS:
            row[f"{form}: latents = networks at n"] = _or(model.crossing(work, form), "never")
        for ranks in (1, 128):
            for form in _FORMS:
                row[f"{form}: largest n, {ranks} GPU{'s' * (ranks > 1)}"] = largest_batch(
                    work, processor, ranks, assumed=assumed, form=form
                )
        rows.append(row)
    return rows


def gather(model: Model) -> list[Row]:
    """What gathering anchors costs over ranks, and from where it counts."""
    rows: list[Row] = []
    for work in model.works:
        row: Row = {"configuration": work.name, "anchors, MB": _gathered(work) / 1e6}
        for ranks in (r for r in RANKS[1:] if r <= work.batch):
            time = model.time(work, ranks)
            row[f"{ranks} GPUs, ms"] = 1e3 * time.gather
            row[f"{ranks} GPUs, %"] = 100 * time.gather / time.total
        for share in (0.01, 0.05):
            found = ranks_where_gather_counts(
                work, model.cluster, assumed=model.assumed, share=share
            )
            row[f"{100 * share:.0f} % of a step at"] = _or(found, "never")
        rows.append(row)
    return rows


def varied(model: Model) -> list[Row]:
    """Milliseconds of a step on 8 and on 128 GPUs as assumptions vary."""
    rows: list[Row] = []
    processor = model.cluster.processor
    variants: dict[str, Model] = {
        f"share {share:g}": replace(
            model,
            cluster=replace(model.cluster, processor=replace(processor, convolution_share=share)),
        )
        for share in SHARES
    }
    assumed = model.assumed
    for name, changed in {
        "half the touches": replace(assumed, touches=assumed.touches / 2),
        "launches for nothing": replace(assumed, launch=0.0),
        "half the links": replace(assumed, link_share=assumed.link_share / 2),
    }.items():
        variants[name] = replace(model, assumed=changed)
    tensor_cores = replace(processor, product_rate=processor.convolution_rate)
    variants["latents in TF32"] = replace(
        model, cluster=replace(model.cluster, processor=tensor_cores)
    )
    for work in distinct(model.works):
        for ranks in (8, 128):
            row: Row = {"configuration": work.name, "GPUs": ranks}
            for name, variant in variants.items():
                slices = variant.slices(work, ranks) or 1
                row[name] = 1e3 * variant.time(work, ranks, slices=slices).total
            rows.append(row)
    return rows


def distinct(works: Sequence[Workload]) -> list[Workload]:
    """Return the workloads that differ by more than name and batch, the first of each kind."""
    found: dict[object, Workload] = {}
    for work in works:
        at_one = work.at_batch(BATCHES[0])
        found.setdefault((at_one.dim, at_one.steps, at_one.networks, at_one.flows), work)
    return list(found.values())


def _gathered(work: Workload) -> int:
    return sum(NUMBER * flow.anchors * work.dim for flow in gathered_anchors(work))


def _or(value: int | None, other: str) -> int | str:
    return other if value is None else value


def _plain(value: object) -> float | int | str:
    return value if isinstance(value, int | float) else str(value)
