"""Timing of forward and backward, and the rate of the machine's own matrix product.

Dimensions: n anchors and points, q latent size, r solver steps.
"""

import time
from collections.abc import Callable
from functools import cache
from typing import Literal

import torch
from torch import Tensor

from lzn_runtime.latent import Solver, compute_latents

Clock = Literal["wall", "cpu"]
Latents = Callable[[Tensor, Tensor], Tensor]


def now(clock: Clock) -> float:
    """Seconds of the clock: of the wall, or of all threads of this process."""
    return time.perf_counter() if clock == "wall" else time.process_time()


def draw(*shape: int, seed: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Return standard normal numbers."""
    rng = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=rng, dtype=torch.float64).to(dtype)


def best_of(repeats: int, clock: Clock, work: Callable[[], object]) -> float:
    """Return the shortest time of some runs, in seconds."""
    times = []
    for _ in range(repeats):
        start = now(clock)
        work()
        times.append(now(clock) - start)
    return min(times)


def product_rate(size: int, dim: int, clock: Clock) -> float:
    """Return FLOP/s of an (n, n) @ (n, q) product in float32, the best of six."""
    return 2 * size**2 * dim / min(product_seconds(size, size, dim, clock, count=6))


def product_seconds(
    points: int, size: int, dim: int, clock: Clock, *, count: int = 1, lasting: float = 0.0
) -> list[float]:
    """Return the time of each (m, n) @ (n, q) product, of `count` or as many as take `lasting`."""
    rng = torch.Generator().manual_seed(0)
    left, right = torch.rand(points, size, generator=rng), draw(size, dim, seed=1)
    out = torch.empty(points, dim)
    times: list[float] = []
    while len(times) < count or sum(times) < lasting:
        times.append(best_of(1, clock, lambda: torch.mm(left, right, out=out)))
    return times


def flop(size: int, dim: int, steps: int) -> int:
    """Return 14 n^2 q r: two products forward and five backward in each step, 2 n^2 q each."""
    return 14 * size**2 * dim * steps


def by(solver: Solver) -> Latents:
    """Return the latents of a batch's first points, as many as have noise, by our solver."""
    return lambda anchors, noise: compute_latents(
        anchors[: len(noise)], noise, pool=anchors, solver=solver
    )


def forward_backward(latents_of: Latents, anchors: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
    """Return latents, and the gradient of the anchors for a fixed cotangent."""
    leaf = anchors.clone().requires_grad_()
    latents = latents_of(leaf, noise)
    (gradient,) = torch.autograd.grad(latents, leaf, _cotangent(noise.shape, noise.dtype))
    return latents.detach(), gradient


@cache
def _cotangent(shape: torch.Size, dtype: torch.dtype) -> Tensor:
    """Drawn once: it is no part of what is timed."""
    return draw(*shape, seed=2).to(dtype)


def rms(values: Tensor) -> float:
    """Return the root mean square."""
    return float(values.square().mean().sqrt())
