"""Fused evaluations: the same numbers as plain ones, and a way out where nothing compiles."""

from collections.abc import Callable
from functools import cache, partial

import pytest
import torch
from torch import Tensor

from lzn_runtime.latent import (
    Euler,
    LocalizationPEC,
    alignment_loss,
    compute_latents,
    fusion,
    integrate,
)


def results() -> list[Tensor]:
    rng = torch.Generator().manual_seed(0)
    drawn = [torch.randn(40, 8, generator=rng, dtype=torch.float64) for _ in range(3)]
    leaf, noise, cotangent = drawn[0].requires_grad_(), *drawn[1:]
    latents = compute_latents(leaf, noise, solver=LocalizationPEC(3))
    (gradient,) = torch.autograd.grad(latents, leaf, cotangent)
    return [latents.detach(), gradient]


def test_one_graph_holds_an_evaluation_and_one_its_backward(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    want = results()
    traced: list[str] = []

    def trace(device: torch.device, function: object) -> object:
        traced.append(getattr(function, "__name__", ""))
        return fusion.fused(function, backend="aot_eager")

    monkeypatch.setattr(fusion, "on", trace)
    got = results()
    assert set(traced) == {"evaluate", "damp", "evaluate_backward"}
    for found, wanted in zip(got, want, strict=True):
        torch.testing.assert_close(found, wanted, rtol=0, atol=1e-13)


def every_way(size: int, steps: int, dtype: torch.dtype = torch.float64) -> list[Tensor]:
    """Down and up with gradients, with and without weights; against a support; as published."""
    rng = torch.Generator().manual_seed(0)
    anchors, noise, classes = (
        torch.randn(rows, 8, generator=rng, dtype=dtype).requires_grad_()
        for rows in (size, size, 10)
    )
    solver, pairing = LocalizationPEC(steps), torch.arange(size) % 10
    latents = compute_latents(anchors, noise, solver=solver)
    losses = [
        alignment_loss(latents, classes, pairing, weights=weights, solver=solver)
        for weights in (None, torch.arange(1, 11, dtype=dtype))
    ]
    torch.autograd.backward(losses)
    with torch.no_grad():
        supported = compute_latents(anchors, noise, support=classes, solver=solver)
        published = compute_latents(anchors, noise, solver=Euler(steps))
    grads = [leaf.grad for leaf in (anchors, noise, classes) if leaf.grad is not None]
    return [latents.detach(), supported, published, *grads]


@pytest.mark.filterwarnings("error")
def test_graphs_serve_all_sizes_and_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrate, "default_tile_anchors", lambda count, *_: count)
    want = [every_way(40, 3), every_way(56, 7)]
    made: list[str] = []

    def count(graph: torch.fx.GraphModule, inputs: object) -> Callable[..., object]:
        made.append("")
        return graph.forward

    fused = cache(partial(fusion.fused, backend=count))
    monkeypatch.setattr(fusion, "on", lambda device, function: fused(function))
    got = [every_way(40, 3)]
    first = len(made)
    got.append(every_way(56, 7))
    assert 0 < len(made) == first
    for found, wanted in zip(got, want, strict=True):
        assert len(found) == 6
        for one, other in zip(found, wanted, strict=True):
            torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-13)
    every_way(41, 3, torch.float32)
    every_way(1, 3)


def test_too_many_graphs_end_in_the_plain_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fusion, "_MOST_GRAPHS", 1)
    seen: list[float] = []

    def function(value: Tensor) -> None:
        seen.append(value.mul_(2).dim())

    run = fusion.fused(function, backend="eager")
    run(torch.ones(3))
    with pytest.warns(RuntimeWarning, match="runs without fused kernels"):
        run(other := torch.ones(3, 3, dtype=torch.float64))
    assert torch.equal(other, torch.full((3, 3), 2.0, dtype=torch.float64))


def test_what_does_not_compile_runs_plainly_after_a_warning() -> None:
    seen: list[int] = []

    def halting(value: int) -> None:
        torch._dynamo.graph_break()
        seen.append(value)

    run = fusion.fused(halting, backend="eager")
    with pytest.warns(RuntimeWarning, match="the latent flow runs without fused kernels: "):
        run(1)
    run(2)
    assert seen == [1, 2]


def test_the_cpu_runs_the_plain_function() -> None:
    def function() -> None: ...

    assert fusion.on(torch.device("cpu"), function) is function
