"""What one map says of the anchor: a 1x1 convolution to few channels, then two linear layers.

    output(silu(hidden(silu(squeeze(h)))))

Dimensions: b batch, c channels, h w pixels, u units, q latent size.
"""

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import silu


class LatentBlock(nn.Module):
    """Reads a vector off a map.

    Args:
        channels_in: Channels of the map.
        area: Its pixels.
        channels: Channels that are kept of it.
        units: Units of the hidden layer.
        latent_dim: Dimension of the latent.
    """

    def __init__(
        self, channels_in: int, *, area: int, channels: int, units: int, latent_dim: int
    ) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(channels_in, channels, 1)
        self.hidden = nn.Linear(channels * area, units)
        self.output = nn.Linear(units, latent_dim)

    def features(self, h: Float[Tensor, "b c h w"]) -> Float[Tensor, "b u"]:
        """Return what the last layer reads."""
        units: Tensor = silu(self.hidden(silu(self.squeeze(h)).flatten(1)))
        return units
