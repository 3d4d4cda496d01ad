from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from lzn_dsl.registry.builtin.augmentations import (
    BlurSettings,
    CropSettings,
    FlipSettings,
    GraySettings,
    JitterSettings,
    ShiftSettings,
    SolarizeSettings,
)
from lzn_runtime.data.augmentation import Augmentation, augment, make_flip, make_shift, shift
from lzn_runtime.data.blur import make_blur
from lzn_runtime.data.color import make_gray, make_jitter, make_solarize
from lzn_runtime.data.crop import make_crop

SHIFTS = {
    padding: make_shift(ShiftSettings.model_validate({"pixels": 2, "padding": padding}))
    for padding in ("zero", "edge")
}
ALL: dict[str, Augmentation] = {
    **{f"shift {padding}": change for padding, change in SHIFTS.items()},
    "flip": make_flip(FlipSettings()),
    "crop": make_crop(CropSettings()),
    "jitter": make_jitter(JitterSettings()),
    "gray": make_gray(GraySettings()),
    "blur": make_blur(BlurSettings()),
    "solarize": make_solarize(SolarizeSettings()),
}
CHOSEN: dict[str, Callable[[float], Augmentation]] = {
    "flip": lambda share: make_flip(FlipSettings(probability=share)),
    "jitter": lambda share: make_jitter(JitterSettings(probability=share)),
    "gray": lambda share: make_gray(GraySettings(probability=share)),
    "blur": lambda share: make_blur(BlurSettings(sigma=[1, 2], probability=share)),
    "solarize": lambda share: make_solarize(SolarizeSettings(probability=share)),
}


def pictures(count: int, channels: int = 3, size: tuple[int, int] = (6, 5)) -> Tensor:
    rng = torch.Generator().manual_seed(0)
    return torch.randint(1, 256, (count, channels, *size), generator=rng, dtype=torch.uint8)


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
@pytest.mark.parametrize("name", CHOSEN)
def test_the_share_that_is_changed_is_the_one_asked_for(name: str, probability: float) -> None:
    images, index = pictures(2000), torch.arange(2000)
    changed = CHOSEN[name](probability)(images, 1, index)
    everywhere = CHOSEN[name](1.0)(images, 1, index)
    same = (changed == images).flatten(1).all(1)
    assert torch.equal(changed[~same], everywhere[~same])
    assert abs(1 - same.double().mean() - probability) < 0.04


def test_flip_mirrors() -> None:
    images = pictures(3)
    assert torch.equal(CHOSEN["flip"](1.0)(images, 1, torch.arange(3)), images.flip(3))


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32, torch.float64])
@pytest.mark.parametrize("channels", [1, 2, 3])
@pytest.mark.parametrize("name", ALL)
def test_type_and_range_of_pictures_are_kept(name: str, channels: int, dtype: torch.dtype) -> None:
    images = pictures(64, channels).to(dtype) / (1 if dtype == torch.uint8 else 255)
    changed = ALL[name](images.to(dtype), 3, torch.arange(64))
    assert changed.dtype == dtype
    assert changed.shape == images.shape
    assert changed.min() >= 0
    assert changed.max() <= (255 if dtype == torch.uint8 else 1 + 1e-6)


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (6, 2)])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("name", ALL)
def test_small_pictures_of_one_value_keep_it_in_space(
    name: str, channels: int, size: tuple[int, int]
) -> None:
    flat = pictures(50, channels, (1, 1)).expand(-1, -1, *size)
    changed = ALL[name](flat, 5, torch.arange(50))
    assert changed.shape == flat.shape
    if name != "shift zero":
        assert torch.equal(changed, changed[:, :, :1, :1].expand_as(changed))
    if name in ("shift edge", "flip", "crop", "blur"):
        assert torch.equal(changed, flat)


@pytest.mark.parametrize("name", ["crop", "jitter", "gray", "blur"])
def test_integers_that_are_no_bytes_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"must be uint8 or float, got torch.int64"):
        ALL[name](pictures(2).to(torch.int64), 0, torch.arange(2))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device")
@pytest.mark.parametrize("name", ALL)
def test_a_gpu_changes_pictures_alike(name: str) -> None:
    images, index = pictures(64, size=(32, 24)), torch.arange(64)
    there = ALL[name](images.cuda(), 3, index.cuda())
    assert there.is_cuda
    assert (there.cpu().int() - ALL[name](images, 3, index).int()).abs().max() <= 1


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32])
@pytest.mark.parametrize("name", ALL)
def test_a_picture_is_changed_alike_alone_and_in_any_batch(name: str, dtype: torch.dtype) -> None:
    images = (pictures(40) / 255).to(dtype) if dtype.is_floating_point else pictures(40)
    index = torch.arange(100, 140)
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
