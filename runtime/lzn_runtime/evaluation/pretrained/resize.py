"""Bringing pictures to the size and the numbers that a network was trained on.

Dimensions: b pictures, h height, w width, s side.
"""

from typing import Literal

import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.nn import functional

from lzn_runtime.evaluation.errors import evaluation_error

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
"""Means and deviations of red, green and blue, of pictures in [0, 1]."""


def to_colour(images: UInt8[Tensor, "b channels h w"], *, extractor: str) -> Tensor:
    """Return pictures with three channels (b, 3, h, w): grey ones three times the same.

    Raises EvaluationError LZN807 for pictures of neither one nor three channels.
    """
    channels = images.shape[1]
    if channels not in (1, 3):
        raise evaluation_error(
            "LZN807",
            f"`{extractor}` sees pictures of one or three channels; these have {channels}",
        )
    return images.expand(-1, 3, -1, -1)


def to_square(
    images: UInt8[Tensor, "b 3 h w"], *, side: int, mode: Literal["bilinear", "bicubic"]
) -> Float[Tensor, "b 3 s s"]:
    """Return pictures in [0, 1], resized with antialiasing to a square; nothing is cut off."""
    x = images.float() / 255
    if x.shape[2:] == (side, side):
        return x
    return functional.interpolate(x, size=(side, side), mode=mode, antialias=True).clamp_(0, 1)


def standardise(
    x: Float[Tensor, "b 3 h w"],
    constants: tuple[tuple[float, float, float], tuple[float, float, float]],
) -> Float[Tensor, "b 3 h w"]:
    """Return pictures less the mean of each colour, divided by its deviation."""
    mean, deviation = (torch.tensor(c, device=x.device).view(3, 1, 1) for c in constants)
    return (x - mean) / deviation


def resize_as_tensorflow_1(x: Float[Tensor, "b 3 h w"], *, side: int) -> Float[Tensor, "b 3 s s"]:
    """Return pictures resized as `tf.image.resize_bilinear` of TensorFlow 1 does it.

    Pixel i of n lies at i (size / n): corners and not centres, without antialiasing. FID's
    published numbers are of pictures that were resized so.
    """
    return _along(_along(x, side, dim=3), side, dim=2)


def _along(x: Tensor, side: int, *, dim: int) -> Tensor:
    size = x.shape[dim]
    scale = torch.tensor(size / side, dtype=torch.float32, device=x.device)
    places = torch.arange(side, dtype=torch.float32, device=x.device) * scale
    low = places.long()
    high = (low + 1).clamp(max=size - 1)
    shape = [1] * x.ndim
    shape[dim] = side
    share = (places - low).view(shape)
    left, right = x.index_select(dim, low), x.index_select(dim, high)
    return left + (right - left) * share
