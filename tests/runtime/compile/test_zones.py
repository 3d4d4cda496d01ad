"""Latents in use have the same bits whatever else is in the batch, for any number of anchors."""

import pytest
import torch

from lzn_runtime.compile.zones import latents_in_support, latents_of_classes
from lzn_runtime.latent import LocalizationPEC, compute_latents

SOLVER = LocalizationPEC(6)
ROWS = 64


def _normal(*shape: int, seed: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("dim", [2, 5, 8, 32])
@pytest.mark.parametrize("classes", [2, 10, 33])
def test_place_in_the_batch_does_not_matter_among_classes(classes: int, dim: int) -> None:
    anchors, noise = _normal(classes, dim, seed=0), _normal(ROWS, dim, seed=1)
    labels = torch.arange(ROWS) % classes
    want = latents_of_classes(anchors, labels, noise)
    for shift in (1, 2, 17, 30):
        moved = latents_of_classes(anchors, labels.roll(shift), noise.roll(shift, 0))
        assert torch.equal(moved.roll(-shift, 0), want)


@pytest.mark.parametrize("dim", [2, 5, 8, 32])
@pytest.mark.parametrize("size", [1, 40, 255, 1000])
def test_place_in_the_batch_does_not_matter_in_a_support(size: int, dim: int) -> None:
    support, noise = _normal(size, dim, seed=0), _normal(ROWS, dim, seed=1)
    anchors = _normal(ROWS, dim, seed=2)
    want = latents_in_support(anchors, support, noise, SOLVER)
    for shift in (1, 2, 17, 30):
        moved = latents_in_support(anchors.roll(shift, 0), support, noise.roll(shift, 0), SOLVER)
        assert torch.equal(moved.roll(-shift, 0), want)


def test_filling_up_changes_no_zone() -> None:
    anchors, noise = _normal(10, 8, seed=0), _normal(30, 8, seed=1)
    labels = torch.arange(30) % 10
    fine = LocalizationPEC(64)
    want = compute_latents(anchors[labels], noise, pool=anchors, own=labels, solver=fine)
    found = latents_of_classes(anchors, labels, noise)
    torch.testing.assert_close(found, want, rtol=0, atol=1e-3)  # the grids differ a little
    points = _normal(30, 8, seed=2)
    want = compute_latents(points, noise, support=anchors, solver=fine)
    found = latents_in_support(points, anchors, noise, fine)
    torch.testing.assert_close(found, want, rtol=0, atol=1e-3)
