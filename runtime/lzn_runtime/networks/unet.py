"""A small U-Net: the velocity v(x_t, t, z, classes) of a rectified flow of pictures.

Residual blocks at falling resolution, one in the middle, and back up with a skip from each level.
Pictures of any size: a level halves with odd sides rounded up, and the way back up crops to the
size of the skip. With a patch of p pixels, squares of p x p pixels are folded into channels first:
a quarter of the work for p = 2. The last convolution starts at zero: v = 0.

t = 0: noise, t = 1: data. Dimensions: b batch, q latent size, k classes, c channels, h w pixels.
Source: U-Net (arXiv:1505.04597) in the form of diffusion models (arXiv:2006.11239), without
dropout and without statistics over the batch.
"""

from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import (
    avg_pool2d,
    interpolate,
    pad,
    pixel_shuffle,
    pixel_unshuffle,
    silu,
)

from lzn_dsl.registry.builtin.networks import TIME_FEATURES, UNetSettings
from lzn_dsl.registry.entry import Sizes
from lzn_dsl.registry.registry import Registry
from lzn_runtime.networks.attention import PixelAttention
from lzn_runtime.networks.embedding import ConditionEmbedding
from lzn_runtime.networks.gain_conv import GainConv2d
from lzn_runtime.networks.normalisation import group_norm
from lzn_runtime.networks.residual import ResidualBlock


class UNet(nn.Module):
    """Velocity of a flow of pictures.

    Args:
        channels: Channels of the pictures.
        latent_dim: Dimension of the latent that conditions it.
        num_classes: Length of the class vector that conditions it; 0 for none.
        width: Channels of the finest level.
        mults: Channels of each level in multiples of `width`.
        blocks: Residual blocks in each level, on each side.
        embedding_dim: Size of the embedding of time and condition.
        attention: Whether pixels of the coarsest level attend to each other.
        patch: Side of the squares of pixels that are folded into channels.
    """

    def __init__(
        self,
        *,
        channels: int,
        latent_dim: int,
        num_classes: int,
        width: int = 32,
        mults: tuple[int, ...] = (1, 2),
        blocks: int = 1,
        embedding_dim: int = 128,
        attention: bool = False,
        patch: int = 1,
    ) -> None:
        super().__init__()
        self.patch = patch
        self.embedding = ConditionEmbedding(
            num_features=TIME_FEATURES,
            latent_dim=latent_dim,
            num_classes=num_classes,
            embedding_dim=embedding_dim,
        )
        self.input = nn.Conv2d(channels * patch**2, width, 3, padding=1)
        widths = [width, *(width * m for m in mults)]

        def level(channels_in: int, channels_out: int) -> nn.ModuleList:
            sides = [channels_in] + [channels_out] * blocks
            return nn.ModuleList(
                ResidualBlock(i, o, embedding_dim=embedding_dim) for i, o in pairwise(sides)
            )

        self.down = nn.ModuleList(level(i, o) for i, o in pairwise(widths))
        self.middle = ResidualBlock(widths[-1], widths[-1], embedding_dim=embedding_dim)
        self.attention = PixelAttention(widths[-1]) if attention else nn.Identity()
        outs = widths[:0:-1]  # coarse to fine
        ins = [widths[-1], *outs[:-1]]
        self.up = nn.ModuleList(level(i + o, o) for i, o in zip(ins, outs, strict=True))
        self.norm = group_norm(outs[-1])
        self.output = GainConv2d(outs[-1], channels * patch**2)

    def forward(
        self,
        x_t: Float[Tensor, "b c h w"],
        t: Float[Tensor, " b"],
        latents: Float[Tensor, "b q"],
        classes: Float[Tensor, "b k"] | None,
    ) -> Float[Tensor, "b c h w"]:
        """Return the velocity at x_t; `t` in [0, 1].

        Raises:
            ValueError: The class vector is not of the length that the network was built for.
        """
        embedding = self.embedding(t, latents, classes)
        h = self.input(self._fold(x_t))
        skips: list[Tensor] = []
        for blocks in self.down:
            if skips:
                h = avg_pool2d(h, 2, ceil_mode=True, count_include_pad=False)
            h = _through(blocks, h, embedding)
            skips.append(h)
        h = self.attention(self.middle(h, embedding))
        for blocks in self.up:
            skip = skips.pop()
            h = torch.cat((_grown(h, skip), skip), dim=1)
            h = _through(blocks, h, embedding)
        return self._unfold(self.output(silu(self.norm(h))), x_t)

    def _fold(self, x: Tensor) -> Tensor:
        """Fold patches into channels, after padding the picture to whole patches."""
        bottom, right = -x.shape[2] % self.patch, -x.shape[3] % self.patch
        if bottom or right:
            x = pad(x, (0, right, 0, bottom))
        folded = pixel_unshuffle(x, self.patch) if self.patch > 1 else x
        return folded.contiguous(memory_format=torch.channels_last)

    def _unfold(self, x: Tensor, like: Tensor) -> Tensor:
        if self.patch > 1:
            x = pixel_shuffle(x, self.patch)
        return x[:, :, : like.shape[2], : like.shape[3]]


def _through(blocks: nn.Module, h: Tensor, embedding: Tensor) -> Tensor:
    for block in blocks.children():
        h = block(h, embedding)
    return h


def _grown(h: Tensor, like: Tensor) -> Tensor:
    """Return h at the resolution of `like`, which is the same or (rounded) twice as fine."""
    if h.shape[2:] == like.shape[2:]:
        return h
    doubled = interpolate(h, scale_factor=2, mode="nearest")
    return doubled[:, :, : like.shape[2], : like.shape[3]]


def build_unet(settings: UNetSettings, sizes: Sizes, registry: Registry) -> UNet:
    """Build the torch half of the network `unet`."""
    del registry
    height, width = sizes.sample["height"], sizes.sample["width"]
    return UNet(
        channels=sizes.sample["channels"],
        latent_dim=sizes.latent_dim,
        num_classes=sizes.num_classes,
        width=settings.width,
        mults=tuple(settings.mults),
        blocks=settings.blocks,
        embedding_dim=settings.embedding,
        attention=settings.attention,
        patch=settings.patch_for(height, width),
    )
