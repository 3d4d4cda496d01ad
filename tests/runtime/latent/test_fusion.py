"""Fused evaluations: the same numbers as plain ones, and a way out where nothing compiles."""

import pytest
import torch
from torch import Tensor

from lzn_runtime.latent import LocalizationPEC, compute_latents, fusion


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
    assert set(traced) == {"evaluate", "evaluate_backward"}
    for found, wanted in zip(got, want, strict=True):
        torch.testing.assert_close(found, wanted, rtol=0, atol=1e-13)


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
