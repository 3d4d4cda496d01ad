"""Cost and accuracy of latent computation, beside the published formulation.

    python tests/benchmarks/latent_cost.py [--tables speed published accuracy memory] [--json FILE]
        [--sizes 256 512 1024 2048] [--threads 2] [--clock wall]

Forward and backward at 20 steps. The arithmetic is counted as 14 n^2 q r FLOP (two products
forward, five backward, of 2 n^2 q each), whatever is done; the machine's rate is the best of a
float32 product of the same shape, measured between the runs. `published` is the flow as the paper
states it: an (m, n, q) tensor of differences at each step, kept out of memory by checkpointing. On
a machine that others use too, `--threads 1 --clock cpu` gives the steadier ratios.

Accuracy: root mean square error of latents against 1,000 steps of third order, and the share of
latents that a fine flow (400 steps) brings back to their own anchor; n = 256, q = 32, alpha = 1.
"""

import argparse
import json
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from sklearn.datasets import load_digits
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from lzn_runtime.latent import (
    Euler,
    LocalizationAB2,
    LocalizationPEC,
    Solver,
    alignment_loss,
    carry_to_anchors,
    compute_latents,
)

Row = dict[str, float | int | str]
STEPS, DIM = 20, 256
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}


def draw(*shape: int, seed: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Standard normal numbers."""
    rng = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=rng, dtype=torch.float64).to(dtype)


def best_of(repeats: int, clock: Callable[[], float], work: Callable[[], object]) -> float:
    """Shortest time of some runs, in seconds; one run before them is not timed."""
    work()
    times = []
    for _ in range(repeats):
        start = clock()
        work()
        times.append(clock() - start)
    return min(times)


def product_rate(size: int, clock: Callable[[], float]) -> float:
    """FLOP/s of an (n, n) @ (n, q) product in float32."""
    left, right = draw(size, size, seed=0), draw(size, DIM, seed=1)
    out = torch.empty(size, DIM)
    return 2 * size**2 * DIM / best_of(5, clock, lambda: torch.mm(left, right, out=out))


def forward_backward(
    latents_of: Callable[[Tensor, Tensor], Tensor], anchors: Tensor, noise: Tensor
) -> tuple[Tensor, Tensor]:
    """Latents, and the gradient of the anchors for a fixed cotangent."""
    leaf = anchors.clone().requires_grad_()
    latents = latents_of(leaf, noise)
    (gradient,) = torch.autograd.grad(latents, leaf, draw(*anchors.shape, seed=2).to(anchors))
    return latents.detach(), gradient


def ours(solver: Solver) -> Callable[[Tensor, Tensor], Tensor]:
    """Latents by a solver of the runtime."""
    return lambda anchors, noise: compute_latents(anchors, noise, solver=solver)


def published(anchors: Tensor, noise: Tensor, gap: float = 1e-4) -> Tensor:
    """Euler's method on uniform t as the paper states the flow. t = 0: latent, t = 1: anchor."""

    def step(s: Tensor, rows: Tensor, t: float, h: float) -> Tensor:
        own_noise = (s[:, None] - t * rows[None]) / (1 - t)  # (m, n, q)
        weight = torch.softmax(-own_noise.square().sum(-1) / 2, dim=-1)  # (m, n)
        velocity = (weight[..., None] * (rows[None] - own_noise)).sum(1)  # (m, q)
        return s - h * velocity

    s, h = (1 - gap) * anchors + gap * noise, (1 - gap) / STEPS
    for k in range(STEPS):
        s = checkpoint(step, s, anchors, 1 - gap - k * h, h, use_reentrant=False)
    return s


def speed_table(sizes: list[int], clock: Callable[[], float]) -> list[Row]:
    """Seconds, rate and share of the machine's rate, over n."""
    rows: list[Row] = []
    for size in sizes:
        anchors, noise = draw(size, DIM, seed=3), draw(size, DIM, seed=4)
        work = ours(LocalizationAB2(STEPS))
        rate = product_rate(min(size, 4096), clock)
        repeats = 3 if size <= 2048 else 1
        seconds = best_of(repeats, clock, lambda: forward_backward(work, anchors, noise))  # noqa: B023
        rate = max(rate, product_rate(min(size, 4096), clock))
        flop = 14 * size**2 * DIM * STEPS
        rows.append(
            {
                "n": size,
                "seconds": seconds,
                "GFLOP/s": flop / seconds / 1e9,
                "product GFLOP/s": rate / 1e9,
                "share": flop / seconds / rate,
            }
        )
    return rows


def published_table(clock: Callable[[], float], size: int = 256, dim: int = 200) -> list[Row]:
    """The published formulation against ours at equal steps, in float32 against float64."""
    anchors, noise = draw(size, dim, seed=3), draw(size, dim, seed=4)
    contenders = {
        "published Euler": published,
        "Euler": ours(Euler(STEPS)),
        "LocalizationAB2": ours(LocalizationAB2(STEPS)),
        "LocalizationPEC": ours(LocalizationPEC(STEPS)),
    }
    exact = forward_backward(ours(LocalizationPEC(1000)), anchors.double(), noise.double())[0]
    rows: list[Row] = []
    for name, work in contenders.items():
        repeats = 1 if work is published else 5
        seconds = best_of(repeats, clock, lambda: forward_backward(work, anchors, noise))  # noqa: B023
        latents, gradient = forward_backward(work, anchors, noise)
        latents_64, gradient_64 = forward_backward(work, anchors.double(), noise.double())
        first = float(rows[0]["seconds"]) if rows else seconds
        rows.append(
            {
                "formulation": name,
                "seconds": seconds,
                "times faster": first / seconds,
                "error": rms(latents.double() - exact),
                "rounding of z": rms(latents.double() - latents_64) / rms(latents_64),
                "rounding of gradient": rms(gradient.double() - gradient_64) / rms(gradient_64),
            }
        )
    return rows


def rms(values: Tensor) -> float:
    """Root mean square."""
    return float(values.square().mean().sqrt())


def trained_anchors(size: int, dim: int) -> Tensor:
    """Anchors of digits by a small encoder trained with label alignment for 150 steps."""
    pixels, labels = (torch.as_tensor(part) for part in load_digits(return_X_y=True))
    pixels = pixels.float() / 16
    with torch.random.fork_rng():
        torch.manual_seed(0)
        encoder = nn.Sequential(nn.Linear(64, 128), nn.SiLU(), nn.Linear(128, dim))
    classes = nn.Parameter(draw(10, dim, seed=5))
    optimizer = torch.optim.Adam([*encoder.parameters(), classes], lr=3e-3)
    rng = torch.Generator().manual_seed(0)
    for _ in range(150):
        batch = torch.randint(len(labels), (size,), generator=rng)
        noise = 0.3 * torch.randn(size, dim, generator=rng)
        latents = compute_latents(encoder(pixels[batch]), noise, solver=LocalizationAB2(10))
        optimizer.zero_grad()
        torch.autograd.backward(
            alignment_loss(latents, classes, labels[batch], solver=LocalizationAB2(10))
        )
        optimizer.step()
    with torch.no_grad():
        found: Tensor = encoder(pixels[:size])
    return found.double()


def accuracy_table(size: int = 256, dim: int = 32) -> list[Row]:
    """Error and round trip over kinds of anchors, for equal and unequal evaluations."""
    spread = draw(size, dim, seed=6, dtype=torch.float64)
    centres = 2 * draw(10, dim, seed=7, dtype=torch.float64)[torch.arange(size) % 10]
    kinds = {f"scale {scale:g}": scale * spread for scale in (0.1, 0.3, 1, 3, 10)}
    kinds |= {f"clusters of {s:g}": centres + s * spread for s in (1, 0.3, 0.1)}
    kinds["trained encoder"] = trained_anchors(size, dim)
    solvers: list[Solver] = [Euler(20), Euler(40)]
    solvers += [make(n) for n in (10, 20) for make in (LocalizationAB2, LocalizationPEC)]
    rows: list[Row] = []
    for kind, anchors in kinds.items():
        noise = draw(size, dim, seed=8, dtype=torch.float64)
        exact = compute_latents(anchors, noise, solver=LocalizationPEC(1000))
        for solver in solvers:
            latents = compute_latents(anchors, noise, solver=solver)
            back = carry_to_anchors(latents, anchors, solver=LocalizationAB2(400)).index
            rows.append(
                {
                    "anchors": kind,
                    "solver": f"{type(solver).__name__} {solver.steps}",
                    "error": rms(latents - exact),
                    "round trip": float((back == torch.arange(size)).double().mean()),
                }
            )
    return rows


def memory_table(sizes: list[int]) -> list[Row]:
    """Peak memory of forward and backward, each size in a process of its own."""
    rows: list[Row] = []
    for size in sizes:
        command = [sys.executable, __file__, "--probe-memory", str(size)]
        command += ["--threads", str(torch.get_num_threads())]
        run = subprocess.run(command, check=True, capture_output=True, text=True)
        rows.append({"n": size, "peak MiB": float(run.stdout)})
    return rows


def probe_memory(size: int) -> float:
    """Growth of this process's peak over forward and backward, in MiB."""
    warm = draw(64, DIM, seed=3)
    forward_backward(ours(LocalizationAB2(2)), warm, warm)
    anchors, noise = draw(size, DIM, seed=3), draw(size, DIM, seed=4)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    forward_backward(ours(LocalizationAB2(STEPS)), anchors, noise)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def show(name: str, rows: list[Row]) -> None:
    """Print rows as a Markdown table."""
    print(f"\n{name}\n")
    print("| " + " | ".join(rows[0]) + " |")
    print("|" + "---|" * len(rows[0]))
    for row in rows:
        cells = (f"{v:.3g}" if isinstance(v, float) else str(v) for v in row.values())
        print("| " + " | ".join(cells) + " |", flush=True)


def main() -> None:
    """Measure what was asked for; print it, and write it where asked to."""
    parser = argparse.ArgumentParser(description="Cost and accuracy of latent computation.")
    known = ["speed", "published", "accuracy", "memory"]
    parser.add_argument("--tables", nargs="+", choices=known, default=known)
    parser.add_argument("--sizes", nargs="+", type=int, default=[256, 512, 1024, 2048])
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--clock", choices=list(CLOCKS), default="wall")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--probe-memory", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.probe_memory:
        print(probe_memory(options.probe_memory))
        return
    clock = CLOCKS[options.clock]
    makers: dict[str, Callable[[], list[Row]]] = {
        "speed": lambda: speed_table(options.sizes, clock),
        "published": lambda: published_table(clock),
        "accuracy": accuracy_table,
        "memory": lambda: memory_table(options.sizes),
    }
    print(f"{platform.machine()}, torch {torch.__version__}, {options.threads} threads, ", end="")
    print(f"{options.clock} clock, q = {DIM}, {STEPS} steps")
    found = {}
    for name in options.tables:
        found[name] = makers[name]()
        show(name, found[name])
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
