import pytest
import torch
from torch import Tensor
from torchvision.transforms.v2 import RandomResizedCrop
from torchvision.transforms.v2.functional import resized_crop as torchvision_crop

from lzn_dsl.registry.builtin.augmentations import CropSettings
from lzn_runtime.data.crop import draw_boxes, make_crop, resized_crop

SCALE, RATIO = (0.2, 1.0), (3 / 4, 4 / 3)
BOXES = [(0, 0, 9, 12), (0, 0, 1, 1), (8, 11, 1, 1), (2, 3, 5, 4), (0, 5, 9, 2), (7, 0, 2, 12)]


def pictures(count: int, channels: int, size: tuple[int, int]) -> Tensor:
    rng = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (count, channels, *size), generator=rng, dtype=torch.uint8)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_crop_is_that_of_torchvision(channels: int) -> None:
    images = pictures(len(BOXES), channels, (9, 12))
    exact = images.double() / 255
    crops = resized_crop(exact, torch.tensor(BOXES))
    as_bytes = resized_crop(images, torch.tensor(BOXES))
    for picture, crop, small, box in zip(exact, crops, as_bytes, BOXES, strict=True):
        want = torchvision_crop(picture, *box, size=[9, 12], antialias=True)
        torch.testing.assert_close(crop, want, rtol=0, atol=1e-12)
        assert ((want * 255).round() - small).abs().max() <= 1


def test_the_whole_picture_is_left_as_it_is() -> None:
    images = pictures(5, 3, (28, 28))
    whole = torch.tensor([[0, 0, 28, 28]]).expand(5, 4)
    assert torch.equal(resized_crop(images, whole), images)
    assert torch.equal(
        make_crop(CropSettings(scale=[1, 1], ratio=[1, 1]))(images, 0, whole[:, 0]), images
    )


def test_what_is_outside_of_the_box_is_not_seen() -> None:
    images = torch.zeros(1, 1, 8, 8)
    images[:, :, 2:5, 3:7] = 1
    crop = resized_crop(images, torch.tensor([[2, 3, 3, 4]]))
    torch.testing.assert_close(crop, torch.ones(1, 1, 8, 8), rtol=0, atol=1e-5)


@pytest.mark.parametrize("size", [(32, 32), (20, 50), (64, 9), (1, 1)])
def test_boxes_are_spread_as_those_of_torchvision(size: tuple[int, int]) -> None:
    count = 3000
    boxes = draw_boxes(1, torch.arange(count), size, scale=SCALE, ratio=RATIO)
    assert boxes.dtype == torch.int64
    assert (boxes[:, 2:] >= 1).all()
    assert (boxes[:, :2] >= 0).all()
    assert (boxes[:, :2] + boxes[:, 2:] <= torch.tensor(size)).all()
    draw = RandomResizedCrop(size, scale=SCALE, ratio=RATIO)
    picture = torch.zeros(1, *size)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        drawn = [draw.make_params([picture]) for _ in range(count)]
    theirs = torch.tensor([[d["top"], d["left"], d["height"], d["width"]] for d in drawn])
    area = boxes[:, 2] * boxes[:, 3] / (size[0] * size[1])
    their_area = theirs[:, 2] * theirs[:, 3] / (size[0] * size[1])
    assert abs(area.mean() - their_area.mean()) < 0.02  # standard errors: 0.004
    scatter = theirs.double().std(0)
    means = boxes.double().mean(0) - theirs.double().mean(0)
    assert (means.abs() <= 0.1 * scatter).all()
    assert ((boxes.double().std(0) - scatter).abs() <= 0.05 + 0.05 * scatter).all()


def test_a_box_that_never_fits_is_the_largest_in_the_middle() -> None:
    index = torch.arange(4)
    tall = draw_boxes(1, index, (40, 6), scale=(1.0, 1.0), ratio=(0.75, 1.0))
    wide = draw_boxes(1, index, (6, 40), scale=(1.0, 1.0), ratio=(0.75, 1.5))
    assert tall.tolist() == [[16, 0, 8, 6]] * 4
    assert wide.tolist() == [[0, 15, 6, 9]] * 4


def test_crops_of_one_key_are_drawn_for_each_picture() -> None:
    boxes = draw_boxes(1, torch.arange(50), (32, 32), scale=SCALE, ratio=RATIO)
    assert len({tuple(box) for box in boxes.tolist()}) > 40
