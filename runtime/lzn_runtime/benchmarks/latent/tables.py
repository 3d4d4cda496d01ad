"""The tables of `lzn bench latent`: cost, the published formulation, accuracy, memory."""

import math
import subprocess
import sys
from collections.abc import Sequence
from statistics import median

import torch
from torch import Tensor

from lzn_runtime.benchmarks.latent.anchors import kinds_of_anchors
from lzn_runtime.benchmarks.latent.published import published_latents
from lzn_runtime.benchmarks.latent.timing import (
    Clock,
    best_of,
    by,
    draw,
    flop,
    forward_backward,
    product_seconds,
    rms,
)
from lzn_runtime.latent import (
    DPMSolverPP,
    Euler,
    LocalizationAB2,
    LocalizationPEC,
    Solver,
    carry_to_anchors,
    compute_latents,
)

Row = dict[str, float | int | str]
# Cost: rounds at sizes that take seconds, and pairs of point and anchor of the largest.
_ROUNDS = 5
_PAIRS = 1 << 26
# Points carried back at once: their probabilities at every step are held.
_CARRIED = 256


def cost(sizes: Sequence[int], *, dim: int, steps: int, clock: Clock) -> list[Row]:
    """Seconds, rate and share of the machine's rate over n, forward and backward in float32.

    The machine's rate is that of products one after another for as long as the flow takes (at most
    20 s), half of them before it and half after; `best product` is that of the fastest single one.
    `share` and `GFLOP/s` are medians of the rounds, `seconds` the shortest time. Where m points are
    timed of n, `seconds` is n / m times what they took: no point knows of another.
    """
    rows: list[Row] = []
    for size in sizes:
        points = min(size, max(1, _PAIRS // size))
        anchors, noise = draw(size, dim, seed=3), draw(points, dim, seed=4)
        work, product = by(LocalizationPEC(steps)), 2 * points * size * dim
        counted = flop(size, dim, steps) * points / size
        guess = counted / product * min(product_seconds(points, size, dim, clock, count=6))
        half = min(10.0, guess / 2)
        times, sustained, singles = list[float](), list[float](), list[float]()
        for _ in range(_ROUNDS if size <= 2048 else 1):
            products = product_seconds(points, size, dim, clock, lasting=half)
            times.append(best_of(1, clock, lambda: forward_backward(work, anchors, noise)))  # noqa: B023
            products += product_seconds(points, size, dim, clock, lasting=half)
            sustained.append(product * len(products) / sum(products))
            singles.append(product / min(products))
        rates = [counted / time for time in times]
        rows.append(
            {
                "n": size,
                "points": points,
                "seconds": min(times) * size / points,
                "GFLOP/s": median(rates) / 1e9,
                "product GFLOP/s": median(sustained) / 1e9,
                "share": median(rate / of for rate, of in zip(rates, sustained, strict=True)),
                "best product GFLOP/s": max(singles) / 1e9,
            }
        )
    return rows


def exponent(rows: Sequence[Row]) -> float:
    """Return the slope of log seconds over log n by least squares; nan of fewer than two rows."""
    points = [(math.log(float(row["n"])), math.log(float(row["seconds"]))) for row in rows]
    x = sum(point[0] for point in points) / len(points)
    y = sum(point[1] for point in points) / len(points)
    spread = sum((point[0] - x) ** 2 for point in points)
    if spread == 0:
        return math.nan
    return sum((point[0] - x) * (point[1] - y) for point in points) / spread


def against_published(size: int, *, dim: int, steps: int, clock: Clock) -> list[Row]:
    """The published formulation and ours at equal steps, ours at a half and a quarter too.

    `error` is that of float32 latents against the exact flow; `rounding` is that of float32 against
    the same scheme in float64, in the units of the latents and relative for gradients.
    """
    anchors, noise = draw(size, dim, seed=3), draw(size, dim, seed=4)
    contenders = {
        "published Euler": lambda a, e: published_latents(a, e, steps=steps),
        **{type(s).__name__: by(s) for s in (Euler(steps), LocalizationAB2(steps))},
        "LocalizationPEC": by(LocalizationPEC(steps)),
    }
    for fewer in (max(steps // 2, 1), max(steps // 4, 1)):
        contenders[f"LocalizationPEC({fewer})"] = by(LocalizationPEC(fewer))
    exact = compute_latents(anchors.double(), noise.double(), solver=LocalizationPEC(500))
    rows: list[Row] = []
    for name, work in contenders.items():
        slow = name.startswith("published")
        results: list[tuple[Tensor, Tensor]] = []
        seconds = best_of(
            1 if slow else 5,
            clock,
            lambda: results.append(forward_backward(work, anchors, noise)),  # noqa: B023
        )
        latents, gradient = results[-1]
        # The same scheme in float64; the published one is the same as ours.
        double = by(Euler(steps)) if slow else work
        latents_64, gradient_64 = forward_backward(double, anchors.double(), noise.double())
        rows.append(
            {
                "formulation": name,
                "seconds": seconds,
                "times faster": float(rows[0]["seconds"]) / seconds if rows else 1.0,
                "error": rms(latents.double() - exact),
                "rounding of z": rms(latents.double() - latents_64),
                "rounding of the gradient": rms(gradient.double() - gradient_64) / rms(gradient_64),
            }
        )
    return rows


def accuracy(size: int, *, draws: int, fine: int, dim: int = 32) -> list[Row]:
    """Error and round trip over kinds of anchors, in float64, alpha = 1.

    `error`: root mean square against `fine` steps. `round trip`: the share of latents that a flow
    of at most 100 steps brings back to their own anchor. Each anchor has `draws` draws of noise.
    """
    solvers: list[Solver] = [Euler(20), Euler(40), DPMSolverPP(20)]
    solvers += [make(steps) for steps in (10, 20) for make in (LocalizationAB2, LocalizationPEC)]
    own = torch.arange(size).repeat(draws)
    noise = draw(size * draws, dim, seed=8, dtype=torch.float64)
    rows: list[Row] = []
    for kind, anchors in kinds_of_anchors(size, dim).items():

        def latents_by(solver: Solver, pool: Tensor = anchors) -> Tensor:
            return compute_latents(pool[own], noise, pool=pool, own=own, solver=solver)

        exact = latents_by(LocalizationPEC(fine))
        for solver in solvers:
            latents = latents_by(solver)
            rows.append(
                {
                    "anchors": kind,
                    "solver": f"{type(solver).__name__} {solver.steps}",
                    "error": rms(latents - exact),
                    "round trip": _round_trip(latents, anchors, own, min(fine, 100)),
                }
            )
    return rows


def _round_trip(latents: Tensor, anchors: Tensor, own: Tensor, steps: int) -> float:
    solver = LocalizationPEC(steps)
    back = [
        carry_to_anchors(some, anchors, solver=solver).index
        for some in torch.split(latents, _CARRIED)
    ]
    return float((torch.cat(back) == own).double().mean())


def memory(sizes: Sequence[int], *, dim: int, steps: int) -> list[Row]:
    """Peak memory of forward and backward beyond the inputs, each size in its own process."""
    rows: list[Row] = []
    for size in sizes:
        numbers = [str(number) for number in (size, dim, steps, torch.get_num_threads())]
        command = [sys.executable, "-m", "lzn_runtime.benchmarks.latent.peak", *numbers]
        run = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
        rows.append({"n": size, "peak MB": float(run.stdout)})
    return rows
