"""The way down: residual blocks at falling resolution, and every map on the way.

With picture skips the picture itself, halved along, is added to each coarser level by a 1x1
convolution. Dimensions: b batch, c channels, e embedding, h w pixels.
"""

from jaxtyping import Float
from torch import Tensor, nn

from lzn_dsl.registry.builtin.ncsnpp import Level
from lzn_runtime.networks.ncsnpp.attention import Attention
from lzn_runtime.networks.ncsnpp.layers import Conv
from lzn_runtime.networks.ncsnpp.resample import Resample, halve
from lzn_runtime.networks.ncsnpp.residual import ResidualBlock


class DownLevel(nn.Module):
    """The blocks of one resolution, each followed by attention where the level attends.

    Args:
        level: Shape of the level.
        channels_in: Channels of its input.
        blocks: Number of residual blocks.
        embedding_dim: Size of the embedding that they are told; 0 for none.
        last: Whether it is the coarsest: the others end by halving the picture.
        resample: How.
        picture_channels: Channels of the picture that is added after that; 0 for none.
        dropout: Probability of a number in a residual block to be dropped in training.
    """

    def __init__(
        self,
        level: Level,
        *,
        channels_in: int,
        blocks: int,
        embedding_dim: int,
        last: bool,
        resample: Resample,
        picture_channels: int,
        dropout: float,
    ) -> None:
        super().__init__()
        c = level.channels
        sides = [channels_in] + [c] * (blocks - 1)
        self.blocks = nn.ModuleList(
            ResidualBlock(i, c, embedding_dim=embedding_dim, dropout=dropout) for i in sides
        )
        self.attentions = nn.ModuleList(Attention(c) for _ in sides if level.attends)
        self.halving: ResidualBlock | None = None
        self.picture: Conv | None = None
        if not last:
            self.halving = ResidualBlock(
                c,
                c,
                embedding_dim=embedding_dim,
                change="halve",
                resample=resample,
                dropout=dropout,
            )
            if picture_channels:
                self.picture = Conv(picture_channels, c, kernel=1)

    def forward(
        self, h: Float[Tensor, "b c h w"], embedding: Float[Tensor, "b e"] | None
    ) -> list[Tensor]:
        """Return the output of each block."""
        maps = []
        for place, block in enumerate(self.blocks):
            h = block(h, embedding)
            if self.attentions:
                h = self.attentions[place](h)
            maps.append(h)
        return maps


class DownPath(nn.Module):
    """From a picture to the maps of all levels.

    Args:
        levels: Shapes of the levels, fine to coarse.
        channels: Channels of the pictures.
        width: Channels of the first map.
        blocks: Residual blocks in a level.
        embedding_dim: Size of the embedding that they are told; 0 for none.
        resample: How pictures are halved.
        picture_skips: Whether the halved picture is added to each coarser level.
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
        self.input = Conv(channels, width)
        self.levels = nn.ModuleList()
        for place, level in enumerate(levels):
            self.levels.append(
                DownLevel(
                    level,
                    channels_in=levels[place - 1].channels if place else width,
                    blocks=blocks,
                    embedding_dim=embedding_dim,
                    last=place == len(levels) - 1,
                    resample=resample,
                    picture_channels=channels if picture_skips else 0,
                    dropout=dropout,
                )
            )

    def forward(
        self, x: Float[Tensor, "b c h w"], embedding: Float[Tensor, "b e"] | None
    ) -> list[Tensor]:
        """Return the first map, then those of each level and, after each but the last, its half."""
        maps: list[Tensor] = [self.input(x)]
        for level in self.levels:
            assert isinstance(level, DownLevel)
            maps += level(maps[-1], embedding)
            if level.halving is None:
                break
            h = level.halving(maps[-1], embedding)
            if level.picture is not None:
                x = halve(x, self.resample)
                h = h + level.picture(x)
            maps.append(h)
        return maps
