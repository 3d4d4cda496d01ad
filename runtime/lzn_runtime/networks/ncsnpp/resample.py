"""Halving and doubling pictures: by mean and repetition, or by a smoothing filter (FIR).

The filter is the outer product of (1, 3, 3, 1) / 8 with itself: anti-aliasing when halving,
interpolation when doubling. An odd side is padded by its last row or column before it is halved,
and doubling crops to the wanted size. Source: arXiv:1904.11486, as in arXiv:2011.13456.
"""

from typing import Literal, TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import avg_pool2d, conv2d, conv_transpose2d, interpolate, pad

Resample: TypeAlias = Literal["mean", "fir"]
_FILTER = (1 / 8, 3 / 8, 3 / 8, 1 / 8)


def halve(x: Float[Tensor, "b c h w"], how: Resample) -> Float[Tensor, "b c h2 w2"]:
    """Return x at half the resolution, odd sides rounded up."""
    bottom, right = x.shape[2] % 2, x.shape[3] % 2
    if bottom or right:
        x = pad(x, (0, right, 0, bottom), mode="replicate")
    if how == "mean":
        return avg_pool2d(x, 2)
    return conv2d(x, _kernel(x), stride=2, padding=1, groups=x.shape[1])


def double(x: Float[Tensor, "b c h w"], how: Resample, like: Tensor) -> Float[Tensor, "b c h2 w2"]:
    """Return x at twice the resolution, cropped to the size of `like`."""
    if how == "mean":
        doubled = interpolate(x, scale_factor=2, mode="nearest")
    else:
        doubled = conv_transpose2d(x, 4 * _kernel(x), stride=2, padding=1, groups=x.shape[1])
    return doubled[:, :, : like.shape[2], : like.shape[3]]


def _kernel(x: Tensor) -> Float[Tensor, "c 1 4 4"]:
    taps = torch.tensor(_FILTER, dtype=x.dtype, device=x.device)
    return torch.outer(taps, taps).expand(x.shape[1], 1, 4, 4)
