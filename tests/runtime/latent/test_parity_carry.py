"""Carrying latents to anchors by the published schemes against numbers of the published code."""

import pytest
import torch

from helpers.parity import cases, tensors, worst
from lzn_runtime.latent import (
    DPMSolverPP,
    Euler,
    carry_to_anchors,
    class_weights,
    compute_latents,
    nearest_anchor,
)

REVERSE, DPM, WEIGHTS, DECODE = (
    "latent_flow_reverse",
    "latent_flow_dpm",
    "class_weights",
    "label_decode",
)
REVERSE_CASES = [
    (name, steps, variant)
    for name, case in cases(REVERSE).items()
    if name.startswith("q")
    for steps in case["steps"]
    for variant in case["variants"]
]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize(("name", "steps", "variant"), REVERSE_CASES)
def test_points_probabilities_and_labels_by_euler(
    name: str, steps: int, variant: str, dtype: torch.dtype
) -> None:
    latents, anchors = (tensors(REVERSE)[f"{name}/{key}"].to(dtype) for key in "XL")
    weights = tensors(REVERSE)[f"{name}/W"] if variant == "weights" else None
    got = carry_to_anchors(latents, anchors, weights=weights, solver=Euler(steps))
    key = f"{name}/steps{steps}/{variant}"
    assert worst(got.points, REVERSE, f"{key}/final") < (1e-9 if dtype == torch.float64 else 1e-6)
    # The published weights are float32 in its float64 run too, and so are ours.
    assert worst(got.log_probs.exp(), REVERSE, f"{key}/prob") < 1e-6
    assert torch.equal(got.index, tensors(REVERSE)[f"{key}/label_pred.f64"])


def test_every_label_comes_back_from_its_latent_as_published() -> None:
    fixture = tensors(REVERSE)
    labels, classes = fixture["roundtrip/label"], fixture["roundtrip/L"].double()
    noise = fixture["roundtrip/Z"].double()
    latents = compute_latents(classes[labels], noise, pool=classes, own=labels, solver=Euler(100))
    got = carry_to_anchors(latents, classes, solver=Euler(100))
    assert worst(latents, REVERSE, "roundtrip/latent") < 1e-9
    assert worst(got.points, REVERSE, "roundtrip/final") < 1e-9
    assert torch.equal(got.index, labels)


@pytest.mark.parametrize("steps", [20, 8])
@pytest.mark.parametrize("name", ["n16_q8", "n64_q32"])
def test_points_and_probabilities_by_dpm_solver(name: str, steps: int) -> None:
    latents, anchors, noise = (tensors(DPM)[f"{name}/{key}"].double() for key in "XAZ")
    solver, key = DPMSolverPP(steps), f"{name}/steps{steps}"
    got = carry_to_anchors(latents, anchors, solver=solver)
    assert worst(got.points, DPM, f"{key}/reverse_final") < 1e-9
    assert worst(got.log_probs.exp(), DPM, f"{key}/reverse_prob") < 1e-7
    back = carry_to_anchors(compute_latents(anchors, noise, solver=solver), anchors, solver=solver)
    assert worst(back.points, DPM, f"{key}/roundtrip_final") < 1e-9
    assert worst(back.log_probs[-1].exp(), DPM, f"{key}/roundtrip_prob_last") < 1e-7


def test_weighted_labels_by_dpm_solver() -> None:
    latents, classes = (tensors(DPM)[f"subset/{key}"].double() for key in "XL")
    weights = tensors(DPM)["subset/W"]
    got = carry_to_anchors(latents, classes, weights=weights, solver=DPMSolverPP(20))
    assert worst(got.points, DPM, "subset/reverse_final") < 1e-9
    assert worst(got.log_probs.exp(), DPM, "subset/reverse_prob") < 1e-6


@pytest.mark.parametrize("name", list(cases(WEIGHTS)))
def test_class_weights(name: str) -> None:
    got = class_weights(tensors(WEIGHTS)[f"{name}/label"], cases(WEIGHTS)[name]["num_classes"])
    assert torch.equal(got, tensors(WEIGHTS)[f"{name}/weights"])


@pytest.mark.parametrize("name", ["case0", "case1", "tie"])
def test_the_nearest_label(name: str) -> None:
    points, classes, labels = (tensors(DECODE)[f"{name}/{key}"] for key in ("X", "L", "label"))
    assert torch.equal(nearest_anchor(points, classes), labels)
