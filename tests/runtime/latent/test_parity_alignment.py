"""Alignment losses by the published schemes against numbers of the published trainers."""

import pytest
import torch
from torch import Tensor

from helpers.parity import cases, leaf, tensors, worst
from lzn_runtime.latent import (
    DPMSolverPP,
    Euler,
    Solver,
    alignment_loss,
    carry_to_anchors,
    class_weights,
    compute_latents,
)

LOSS = "alignment_loss"
ENCODERS: dict[str, Solver] = {"dpm": DPMSolverPP(20), "euler": Euler(20)}
LABELS = [name for name in cases(LOSS) if name.startswith("label")]
VIEWS = [name for name in cases(LOSS) if name.startswith("contrastive")]
# Where float32 is given, the published float32 itself is off by 2e-4 in the loss and 2e-3 in the
# gradient.
PRECISIONS = [(torch.float64, 1e-9, 1e-7), (torch.float32, 3e-6, 3e-5)]


@pytest.mark.parametrize(("dtype", "value_tol", "grad_tol"), PRECISIONS)
@pytest.mark.parametrize("encoder", list(ENCODERS))
@pytest.mark.parametrize("name", LABELS)
def test_label_alignment(
    name: str, encoder: str, dtype: torch.dtype, value_tol: float, grad_tol: float
) -> None:
    anchors, classes = leaf(LOSS, f"{name}/A", dtype), leaf(LOSS, f"{name}/L", dtype)
    labels, noise = tensors(LOSS)[f"{name}/label"], tensors(LOSS)[f"{name}/Z"].to(dtype)
    weights = class_weights(labels, cases(LOSS)[name]["K"])
    latents = compute_latents(anchors, noise, solver=ENCODERS[encoder])
    loss = alignment_loss(latents, classes, labels, weights=weights, solver=Euler(100), log=False)
    torch.autograd.backward(loss)
    assert worst(latents, LOSS, f"{name}/{encoder}/latent") < value_tol
    assert worst(loss, LOSS, f"{name}/{encoder}/loss") < value_tol
    assert worst(grad(anchors), LOSS, f"{name}/{encoder}/grad_A") < grad_tol
    assert worst(grad(classes), LOSS, f"{name}/{encoder}/grad_L") < grad_tol


@pytest.mark.parametrize("encoder", list(ENCODERS))
@pytest.mark.parametrize("name", LABELS)
def test_label_alignment_of_given_latents(name: str, encoder: str) -> None:
    key = f"{name}/{encoder}"
    latents = leaf(LOSS, f"{key}/latent.f64", torch.float64)
    classes, labels = leaf(LOSS, f"{name}/L", torch.float64), tensors(LOSS)[f"{name}/label"]
    weights = class_weights(labels, cases(LOSS)[name]["K"])
    loss = alignment_loss(latents, classes, labels, weights=weights, solver=Euler(100), log=False)
    torch.autograd.backward(loss)
    assert worst(grad(latents), LOSS, f"{key}/given_latent/grad_latent") < 1e-7
    assert worst(grad(classes), LOSS, f"{key}/given_latent/grad_L") < 1e-7
    carried = carry_to_anchors(latents, classes, weights=weights, solver=Euler(100))
    own = carried.log_probs[:, torch.arange(len(labels)), labels].exp()
    assert worst(own, LOSS, f"{key}/own_prob") < 1e-7


@pytest.mark.parametrize(("dtype", "value_tol", "grad_tol"), PRECISIONS)
@pytest.mark.parametrize(("kind", "log"), [("prob", False), ("ce", True)])
@pytest.mark.parametrize("name", VIEWS)
def test_alignment_of_two_views(
    name: str, kind: str, log: bool, dtype: torch.dtype, value_tol: float, grad_tol: float
) -> None:
    case = cases(LOSS)[name]
    first, second = leaf(LOSS, f"{name}/V0", dtype), leaf(LOSS, f"{name}/V1", dtype)
    noise = case["prior_data_scale"] * tensors(LOSS)[f"{name}/Z"].to(dtype)
    latents = compute_latents(first, noise, solver=Euler(case["steps"]))
    loss = alignment_loss(
        latents, second, torch.arange(case["n"]), solver=Euler(case["steps"]), log=log
    )
    torch.autograd.backward(loss)
    assert worst(loss, LOSS, f"{name}/{kind}/loss") < value_tol
    assert worst(grad(first), LOSS, f"{name}/{kind}/grad_V0") < grad_tol
    assert worst(grad(second), LOSS, f"{name}/{kind}/grad_V1") < grad_tol


def grad(tensor: Tensor) -> Tensor:
    assert tensor.grad is not None
    return tensor.grad
