"""The plane of the latent space and its pictures."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from lzn_runtime.latent import carry_to_anchors
from lzn_runtime.report.charts.plane import class_plane, principal_plane
from lzn_runtime.report.charts.zones import RADIUS, lay_tiles, paint_zones, tile_points


def anchors(count: int, size: int, *, seed: int = 0) -> Tensor:
    return 2 * torch.randn(count, size, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize(("count", "size"), [(3, 4), (10, 32), (20, 64)])
def test_every_anchor_is_the_farthest_in_some_direction(count: int, size: int, seed: int) -> None:
    points = anchors(count, size, seed=seed)
    basis, corners = class_plane(points)
    torch.testing.assert_close(basis @ basis.T, torch.eye(2), atol=1e-5, rtol=0)
    turn = torch.linspace(0, 2 * math.pi, 3601)[:, None]
    directions = torch.cat([turn.cos(), turn.sin()], dim=1) @ basis  # (d, q)
    farthest = (directions @ (points - points.mean(0)).T).argmax(1)
    assert set(farthest.tolist()) == set(range(count))
    torch.testing.assert_close(corners.norm(dim=1), torch.ones(count))


def test_more_anchors_than_dimensions_still_give_a_plane() -> None:
    basis, corners = class_plane(anchors(30, 4))
    torch.testing.assert_close(basis @ basis.T, torch.eye(2), atol=1e-5, rtol=0)
    assert corners.shape == (30, 2)


def test_two_anchors_lie_on_their_plane() -> None:
    two = anchors(2, 5)
    basis, _ = class_plane(two)
    apart = two[0] - two[1]
    torch.testing.assert_close((basis @ apart).norm(), apart.norm())


def test_one_anchor_or_dimension_is_refused() -> None:
    with pytest.raises(ValueError, match="two anchors in two dimensions, got 1 in 4"):
        class_plane(anchors(1, 4))
    with pytest.raises(ValueError, match="got 5 in 1"):
        class_plane(anchors(5, 1))


def test_principal_plane_holds_the_two_widest_directions() -> None:
    generator = torch.Generator().manual_seed(0)
    widths = torch.tensor([0.1, 5.0, 0.2, 3.0])
    points = torch.randn(500, 4, generator=generator) * widths + 7
    basis = principal_plane(points)
    torch.testing.assert_close(
        basis.abs() @ torch.tensor([0.0, 1, 0, 0]), torch.tensor([1.0, 0]), atol=0.05, rtol=0
    )
    torch.testing.assert_close(
        basis.abs() @ torch.tensor([0.0, 0, 0, 1]), torch.tensor([0.0, 1]), atol=0.05, rtol=0
    )


COLOURS = ["#ff0000", "#00ff00", "#0000ff"]


def test_zones_are_painted_where_the_flow_ends() -> None:
    points = anchors(3, 4)
    basis, _ = class_plane(points)

    def classify(latents: Tensor) -> Tensor:
        return carry_to_anchors(latents, points).log_probs[-1]

    image, places = paint_zones(basis, classify, COLOURS)
    pixels = np.asarray(image)
    assert (pixels[0, 0, 3], pixels[-1, -1, 3]) == (0, 0)  # clear outside the disc
    assert set(places) == {0, 1, 2}
    side = pixels.shape[0]
    for label, (x, y) in places.items():
        assert math.hypot(x, y) <= RADIUS
        latent = torch.tensor([[x, y]]) @ basis
        assert int(classify(latent).argmax()) == label
        row, column = int((1 - y / RADIUS) / 2 * side), int((x / RADIUS + 1) / 2 * side)
        assert int(pixels[row, column, :3].argmax()) == label


def test_a_class_without_a_zone_has_no_place() -> None:
    def classify(latents: Tensor) -> Tensor:
        return torch.tensor([[0.0, -9.0, -9.0]]).expand(len(latents), 3)

    assert set(paint_zones(torch.eye(2), classify, COLOURS).places) == {0}


def test_many_classes_are_painted_with_fewer_pixels() -> None:
    asked = 0

    def classify(latents: Tensor) -> Tensor:
        nonlocal asked
        asked += len(latents)
        return latents[:, :40]

    plane = torch.eye(512)[:2]
    assert paint_zones(plane, classify, ["#ff0000"] * 40).image.size == (480, 480)
    assert asked == 60 * 60


def test_tiles_lie_in_the_disc_at_their_points() -> None:
    points = tile_points(5)
    assert bool((points.norm(dim=1) < RADIUS).all())
    images = torch.zeros(len(points), 1, 2, 2, dtype=torch.uint8)
    top = points[:, 1].argmax()
    images[top] = 255
    inks = ["#102030"] * len(points)
    pixels = np.asarray(lay_tiles(images, points, inks, tiles=5))
    lit = np.argwhere(pixels[:, :, 3] == 255)
    scale = pixels.shape[0] // 10
    row = int((1 - float(points[top, 1]) / RADIUS) / 2 * 5)
    assert lit[:, 0].min() == row * 2 * scale
    assert lit[:, 0].max() == (row + 1) * 2 * scale - 1
    assert tuple(pixels[lit[0, 0], lit[0, 1], :3]) == (16, 32, 48)


def test_ink_on_a_bright_ground_is_what_is_dark() -> None:
    points = tile_points(3)
    images = torch.full((len(points), 1, 4, 4), 255, dtype=torch.uint8)
    images[:, :, 1:3, 1:3] = 0
    pixels = np.asarray(lay_tiles(images, points, ["#000000"] * len(points), tiles=3))
    assert pixels[:, :, 3].max() == 255
    assert (pixels[:, :, 3] == 255).mean() < 0.3


def test_colour_pictures_stay_as_they_are() -> None:
    points = tile_points(3)
    images = torch.randint(0, 256, (len(points), 3, 4, 4), dtype=torch.uint8)
    pixels = np.asarray(lay_tiles(images, points, ["#000000"] * len(points), tiles=3))
    shown = {tuple(p) for p in pixels[pixels[:, :, 3] == 255][:, :3].tolist()}
    assert shown == {tuple(p) for p in images.permute(0, 2, 3, 1).reshape(-1, 3).tolist()}
