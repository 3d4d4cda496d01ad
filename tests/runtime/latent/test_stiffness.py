"""The stiffness that an evaluation finds: rho times the variance, where one place draws."""

import pytest
import torch
from torch import Tensor

from lzn_runtime.latent.attention import Block, Normalizer, Scratch, Tile, evaluate

RHO = 0.7


def stiffness(anchors: Tensor, noise: Tensor, *, tile: int) -> tuple[float, float]:
    """Return L and P_k of a point whose reference is the first anchor."""
    half_sq_dist = (anchors - anchors[0]).square().sum(-1)[None] / 2
    tiles = []
    for first in range(0, len(anchors), tile):
        place = slice(first, first + tile)
        rows = torch.arange(1 if first == 0 else 0)
        tiles.append(Tile(place, anchors[place], None, half_sq_dist[:, place], rows, rows))
    own = torch.zeros(1, dtype=torch.int64)
    block = Block(anchors, None, anchors[:1], own, half_sq_dist, tuple(tiles))
    scratch = Scratch(anchors.new_empty(1, tile), torch.empty_like(noise))
    found, rho = anchors.new_empty(1, 1), anchors.new_full((1, 1), RHO)
    normalizer = Normalizer(*(torch.empty_like(found) for _ in range(3)))
    drift = torch.empty_like(noise)
    evaluate(block, noise, rho, scratch, drift=drift, normalizer=normalizer, stiffness=found)
    return float(found), float(normalizer.neg_log_prob.neg().exp())


@pytest.mark.parametrize("tile", [1, 2, 6])
@pytest.mark.parametrize("together", [1, 5])
def test_it_is_that_of_two_places(together: int, tile: int) -> None:
    # One other anchor, or a cluster of them in one place.
    anchors = torch.tensor([[0.0, 0.0], *[[1.5, 2.0]] * together], dtype=torch.float64)
    noise = torch.tensor([[0.3, 0.2]], dtype=torch.float64)
    found, own = stiffness(anchors, noise, tile=tile)
    assert found == pytest.approx(RHO * own * (1 - own) * 2.5**2)


@pytest.mark.parametrize("scale", [1e-12, 1e-6, 1e6, 1e12])
@pytest.mark.parametrize("tile", [1, 3])
def test_it_is_finite_at_all_scales_in_float32(scale: float, tile: int) -> None:
    anchors = scale * torch.tensor([[0.0], [1.0], [-3.0]])
    found, _ = stiffness(anchors, torch.zeros(1, 1), tile=tile)
    assert 0 <= found < float("inf")


@pytest.mark.parametrize("count", [1, 3])
def test_anchors_in_one_place_have_none(count: int) -> None:
    found, _ = stiffness(torch.ones(count, 2), torch.ones(1, 2), tile=count)
    assert found == 0
