"""The same numbers on a CUDA device as on the CPU."""

import pytest
import torch
from torch import Tensor

from lzn_runtime.latent import (
    DPMSolverPP,
    Euler,
    LocalizationAB2,
    LocalizationPEC,
    Solver,
    alignment_loss,
    carry_to_anchors,
    compute_latents,
)

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
]
SOLVERS = [LocalizationAB2(8), LocalizationPEC(8), Euler(8, gap=1e-2), DPMSolverPP(8, gap=1e-2)]


def results(device: str, solver: Solver) -> list[Tensor]:
    rng = torch.Generator().manual_seed(0)
    drawn = [torch.randn(40, 8, generator=rng, dtype=torch.float64) for _ in range(3)]
    anchors, noise, support = (tensor.to(device).requires_grad_() for tensor in drawn)
    latents = compute_latents(anchors, noise, solver=solver)
    supported = compute_latents(anchors, noise, support=support, solver=solver)
    pairing = torch.arange(40, device=device).roll(1)
    loss = alignment_loss(latents, anchors, pairing, solver=solver)
    carried = carry_to_anchors(latents, anchors, solver=solver)
    leaves = [anchors, noise, support]
    gradients = torch.autograd.grad(loss + supported.sum() + carried.points.sum(), leaves)
    return [latents, supported, loss, carried.points, carried.log_probs, *gradients]


@pytest.mark.parametrize("solver", SOLVERS, ids=lambda s: type(s).__name__)
def test_a_gpu_agrees_with_the_cpu(solver: Solver) -> None:
    for got, want in zip(results("cuda", solver), results("cpu", solver), strict=True):
        torch.testing.assert_close(got.cpu(), want, rtol=1e-8, atol=1e-8)
