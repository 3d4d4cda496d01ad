"""Random changes of colour: brightness, contrast, saturation, hue; grey; solarized.

Factors and formulas are those of torchvision's `ColorJitter`, `adjust_*` and `solarize`
(torchvision.transforms.v2.functional), with these differences: brightness, contrast, saturation and
hue are changed in this order and not in a random one, and bytes are rounded once, to the nearest.

Colour is a matter of three channels, red, green and blue. Pictures of another number keep theirs:
`saturation`, `hue` and `gray` leave them as they are.

Dimensions: b pictures, c channels, h height, w width.
"""

import torch
from jaxtyping import Float, Shaped
from torch import Tensor

from lzn_dsl.registry.builtin.augmentations import GraySettings, JitterSettings, SolarizeSettings
from lzn_runtime import randomness
from lzn_runtime.data.augmentation import Augmentation
from lzn_runtime.data.pixels import between, choose, from_shares, to_shares

_LUMA = (0.2989, 0.587, 0.114)  # ITU-R 601, as torchvision rounds them


def make_jitter(settings: JitterSettings) -> Augmentation:
    """Return the augmentation `jitter`."""
    ranges = [
        (max(0.0, 1 - most), 1 + most)
        for most in (settings.brightness, settings.contrast, settings.saturation)
    ]
    ranges.append((-settings.hue, settings.hue))
    changes = (brighten, change_contrast, saturate, turn_hue)

    def apply(images: Tensor, key: int, index: Tensor) -> Tensor:
        pixels = to_shares(images)
        draws = randomness.uniform(randomness.key(key, "jitter"), index, (5,), torch.float64)
        for place, ((least, most), change) in enumerate(zip(ranges, changes, strict=True)):
            if least < most:
                pixels = change(pixels, between(draws[:, place], least, most).to(pixels))
        changed = from_shares(pixels, images.dtype)
        return choose(draws[:, 4], settings.probability, changed, images)

    return apply


def make_gray(settings: GraySettings) -> Augmentation:
    """Return the augmentation `gray`."""

    def apply(images: Tensor, key: int, index: Tensor) -> Tensor:
        if images.shape[1] != 3:
            return images
        draw = randomness.uniform(randomness.key(key, "gray"), index)
        gray = from_shares(luma(to_shares(images)), images.dtype)
        return choose(draw, settings.probability, gray, images)

    return apply


def make_solarize(settings: SolarizeSettings) -> Augmentation:
    """Return the augmentation `solarize`."""

    def apply(images: Tensor, key: int, index: Tensor) -> Tensor:
        draw = randomness.uniform(randomness.key(key, "solarize"), index)
        return choose(draw, settings.probability, solarize(images, settings.threshold), images)

    return apply


def brighten(
    pixels: Float[Tensor, "b c h w"], factor: Float[Tensor, " b"]
) -> Float[Tensor, "b c h w"]:
    """Multiply values from 0 to 1; what is brighter than 1 becomes 1."""
    return (pixels * _each(factor)).clamp_(0, 1)


def change_contrast(
    pixels: Float[Tensor, "b c h w"], factor: Float[Tensor, " b"]
) -> Float[Tensor, "b c h w"]:
    """Multiply the distance of values from the mean of the grey picture."""
    # The order in which a sum is rounded depends on the batch; that of float64 is not seen.
    mean = luma(pixels).mean((1, 2, 3), keepdim=True, dtype=torch.float64).to(pixels.dtype)
    return _blend(pixels, mean, factor)


def saturate(
    pixels: Float[Tensor, "b c h w"], factor: Float[Tensor, " b"]
) -> Float[Tensor, "b c h w"]:
    """Multiply the distance of colours from their grey; of three channels alone."""
    return _blend(pixels, luma(pixels), factor) if pixels.shape[1] == 3 else pixels


def turn_hue(
    pixels: Float[Tensor, "b c h w"], turn: Float[Tensor, " b"]
) -> Float[Tensor, "b c h w"]:
    """Turn hues, in whole turns, with value and saturation of HSV kept; of three channels alone.

    C = V - min(R, G, B),  channel = V - C max(0, min(k, 4 - k, 1)),
    k = n + 6 hue mod 6,  n = 5, 3, 1 for red, green, blue
    """
    if pixels.shape[1] != 3:
        return pixels
    red, green, blue = pixels.unbind(1)  # (b, h, w)
    value = pixels.amax(1)
    chroma = value - pixels.amin(1)
    some = torch.where(chroma > 0, chroma, torch.ones_like(chroma))
    sixths = torch.where(value == green, (blue - red) / some + 2, (red - green) / some + 4)
    sixths = torch.where(value == red, (green - blue) / some, sixths)
    sixths = sixths + 6 * turn[:, None, None]
    places = [(sixths + n).remainder_(6) for n in (5, 3, 1)]
    parts = [torch.minimum(k, 4 - k).clamp_(0, 1) for k in places]
    return torch.stack([value - chroma * part for part in parts], dim=1)


def solarize(images: Shaped[Tensor, "b c h w"], threshold: float) -> Shaped[Tensor, "b c h w"]:
    """Invert values of `threshold` of the range or more; bytes, or floats from 0 to 1."""
    most = 255 if images.dtype == torch.uint8 else 1
    return torch.where(images >= threshold * most, most - images, images)


def luma(pixels: Float[Tensor, "b c h w"]) -> Float[Tensor, "b 1 h w"]:
    """Return how bright pixels are: of three channels by their weights, else the mean of all."""
    if pixels.shape[1] != 3:
        return pixels.mean(1, keepdim=True) if pixels.shape[1] > 1 else pixels
    red, green, blue = (
        channel * weight for channel, weight in zip(pixels.unbind(1), _LUMA, strict=True)
    )
    return (red + green + blue)[:, None]


def _blend(pixels: Tensor, base: Tensor, factor: Tensor) -> Tensor:
    share = _each(factor)
    return (pixels * share + base * (1 - share)).clamp_(0, 1)


def _each(factor: Float[Tensor, " b"]) -> Float[Tensor, "b 1 1 1"]:
    return factor[:, None, None, None]
