"""The way up: residual blocks at rising resolution, each told a map of the way down, to a picture.

The picture is read off the finest level; with picture skips it is the sum of what every level says,
doubled along. Dimensions: b batch, c channels, e embedding, h w pixels.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import silu

from lzn_dsl.registry.builtin.ncsnpp import Level, skips
from lzn_runtime.networks.ncsnpp.attention import Attention
from lzn_runtime.networks.ncsnpp.layers import Conv
from lzn_runtime.networks.ncsnpp.resample import Resample, double
from lzn_runtime.networks.ncsnpp.residual import ResidualBlock
from lzn_runtime.networks.normalisation import fine_group_norm


class ToPicture(nn.Module):
    """Reads a picture off a map; silent at the start."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.norm = fine_group_norm(channels_in)
        self.conv = Conv(channels_in, channels_out, gain=0.0)

    def forward(self, h: Float[Tensor, "b c h w"]) -> Float[Tensor, "b d h w"]:
        """Return the picture."""
        picture: Tensor = self.conv(silu(self.norm(h)))
        return picture


class UpLevel(nn.Module):
    """The blocks of one resolution, and attention after the last where the level attends.

    Args:
        level: Shape of the level.
        channels_in: Channels of its input.
        skips: Channels of the maps that its blocks are told, in order.
        embedding_dim: Size of the embedding.
        last: Whether it is the finest: the others end by doubling the picture.
        resample: How.
        picture_channels: Channels of the picture that is read off it; 0 for none.
        dropout: Probability of a number in a residual block to be dropped in training.
    """

    def __init__(
        self,
        level: Level,
        *,
        channels_in: int,
        skips: list[int],
        embedding_dim: int,
        last: bool,
        resample: Resample,
        picture_channels: int,
        dropout: float,
    ) -> None:
        super().__init__()
        c = level.channels
        sides = [channels_in] + [c] * (len(skips) - 1)
        self.blocks = nn.ModuleList(
            ResidualBlock(i + s, c, embedding_dim=embedding_dim, dropout=dropout)
            for i, s in zip(sides, skips, strict=True)
        )
        self.attention = Attention(c) if level.attends else None
        self.picture = ToPicture(c, picture_channels) if picture_channels else None
        self.doubling: ResidualBlock | None = None
        if not last:
            self.doubling = ResidualBlock(
                c,
                c,
                embedding_dim=embedding_dim,
                change="double",
                resample=resample,
                dropout=dropout,
            )

    def forward(
        self, h: Float[Tensor, "b c h w"], maps: list[Tensor], embedding: Float[Tensor, "b e"]
    ) -> Float[Tensor, "b c h w"]:
        """Return the level's map; takes the last of `maps` for each block."""
        for block in self.blocks:
            h = block(torch.cat((h, maps.pop()), dim=1), embedding)
        return h if self.attention is None else self.attention(h)


class UpPath(nn.Module):
    """From the maps of all levels to a picture.

    Args:
        levels: Shapes of the levels, fine to coarse.
        channels: Channels of the pictures.
        width: Channels of the first map of the way down.
        blocks: Residual blocks in a level of the way down; there is one more on the way up.
        embedding_dim: Size of the embedding.
        resample: How pictures are doubled.
        picture_skips: Whether every level adds to the picture.
        dropout: Probability of a number in a residual block to be dropped in training.
    """

    def __init__(
        self,
        levels: list[Level],
        *,
        channels: int,
        width: int,
        blocks: int,
        embedding_dim: int,
        resample: Resample,
        picture_skips: bool,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.resample = resample
        told = skips(levels, width, blocks)
        self.levels = nn.ModuleList()
        before = levels[-1].channels
        for level in reversed(levels):
            self.levels.append(
                UpLevel(
                    level,
                    channels_in=before,
                    skips=[told.pop() for _ in range(blocks + 1)],
                    embedding_dim=embedding_dim,
                    last=level is levels[0],
                    resample=resample,
                    picture_channels=channels if picture_skips else 0,
                    dropout=dropout,
                )
            )
            before = level.channels
        self.output = None if picture_skips else ToPicture(before, channels)

    def forward(
        self, h: Float[Tensor, "b c h w"], maps: list[Tensor], embedding: Float[Tensor, "b e"]
    ) -> Float[Tensor, "b d h w"]:
        """Return the picture, from the coarsest map and those of the way down, which it takes."""
        picture: Tensor | None = None
        for level in self.levels:
            assert isinstance(level, UpLevel)
            h = level(h, maps, embedding)
            if level.picture is not None:
                part = level.picture(h)
                picture = part if picture is None else double(picture, self.resample, h) + part
            if level.doubling is not None:
                h = level.doubling(h, embedding, maps[-1])
        if self.output is not None:
            picture = self.output(h)
        assert picture is not None
        return picture
