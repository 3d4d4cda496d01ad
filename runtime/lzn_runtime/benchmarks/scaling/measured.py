"""The tables that are measured: of one machine, and of one day."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch

from lzn_dsl.spec import Spec
from lzn_runtime.benchmarks.latent.published import published_latents
from lzn_runtime.benchmarks.latent.tables import Row
from lzn_runtime.benchmarks.latent.timing import draw, forward_backward
from lzn_runtime.benchmarks.live_memory import LiveMemory
from lzn_runtime.benchmarks.scaling.calibrate import calibrated, predictions
from lzn_runtime.benchmarks.scaling.clock import best, one_thread
from lzn_runtime.benchmarks.scaling.growth import flows_over, networks_over_batch
from lzn_runtime.benchmarks.scaling.hardware import Assumptions, Processor
from lzn_runtime.benchmarks.scaling.local import this_machine
from lzn_runtime.benchmarks.scaling.parts import Part, measure_parts
from lzn_runtime.benchmarks.scaling.programs import program
from lzn_runtime.benchmarks.scaling.step_memory import flows_memory
from lzn_runtime.benchmarks.scaling.step_time import flow_time
from lzn_runtime.benchmarks.scaling.whole import measure_step
from lzn_runtime.benchmarks.scaling.workload import LatentFlow, Workload, workload


@dataclass(frozen=True)
class Sizes:
    """How much to measure."""

    batch: int = 128
    batches: Sequence[int] = (32, 64, 128, 256, 512)
    anchors: Sequence[int] = (128, 256, 512, 1024)
    dims: Sequence[int] = (32, 64, 128, 256)
    solver_steps: Sequence[int] = (5, 10, 20, 40)
    published: Sequence[int] = (128, 256, 384)
    repeats: int = 3
    steps: int = 11
    wide: int = 48


QUICK = Sizes(
    batch=32,
    batches=(16, 32),
    anchors=(32, 64),
    dims=(8, 16),
    solver_steps=(2, 4),
    published=(16, 32),
    repeats=1,
    steps=6,
    wide=8,
)


@dataclass(frozen=True)
class _Measured:
    """A program, its parts and its whole step."""

    spec: Spec
    work: Workload
    parts: list[Part]
    whole: float


def measured_tables(sizes: Sizes) -> dict[str, list[Row]]:
    """Measure everything on one thread; return the tables by name."""
    with one_thread():
        return _measured_tables(sizes)


def _measured_tables(sizes: Sizes) -> dict[str, list[Row]]:
    machine, assumed = this_machine(Assumptions())
    programs = _programs(sizes)
    joint, embedding = programs["joint"], programs["embedding"]
    fitted = calibrated(joint.work, joint.parts, machine, assumed)
    return {
        "machine": [_machine(machine, fitted)],
        "parts of a joint step": _parts(joint),
        "parts of an embedding step": _parts(embedding),
        "growth of networks": networks_over_batch(joint.spec, sizes.batches, repeats=sizes.repeats),
        "growth over n": _flows("n", sizes.anchors, sizes),
        "growth over q": _flows("q", sizes.dims, sizes),
        "growth over r": _flows("r", sizes.solver_steps, sizes),
        "predicted": _predicted(programs, machine, (assumed, fitted)),
        "published form": [_published(n, machine, assumed) for n in sizes.published],
    }


def _programs(sizes: Sizes) -> dict[str, _Measured]:
    """The joint program, on which the model is calibrated, and others that it must predict."""
    batch, wide = sizes.batch, sizes.wide
    variants: dict[str, tuple[str, dict[str, object]]] = {
        "joint": ("joint", {}),
        "joint, a quarter of the batch": ("joint", {"train__batch": batch // 4}),
        "joint, four times the batch": ("joint", {"train__batch": 4 * batch}),
        "joint, twice as wide": (
            "joint",
            {
                "modality__image__encoder__widths": [2 * wide, 3 * wide, 3 * wide],
                "modality__image__decoder__network__width": wide,
            },
        ),
        "joint, q = 256, r = 10": ("joint", {"space__dim": 256, "train__solver_steps": 10}),
        "embedding": ("embedding", {}),
        "embedding, twice the batch": ("embedding", {"train__batch": 2 * batch}),
    }
    found: dict[str, _Measured] = {}
    for name, (kind, settings) in variants.items():
        spec = program(kind, steps=sizes.steps, **{"train__batch": batch, **settings})
        work = workload(spec.plan(), spec.registry)
        parts = measure_parts(spec, repeats=sizes.repeats)
        found[name] = _Measured(spec, work, parts, measure_step(spec))
    return found


def _machine(machine: Processor, fitted: Assumptions) -> Row:
    return {
        "machine": platform.machine(),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "float32 product, GFLOP/s": machine.product_rate / 1e9,
        "pass over fresh memory, GB/s": machine.bandwidth / 1e9,
        "to start an operation, us": 1e6 * fitted.launch,
        "fitted passes over kept numbers": fitted.touches,
        "fitted passes over strips, in a step": fitted.strip_touches[1],
    }


def _parts(measured: _Measured) -> list[Row]:
    rows: list[Row] = [
        {
            "part": part.name,
            "forward, ms": 1e3 * part.forward,
            "backward, ms": 1e3 * part.backward,
            "% of the sum": 100 * part.seconds / sum(p.seconds for p in measured.parts),
        }
        for part in measured.parts
    ]
    total = sum(p.forward for p in measured.parts), sum(p.backward for p in measured.parts)
    whole = 100 * measured.whole / sum(total)
    return [
        *rows,
        _line("sum of the parts", 1e3 * total[0], 1e3 * total[1], 100.0),
        _line("a step of the training loop", 1e3 * measured.whole, 0.0, whole),
    ]


def _line(name: str, forward: float, backward: float, share: float) -> Row:
    return {"part": name, "forward, ms": forward, "backward, ms": backward, "% of the sum": share}


def _flows(what: str, values: Sequence[int], sizes: Sizes) -> list[Row]:
    return flows_over(
        what,
        values,
        batch=4 * sizes.batch,
        dim=sizes.dims[0],
        steps=sizes.solver_steps[1],
        repeats=sizes.repeats,
    )


def _predicted(
    programs: Mapping[str, _Measured], machine: Processor, assumed: Sequence[Assumptions]
) -> list[Row]:
    """Measured and predicted milliseconds, from rates alone and with two fitted numbers."""
    rows: list[Row] = []
    errors: list[tuple[float, float]] = []
    for name, measured in programs.items():
        seconds = {part.name: part.seconds for part in measured.parts}
        guesses = [predictions(measured.work, machine, a) for a in assumed]
        parts = {
            "networks": [n.id for n in measured.work.networks],
            "latents": [f.id for f in measured.work.flows],
        }
        parts["both"] = [*parts["networks"], *parts["latents"]]
        for part, ids in parts.items():
            found = sum(seconds[i] for i in ids)
            first, second = (sum(guess[i] for i in ids) for guess in guesses)
            rows.append(
                {
                    "program": name,
                    "part": part,
                    "measured, ms": 1e3 * found,
                    "from rates, ms": 1e3 * first,
                    "error, %": 100 * (first / found - 1),
                    "fitted, ms": 1e3 * second,
                    "error of it, %": 100 * (second / found - 1),
                }
            )
        errors.append((first / found - 1, second / found - 1))
    largest = [max((error[i] for error in errors), key=abs) for i in (0, 1)]
    return [
        *rows,
        {
            "program": "of all",
            "part": "largest error of both",
            "measured, ms": "",
            "from rates, ms": "",
            "error, %": 100 * largest[0],
            "fitted, ms": "",
            "error of it, %": 100 * largest[1],
        },
    ]


def _published(size: int, machine: Processor, assumed: Assumptions) -> Row:
    """The published form beside the model: seconds by the measured bandwidth, bytes of tensors."""
    dim, steps = 64, 4
    flow = LatentFlow("latents", "latents", size, size, gathers=True)
    work = Workload("published", size, dim, steps, 0, (), (flow,))
    anchors, noise = draw(size, dim, seed=3), draw(size, dim, seed=4)

    def run() -> object:
        return forward_backward(lambda a, e: published_latents(a, e, steps=steps), anchors, noise)

    with LiveMemory() as memory:
        run()
    seconds = best(2, run)
    predicted = flow_time(flow, size, work, machine, assumed, form="published")
    held = flows_memory(work, 1, assumed=assumed, form="published")
    return {
        "n": size,
        "measured, ms": 1e3 * seconds,
        "model, ms": 1e3 * predicted,
        "error, %": 100 * (predicted / seconds - 1),
        "peak of tensors, MB": memory.peak / 1e6,
        "model, MB": held / 1e6,
    }
