"""What random changes of pixels share: values as shares of the range, and who is changed.

Pictures are uint8, 0 to 255, or float, 0 to 1. A change is computed in shares, 0 to 1, and rounded
to bytes once, at its end. Row i of a result depends on row i alone, bit for bit: so numbers that
decide are drawn and worked out in float64 and then rounded, and products and sums of pixels are
steps of their own. (What torch fuses, as `lerp` and `add(alpha=)`, it rounds one way in the middle
of a tensor and another at its end.) Another device may round a byte the other way.

Dimensions: b pictures, c channels, h height, w width.
"""

import torch
from jaxtyping import Float, Shaped
from torch import Tensor


def to_shares(images: Shaped[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
    """Return pictures with values from 0 to 1, float32 or float64; floats are such already.

    Raises ValueError for pictures that are neither bytes nor floats.
    """
    if images.dtype == torch.uint8:
        return images.to(torch.float32).div_(255)
    if not images.is_floating_point():
        raise ValueError(f"pictures must be uint8 or float, got {images.dtype}")
    return images if images.dtype == torch.float64 else images.to(torch.float32)


def from_shares(shares: Float[Tensor, "b c h w"], dtype: torch.dtype) -> Shaped[Tensor, "b c h w"]:
    """Return values from 0 to 1 as pictures of a type; bytes are rounded to the nearest."""
    return (shares * 255).round_().to(dtype) if dtype == torch.uint8 else shares.to(dtype)


def choose(
    draw: Float[Tensor, " b"],
    probability: float,
    changed: Shaped[Tensor, "b c h w"],
    images: Shaped[Tensor, "b c h w"],
) -> Shaped[Tensor, "b c h w"]:
    """Return each picture changed with that probability, as draws from (0, 1) decide."""
    which = (draw < probability).to(images.device)
    return torch.where(which[:, None, None, None], changed, images)


def between(draw: Float[Tensor, "..."], least: float, most: float) -> Float[Tensor, "..."]:
    """Spread draws from (0, 1) evenly over an interval."""
    return draw * (most - least) + least
