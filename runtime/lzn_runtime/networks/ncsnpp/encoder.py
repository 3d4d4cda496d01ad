"""The paper's encoder of pictures: the way down of an NCSN++ U-Net, every map read by a block.

The anchor is the sum of what the blocks say. The features are what their last layers read, side by
side. Dimensions: b batch, c channels, h w pixels, f features, q latent size.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from lzn_dsl.registry.builtin.ncsnpp import NcsnppEncoderSettings
from lzn_dsl.registry.entry import Sizes
from lzn_dsl.registry.registry import Registry
from lzn_runtime.modalities.protocol import Encoder
from lzn_runtime.networks.ncsnpp.down import DownPath
from lzn_runtime.networks.ncsnpp.latent_block import LatentBlock
from lzn_runtime.networks.ncsnpp.middle import Middle


class NcsnppEncoder(Encoder):
    """Pictures in [-1, 1] to anchors.

    Args:
        down: The way down.
        middle: The coarsest level.
        latent: For each map that adds to the anchor, its place among all maps, and its block.
    """

    def __init__(
        self, down: DownPath, middle: Middle, latent: list[tuple[int, LatentBlock]]
    ) -> None:
        super().__init__()
        self.down = down
        self.middle = middle
        self.places = [place for place, _ in latent]
        self.latent = nn.ModuleList(block for _, block in latent)

    def features(self, samples: Float[Tensor, "b c h w"]) -> Float[Tensor, "b f"]:
        """Return what the last layers of all blocks read."""
        return torch.cat([units for _, units in self._units(samples)], dim=1)

    def forward(self, samples: Float[Tensor, "b c h w"]) -> Float[Tensor, "b q"]:
        """Return the anchor of each picture."""
        said = [block.output(units) for block, units in self._units(samples)]
        return torch.stack(said).sum(dim=0)

    def _units(self, samples: Tensor) -> list[tuple[LatentBlock, Tensor]]:
        maps = self.down(samples, None)
        maps.append(self.middle(maps[-1], None))
        found = []
        for place, block in zip(self.places, self.latent, strict=True):
            assert isinstance(block, LatentBlock)
            found.append((block, block.features(maps[place])))
        return found


def build_encoder(
    settings: NcsnppEncoderSettings, sizes: Sizes, registry: Registry
) -> NcsnppEncoder:
    """Build the torch half of the encoder `ncsnpp`."""
    del registry
    levels = settings.levels(sizes.sample["height"], sizes.sample["width"])
    down = DownPath(
        levels,
        channels=sizes.sample["channels"],
        width=settings.width,
        blocks=settings.blocks,
        embedding_dim=0,
        resample=settings.resample,
        picture_skips=settings.picture_skips,
        dropout=settings.dropout,
    )
    latent = [
        (
            place,
            LatentBlock(
                channels,
                area=area,
                channels=settings.latent_channels,
                units=settings.latent_units,
                latent_dim=sizes.latent_dim,
            ),
        )
        for place, channels, area in settings.tapped(levels)
    ]
    middle = Middle(levels[-1].channels, embedding_dim=0, dropout=settings.dropout)
    return NcsnppEncoder(down, middle, latent)
