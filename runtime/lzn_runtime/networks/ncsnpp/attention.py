"""Self-attention over the pixels of a picture, with one head; its output is silent at the start.

y = (x + output(attend(norm(x)))) / sqrt(2).  Dimensions: b batch, c channels, h w p pixels.
"""

import math

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from lzn_runtime.networks.ncsnpp.layers import PixelDense
from lzn_runtime.networks.normalisation import fine_group_norm


class Attention(nn.Module):
    """Self-attention over pixels, added to its input."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = fine_group_norm(channels)
        self.queries = PixelDense(channels, channels)
        self.keys = PixelDense(channels, channels)
        self.values = PixelDense(channels, channels)
        self.output = PixelDense(channels, channels, gain=0.0)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """Return x and what its pixels tell each other."""
        pixels = self.norm(x).flatten(2).transpose(1, 2)  # (b, p, c)
        queries, keys, values = self.queries(pixels), self.keys(pixels), self.values(pixels)
        mixed = scaled_dot_product_attention(queries[:, None], keys[:, None], values[:, None])
        h = self.output(mixed[:, 0]).transpose(1, 2).reshape(x.shape)
        y: Tensor = (x + h) / math.sqrt(2)
        return y
