"""The drawn shapes: each picture shows what its two labels say."""

from pathlib import Path
from typing import Any

import pytest
import torch

from lzn_dsl.registry.builtin.datasets import COLORS, SHAPE_NAMES, ShapesSettings, describe_shapes
from lzn_runtime.data.dataset import InMemoryDataset
from lzn_runtime.data.shapes import open_shapes


def shapes(**settings: Any) -> InMemoryDataset:
    return open_shapes(ShapesSettings(**settings), Path("/nowhere"))


def columns(data: InMemoryDataset) -> dict[str, torch.Tensor]:
    return data.__getitems__(list(range(len(data))))


def test_columns_are_those_described() -> None:
    settings = ShapesSettings(samples=70, size=12)
    info, data = describe_shapes(settings, Path()), columns(open_shapes(settings, Path()))
    assert info.num_samples == 70
    assert data["image"].shape == (70, 3, 12, 12)
    assert data["image"].dtype == torch.uint8
    for name in ("shape", "color"):
        assert data[name].dtype == torch.int64
        assert set(data[name].tolist()) == set(range(info.columns[name].facts["classes"]))


def test_colour_of_a_picture_is_its_label() -> None:
    data = columns(shapes(samples=300))
    shown = data["image"].amax((2, 3)).double()  # (n, 3): the shape's full colour
    named = torch.tensor(list(COLORS.values()), dtype=torch.float64)
    likeness = torch.nn.functional.cosine_similarity(shown[:, None], named[None], dim=-1)
    assert likeness.argmax(1).tolist() == data["color"].tolist()


# Of the circle around it: 2 / pi, 3 sqrt(3) / (4 pi), and two bars of 2 by 0.6.
FILLED = {"disc": 1.0, "square": 0.637, "triangle": 0.413, "cross": 0.596}


@pytest.mark.parametrize("name", SHAPE_NAMES)
def test_shape_fills_its_share_of_the_circle_around_it(name: str) -> None:
    data = columns(shapes(samples=400, size=64))
    pictures = data["image"][data["shape"] == SHAPE_NAMES.index(name)].amax(1) > 80
    line = torch.arange(64.0)
    for picture in pictures[:20]:
        area = picture.sum()
        y, x = (picture * line[:, None]).sum() / area, (picture * line).sum() / area
        reach = ((line[:, None] - y).square() + (line - x).square())[picture].max()
        assert float(area / (torch.pi * reach)) == pytest.approx(FILLED[name], abs=0.09)


def test_shapes_lie_within_the_picture() -> None:
    images = columns(shapes(samples=500, size=32))["image"].amax(1)
    border = torch.cat([images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]])
    assert border.max() == 0
    assert images.flatten(1).any(1).all()


def test_pictures_depend_on_seed_and_number_alone() -> None:
    few, many = columns(shapes(samples=5)), columns(shapes(samples=2000))
    assert all(torch.equal(few[name], many[name][:5]) for name in few)
    assert shapes(samples=50).fingerprint == shapes(samples=50).fingerprint
    assert shapes(samples=50).fingerprint != shapes(samples=50, seed=1).fingerprint


def test_splits_have_no_picture_in_common() -> None:
    train, test = (columns(shapes(split=s, samples=1000))["image"] for s in ("train", "test"))
    assert not {bytes(x.flatten().tolist()) for x in train} & {
        bytes(x.flatten().tolist()) for x in test
    }
