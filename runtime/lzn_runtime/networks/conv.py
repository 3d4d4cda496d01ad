"""A small convolutional encoder of pictures: levels of convolutions, then a linear head.

A level is `blocks` times (3x3 convolution, group norm, ReLU); a level of stride 2 halves the
picture by max-pooling after its first convolution, odd sides rounded up. The features are what the
head reads. Group norm looks at one picture alone: an anchor does not depend on its batch mates.

Dimensions: b batch, c channels, h w pixels, f features, q latent size.
"""

import math
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, max_pool2d, normalize, relu

from lzn_dsl.registry.builtin.encoders import ConvSettings
from lzn_dsl.registry.builtin.layers import halved
from lzn_dsl.registry.entry import Sizes
from lzn_dsl.registry.registry import Registry
from lzn_runtime.modalities.protocol import Encoder
from lzn_runtime.networks.normalisation import group_norm


class ConvLevel(nn.Module):
    """Convolutions at one resolution, the first of which may halve it."""

    def __init__(
        self, channels_in: int, channels_out: int, *, stride: int, blocks: int, residual: bool
    ) -> None:
        super().__init__()
        self.stride = stride
        sides = [channels_in] + [channels_out] * blocks
        self.convs = nn.ModuleList(nn.Conv2d(i, o, 3, padding=1) for i, o in pairwise(sides))
        self.norms = nn.ModuleList(group_norm(channels_out) for _ in range(blocks))
        self.skip: nn.Module | None = None
        if residual:
            same = channels_in == channels_out
            self.skip = nn.Identity() if same else nn.Conv2d(channels_in, channels_out, 1)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b d h2 w2"]:
        """Return the level's output."""
        h = x
        for place, (conv, norm) in enumerate(zip(self.convs, self.norms, strict=True)):
            h = conv(h)
            if place == 0 and self.stride == 2:
                h = max_pool2d(h, 2, ceil_mode=True)
            h = relu(norm(h))
        if self.skip is None:
            return h
        if self.stride == 2:
            x = avg_pool2d(x, 2, ceil_mode=True, count_include_pad=False)
        skipped: Tensor = self.skip(x)
        return h + skipped


class ConvEncoder(Encoder):
    """Pictures in [-1, 1] to anchors.

    Args:
        levels: The levels, in order.
        num_features: Number of features that the levels give.
        latent_dim: Dimension of the anchors.
        hidden: Width of a hidden layer of the head; 0 for none.
        mean: Whether the features are means over pixels, not the pixels themselves.
        sphere: Whether anchors lie on the sphere of radius sqrt(q).
        scale: Factor from the head's output to the anchors.
    """

    def __init__(
        self,
        levels: list[ConvLevel],
        *,
        num_features: int,
        latent_dim: int,
        hidden: int = 0,
        mean: bool = False,
        sphere: bool = False,
        scale: float = 1.0,
    ) -> None:
        super().__init__()
        self.levels = nn.Sequential(*levels)
        self.mean, self.sphere, self.scale = mean, sphere, scale
        self.head: nn.Module = nn.Linear(num_features, latent_dim)
        if hidden:
            self.head = nn.Sequential(
                nn.Linear(num_features, hidden), nn.ReLU(), nn.Linear(hidden, latent_dim)
            )

    def features(self, samples: Float[Tensor, "b c h w"]) -> Float[Tensor, "b f"]:
        """Return what the head reads: the embedding of each picture."""
        h: Tensor = self.levels(samples.contiguous(memory_format=torch.channels_last))
        return h.mean((2, 3)) if self.mean else h.flatten(1)

    def forward(self, samples: Float[Tensor, "b c h w"]) -> Float[Tensor, "b q"]:
        """Return the anchor of each picture."""
        anchors: Tensor = self.head(self.features(samples))
        if self.sphere:
            anchors = normalize(anchors, dim=1) * math.sqrt(anchors.shape[1])
        return anchors * self.scale


def build_conv(settings: ConvSettings, sizes: Sizes, registry: Registry) -> ConvEncoder:
    """Build the torch half of the encoder `conv`."""
    del registry
    height, width = sizes.sample["height"], sizes.sample["width"]
    channels, levels = sizes.sample["channels"], []
    for channels_out, stride in settings.levels(height, width):
        levels.append(
            ConvLevel(
                channels,
                channels_out,
                stride=stride,
                blocks=settings.blocks,
                residual=settings.residual,
            )
        )
        channels = channels_out
        if stride == 2:
            height, width = halved(height), halved(width)
    mean = settings.head == "mean"
    return ConvEncoder(
        levels,
        num_features=channels if mean else channels * height * width,
        latent_dim=sizes.latent_dim,
        hidden=settings.hidden,
        mean=mean,
        sphere=settings.anchors == "sphere",
        scale=settings.scale,
    )
