import pytest
import torch
from torch import Tensor

from lzn_dsl.registry.builtin.augmentations import FlipSettings, ShiftSettings
from lzn_runtime.data.augmentation import Augmentation, augment, make_flip, make_shift, shift

SHIFTS = {
    padding: make_shift(ShiftSettings.model_validate({"pixels": 2, "padding": padding}))
    for padding in ("zero", "edge")
}
ALL: dict[str, Augmentation] = {**SHIFTS, "flip": make_flip(FlipSettings())}


def pictures(count: int, channels: int = 3) -> Tensor:
    rng = torch.Generator().manual_seed(0)
    return torch.randint(1, 256, (count, channels, 6, 5), generator=rng, dtype=torch.uint8)


def shift_by_definition(image: Tensor, down: int, right: int, padding: str) -> Tensor:
    _, height, width = image.shape
    result = torch.zeros_like(image)
    for y in range(height):
        for x in range(width):
            row, column = y - down, x - right
            if padding == "edge":
                row, column = min(max(row, 0), height - 1), min(max(column, 0), width - 1)
            if 0 <= row < height and 0 <= column < width:
                result[:, y, x] = image[:, row, column]
    return result


@pytest.mark.parametrize("padding", ["zero", "edge"])
@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32])
def test_shift_matches_its_definition(padding: str, dtype: torch.dtype) -> None:
    moves = torch.tensor([[0, 0], [1, 0], [0, -2], [-3, 4], [6, 5], [-9, 99]])
    images = pictures(len(moves)).to(dtype)
    moved = shift(images, moves, padding=padding)
    assert moved.dtype == dtype
    for image, result, (down, right) in zip(images, moved, moves.tolist(), strict=True):
        assert torch.equal(result, shift_by_definition(image, down, right, padding))


def test_shift_reaches_every_move_as_often() -> None:
    spot = torch.zeros(5000, 1, 7, 7, dtype=torch.uint8)
    spot[:, :, 3, 3] = 1
    where = SHIFTS["zero"](spot, 1, torch.arange(5000)).sum(0)[0]
    assert where[1:6, 1:6].sum() == 5000
    assert where[1:6, 1:6].min() > 140  # 200 on average
    assert where[1:6, 1:6].max() < 260


@pytest.mark.parametrize("probability", [0.0, 0.3, 1.0])
def test_flip_mirrors_the_share_it_should(probability: float) -> None:
    images = pictures(4000, 1)
    flipped = make_flip(FlipSettings(probability=probability))(images, 1, torch.arange(4000))
    mirrored = (flipped == images.flip(3)).flatten(1).all(1)
    same = (flipped == images).flatten(1).all(1)
    assert torch.equal(mirrored, ~same)
    assert abs(mirrored.double().mean() - probability) < 0.03


@pytest.mark.parametrize("name", ALL)
def test_a_picture_is_changed_alike_alone_and_in_any_batch(name: str) -> None:
    images, index = pictures(40), torch.arange(100, 140)
    before = images.clone()
    together = ALL[name](images, 7, index)
    assert torch.equal(images, before)
    assert together.shape == images.shape
    alone = [ALL[name](images[i : i + 1], 7, index[i : i + 1]) for i in range(40)]
    assert torch.equal(torch.cat(alone), together)
    order = torch.randperm(40, generator=torch.Generator().manual_seed(1))
    assert torch.equal(ALL[name](images[order], 7, index[order]), together[order])
    assert not torch.equal(ALL[name](images, 8, index), together)


def test_augmentations_of_a_chain_do_not_move_together() -> None:
    spot = torch.zeros(2000, 1, 9, 9, dtype=torch.uint8)
    spot[:, :, 4, 4] = 1
    index = torch.arange(2000)
    twice = augment([SHIFTS["zero"], SHIFTS["zero"]], spot, 1, index).sum(0)[0]
    corners = int(twice[[0, 0, 8, 8], [0, 8, 0, 8]].sum())
    assert 2 < corners < 30  # both moves to one corner: 4 in 625, which is 13, not 4 in 25
    assert torch.equal(augment([], spot, 1, index), spot)
