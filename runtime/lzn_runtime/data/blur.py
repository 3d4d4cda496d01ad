"""Random Gaussian blur, with a standard deviation for each picture.

    weight_j = exp(-j^2 / (2 sigma^2)) / sum,  |j| <= radius = 3 sigma_max, rounded up

The same numbers as torchvision's `gaussian_blur` of 2 radius + 1 taps: borders are mirrored, the
outermost pixel not repeated. Here pictures may be smaller than the radius; they are mirrored again.

Dimensions: b pictures, c channels, h height, w width, r radius.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from lzn_dsl.registry.builtin.augmentations import BlurSettings
from lzn_runtime import randomness
from lzn_runtime.data.augmentation import Augmentation
from lzn_runtime.data.pixels import between, choose, from_shares, to_shares


def make_blur(settings: BlurSettings) -> Augmentation:
    """Return the augmentation `blur`."""
    least, most = settings.sigma
    radius = math.ceil(3 * most)

    def apply(images: Tensor, key: int, index: Tensor) -> Tensor:
        draws = randomness.uniform(randomness.key(key, "blur"), index, (2,), torch.float64)
        sigma = between(draws[:, 0], least, most).to(images.device)
        blurred = from_shares(blur(to_shares(images), sigma, radius=radius), images.dtype)
        return choose(draws[:, 1], settings.probability, blurred, images)

    return apply


def blur(
    pixels: Float[Tensor, "b c h w"], sigma: Float[Tensor, " b"], *, radius: int
) -> Float[Tensor, "b c h w"]:
    """Blur each picture by a Gaussian of its own, cut off at `radius` pixels.

    `sigma` is float64, in pixels, above 0.
    """
    steps = torch.arange(radius + 1, device=sigma.device, dtype=torch.float64)[:, None]
    weights = (-(steps / sigma).square() / 2).exp()  # (r + 1, b)
    weights = (weights / (2 * weights.sum(0) - weights[0])).to(pixels.dtype)
    # Pictures last: so that the sums below run over long rows, each number with its own weight.
    columns = pixels.permute(3, 2, 1, 0).contiguous()  # (w, h, c, b)
    rows = _along(columns, weights).transpose(0, 1)  # (h, w, c, b)
    return _along(rows, weights).permute(3, 2, 0, 1)


def _along(
    pixels: Float[Tensor, "n m c b"], weights: Float[Tensor, "k b"]
) -> Float[Tensor, "n m c b"]:
    """Filter the first direction: the middle, and pairs of neighbours of equal weight."""
    size, radius = len(pixels), len(weights) - 1
    padded = pixels[_mirrored(size, radius, pixels.device)]
    total = padded[radius : radius + size] * weights[0]
    for step in range(1, radius + 1):
        before, after = radius - step, radius + step
        pair = padded[before : before + size] + padded[after : after + size]
        total.add_(pair.mul_(weights[step]))
    return total


def _mirrored(size: int, radius: int, device: torch.device) -> Tensor:
    """Return the places from -radius to size - 1 + radius, mirrored at the first and the last."""
    period = max(1, 2 * (size - 1))
    places = torch.arange(-radius, size + radius, device=device).remainder_(period)
    return torch.minimum(places, period - places) if size > 1 else torch.zeros_like(places)
