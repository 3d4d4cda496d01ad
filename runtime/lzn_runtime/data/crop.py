"""Random resized crops: a part of each picture, enlarged to the size of the picture.

Boxes are drawn as torchvision's `RandomResizedCrop` draws them: the share of the area is uniform,
the logarithm of width over height is uniform, sides are rounded to whole pixels; the first of ten
tries that fits into the picture is taken, at a uniform place, and where none fits, the largest box
in the middle that keeps to the ratios.

Interpolation is bilinear between pixel centres, within the box. A crop is never larger than the
picture, so that pictures are never made smaller and an antialiasing filter would change nothing.

Dimensions: b pictures, c channels, h height, w width, k tries; a box is (top, left, height, width).
"""

import math

import torch
from jaxtyping import Float, Int, Shaped
from torch import Tensor
from torch.nn import functional

from lzn_dsl.registry.builtin.augmentations import CropSettings
from lzn_runtime import randomness
from lzn_runtime.data.augmentation import Augmentation
from lzn_runtime.data.pixels import between, from_shares, to_shares

_TRIES = 10


def make_crop(settings: CropSettings) -> Augmentation:
    """Return the augmentation `crop`."""
    (least, most), (narrow, wide) = settings.scale, settings.ratio

    def apply(images: Tensor, key: int, index: Tensor) -> Tensor:
        own, size = randomness.key(key, "crop"), (images.shape[2], images.shape[3])
        boxes = draw_boxes(own, index, size, scale=(least, most), ratio=(narrow, wide))
        return resized_crop(images, boxes.to(images.device))

    return apply


def draw_boxes(
    key: int,
    index: Int[Tensor, " b"],
    size: tuple[int, int],
    *,
    scale: tuple[float, float],
    ratio: tuple[float, float],
) -> Int[Tensor, "b 4"]:
    """Draw a box for each picture of `size` (height, width), as the module says."""
    height, width = size
    draws = randomness.uniform(key, index, (_TRIES + 1, 2), torch.float64)
    tries, place = draws[:, 1:], draws[:, 0]
    area = between(tries[..., 0], *scale) * (height * width)  # (b, k)
    shape = between(tries[..., 1], math.log(ratio[0]), math.log(ratio[1])).exp()
    boxes = torch.stack(((area / shape).sqrt(), (area * shape).sqrt()), dim=-1).round()  # (b, k, 2)
    limit = boxes.new_tensor(size)
    fits = ((boxes >= 1) & (boxes <= limit)).all(-1)  # (b, k)
    first = fits.to(torch.int8).argmax(1)  # the first of equal ones
    box = boxes[torch.arange(len(boxes), device=boxes.device), first]  # (b, 2)
    none = ~fits.any(1, keepdim=True)
    box = torch.where(none, boxes.new_tensor(_largest(height, width, ratio)), box)
    corner = (place * (limit - box + 1)).floor()
    corner = torch.where(none, ((limit - box) / 2).floor(), corner)
    return torch.cat((corner, box), dim=1).to(torch.int64)


def resized_crop(
    images: Shaped[Tensor, "b c h w"], boxes: Int[Tensor, "b 4"]
) -> Shaped[Tensor, "b c h w"]:
    """Enlarge the box of each picture to the size of the picture, bilinearly."""
    height, width = images.shape[2:]
    pixels = to_shares(images)
    box = boxes.to(pixels.dtype)
    rows = _places(box[:, 0], box[:, 2], height)  # (b, h)
    columns = _places(box[:, 1], box[:, 3], width)  # (b, w)
    size = (-1, height, width)
    grid = torch.stack(
        (columns[:, None, :].expand(size), rows[:, :, None].expand(size)), dim=-1
    )  # (b, h, w, 2)
    parts = functional.grid_sample(pixels, grid, padding_mode="border", align_corners=False)
    return from_shares(parts, images.dtype)


def _places(
    start: Float[Tensor, " b"], length: Float[Tensor, " b"], size: int
) -> Float[Tensor, "b size"]:
    """Return where the pixels of a side come from, as `grid_sample` counts: -1 to 1, edge to edge.

    Half a pixel at the ends of a box has no neighbour inside it: it repeats the last pixel.
    """
    centers = torch.arange(size, device=start.device, dtype=start.dtype) + 0.5
    inside = centers * (length[:, None] / size) - 0.5
    inside = torch.minimum(inside.clamp(min=0), length[:, None] - 1)
    return (start[:, None] + inside + 0.5) * (2 / size) - 1


def _largest(height: int, width: int, ratio: tuple[float, float]) -> tuple[int, int]:
    """Return height and width of the largest box of allowed ratio."""
    narrow, wide = ratio
    if width < narrow * height:
        return max(1, round(width / narrow)), width
    if width > wide * height:
        return height, max(1, round(height * wide))
    return height, width
