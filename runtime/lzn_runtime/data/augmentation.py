"""Augmentations: small random changes of pictures, decided by (key, sample index) alone.

Dimensions: b pictures, c channels, h height, w width. Values may be uint8 or float; `zero` padding
puts 0 in, which is black for uint8.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

import torch
from jaxtyping import Int, Shaped
from torch import Tensor

from lzn_dsl.registry.builtin.augmentations import FlipSettings, ShiftSettings
from lzn_runtime import randomness


class Augmentation(Protocol):
    """A random change of a batch: row i depends on `key`, `index[i]` and picture i alone."""

    def __call__(
        self, images: Shaped[Tensor, "b c h w"], key: int, index: Int[Tensor, " b"]
    ) -> Shaped[Tensor, "b c h w"]:
        """Return changed pictures of the same size and type; the argument stays as it is."""


View = Callable[[Tensor, int, Tensor], Tensor]
"""(images (b, c, h, w), step, index (b,)) -> the pictures as one view of them shows them."""


def make_shift(settings: ShiftSettings) -> Augmentation:
    """Return the augmentation `shift`."""

    def apply(images: Tensor, key: int, index: Tensor) -> Tensor:
        most = settings.pixels
        own = randomness.key(key, "shift")
        moves = randomness.integers(own, index, -most, most + 1, (2,)).to(images.device)
        return shift(images, moves, padding=settings.padding)

    return apply


def make_flip(settings: FlipSettings) -> Augmentation:
    """Return the augmentation `flip`."""

    def apply(images: Tensor, key: int, index: Tensor) -> Tensor:
        draw = randomness.uniform(randomness.key(key, "flip"), index).to(images.device)
        chosen = (draw < settings.probability)[:, None, None, None]
        return torch.where(chosen, images.flip(3), images)

    return apply


def augment(
    augmentations: Sequence[Augmentation],
    images: Shaped[Tensor, "b c h w"],
    key: int,
    index: Int[Tensor, " b"],
) -> Shaped[Tensor, "b c h w"]:
    """Apply augmentations one after the other, each with randomness of its own."""
    for place, augmentation in enumerate(augmentations):
        images = augmentation(images, randomness.key(key, "augmentation", place), index)
    return images


def shift(
    images: Shaped[Tensor, "b c h w"], moves: Int[Tensor, "b 2"], *, padding: str
) -> Shaped[Tensor, "b c h w"]:
    """Move picture i down by `moves[i, 0]` and right by `moves[i, 1]` pixels.

    `padding` is `zero` or `edge`. Moves beyond the size are allowed.
    """
    batch, channels, height, width = images.shape
    rows = torch.arange(height, device=images.device) - moves[:, :1]  # (b, h): where it comes from
    columns = torch.arange(width, device=images.device) - moves[:, 1:]  # (b, w)
    source = rows.clamp(0, height - 1)[:, :, None] * width + columns.clamp(0, width - 1)[:, None]
    flat = source.view(batch, 1, -1).expand(-1, channels, -1)  # (b, c, h w)
    moved = images.reshape(batch, channels, -1).gather(2, flat).view_as(images)
    if padding == "edge":
        return moved
    inside = _inside(rows, height)[:, :, None] & _inside(columns, width)[:, None]  # (b, h, w)
    return moved * inside[:, None]


def _inside(places: Tensor, size: int) -> Tensor:
    return (places >= 0) & (places < size)
