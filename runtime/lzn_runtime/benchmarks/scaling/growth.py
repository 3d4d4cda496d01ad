"""How the parts of a step grow with the batch n, the latent size q and the solver steps r."""

import math
from collections.abc import Sequence
from dataclasses import replace

import torch

from lzn_dsl.spec import Spec
from lzn_runtime.benchmarks.latent.tables import Row
from lzn_runtime.benchmarks.scaling.parts import load_batch, measure_flow, measure_network
from lzn_runtime.benchmarks.scaling.workload import LatentFlow, Workload, workload
from lzn_runtime.compile.model import build_model
from lzn_runtime.compile.parts import open_dataset


def networks_over_batch(spec: Spec, sizes: Sequence[int], *, repeats: int) -> list[Row]:
    """Return milliseconds of each network of a program, forward and backward, over the batch."""
    plan = spec.plan()
    model = build_model(plan, spec.registry, device=torch.device("cpu")).train()
    dataset = open_dataset(plan.dataset(plan.train.on), spec.registry, spec.folder)
    batch, work = load_batch(plan, dataset), workload(plan, spec.registry)
    rows: list[Row] = []
    for network in work.networks:
        row: Row = {"part": network.id, "over": "n"}
        for size in sizes:
            part = measure_network(replace(network, samples=size), plan, model, batch, repeats)
            row[str(size)] = 1e3 * part.seconds
        rows.append({**row, "exponent": slope(sizes, [float(row[str(s)]) for s in sizes])})
    return rows


def flows_over(
    what: str, values: Sequence[int], *, batch: int, dim: int, steps: int, repeats: int
) -> list[Row]:
    """Return milliseconds of flows, forward and backward, over `what`: "n", "q" or "r".

    Latents of n samples, their alignment with n anchors, and alignment with ten classes.
    """
    rows: dict[str, Row] = {}
    for value in values:
        sizes = {"n": batch, "q": dim, "r": steps} | {what: value}
        work = Workload("flows", sizes["n"], sizes["q"], sizes["r"], 0, (), ())
        for flow in _flows(sizes["n"]):
            part = measure_flow(flow, work, repeats)
            row = rows.setdefault(flow.id, {"part": flow.id, "over": what})
            row[str(value)] = 1e3 * part.seconds
    return [
        {**row, "exponent": slope(values, [float(row[str(value)]) for value in values])}
        for row in rows.values()
    ]


def _flows(batch: int) -> tuple[LatentFlow, ...]:
    return (
        LatentFlow("latents", "latents", batch, batch, gathers=True),
        LatentFlow("alignment with samples", "alignment", batch, batch, gathers=True),
        LatentFlow("alignment with 10 classes", "alignment", batch, 10, gathers=False),
    )


def slope(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Return the exponent p of seconds ~ size^p by least squares of logarithms, two at least."""
    x, y = [math.log(s) for s in sizes], [math.log(s) for s in seconds]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    spread = sum((a - mean_x) ** 2 for a in x)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / spread
