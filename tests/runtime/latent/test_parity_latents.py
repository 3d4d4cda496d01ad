"""Latent computation by the published schemes against numbers of the published code."""

import pytest
import torch
from torch import Tensor

from helpers.parity import cases, leaf, tensors, worst
from lzn_runtime.latent import DPMSolverPP, Euler, Solver, compute_latents

EULER, DPM = "latent_flow_euler", "latent_flow_dpm"
BATCHES = [
    (fixture, name, steps)
    for fixture in (EULER, DPM)
    for name, case in cases(fixture).items()
    if name.startswith("n")
    for steps in case["steps"]
]
# The published float32 is off by 2e-4 to 1e-3 (gap times the anchors' rounding); ours is not.
PRECISIONS = [(torch.float64, 1e-9, 1e-7), (torch.float32, 3e-6, 1e-5)]


def solver_of(fixture: str, steps: int) -> Solver:
    return Euler(steps) if fixture == EULER else DPMSolverPP(steps)


@pytest.mark.parametrize(("dtype", "value_tol", "grad_tol"), PRECISIONS)
@pytest.mark.parametrize(("fixture", "name", "steps"), BATCHES)
def test_a_batch_has_the_published_latents_and_gradients(
    fixture: str, name: str, steps: int, dtype: torch.dtype, value_tol: float, grad_tol: float
) -> None:
    anchors = leaf(fixture, f"{name}/A", dtype)
    noise, cotangent = (tensors(fixture)[f"{name}/{key}"].to(dtype) for key in "ZC")
    latents = compute_latents(anchors, noise, solver=solver_of(fixture, steps))
    torch.autograd.backward((latents * cotangent).sum())
    assert worst(latents, fixture, f"{name}/steps{steps}/latent") < value_tol
    assert worst(grad(anchors), fixture, f"{name}/steps{steps}/grad_A") < grad_tol


@pytest.mark.parametrize("part", [0, 1])
def test_part_of_a_pool_has_the_published_latents_and_gradients(part: int) -> None:
    low, high = cases(EULER)["subset"]["slices"][part]
    pool = leaf(EULER, "subset/A", torch.float64)
    noise, cotangent = (tensors(EULER)[f"subset/{key}"][low:high].double() for key in "ZC")
    latents = compute_latents(pool[low:high], noise, pool=pool, offset=low, solver=Euler(20))
    torch.autograd.backward((latents * cotangent).sum())
    assert worst(latents, EULER, f"subset/part{part}/latent") < 1e-9
    assert worst(grad(pool), EULER, f"subset/part{part}/grad_A") < 1e-7


def test_part_of_a_pool_has_the_published_latents_by_dpm_solver() -> None:
    low, high = cases(DPM)["subset"]["slice"]
    pool = leaf(DPM, "subset/A", torch.float64)
    noise, cotangent = (tensors(DPM)[f"subset/{key}"].double() for key in "ZC")
    noise, cotangent = noise[low:high], cotangent[low:high]
    latents = compute_latents(pool[low:high], noise, pool=pool, offset=low, solver=DPMSolverPP(20))
    torch.autograd.backward((latents * cotangent).sum())
    assert worst(latents, DPM, "subset/latent") < 1e-9
    assert worst(grad(pool), DPM, "subset/grad_A") < 1e-7


@pytest.mark.parametrize("steps", cases(EULER)["label"]["steps"])
def test_labels_have_the_published_latents_and_gradients(steps: int) -> None:
    classes = leaf(EULER, "label/L", torch.float64)
    labels = tensors(EULER)["label/label"]
    noise, cotangent = (tensors(EULER)[f"label/{key}"].double() for key in "ZC")
    latents = compute_latents(classes[labels], noise, pool=classes, own=labels, solver=Euler(steps))
    torch.autograd.backward((latents * cotangent).sum())
    assert worst(latents, EULER, f"label/steps{steps}/latent") < 1e-9
    assert worst(grad(classes), EULER, f"label/steps{steps}/grad_L") < 1e-7


def grad(tensor: Tensor) -> Tensor:
    assert tensor.grad is not None
    return tensor.grad
