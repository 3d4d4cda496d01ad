"""The residual block, which may halve or double the picture between its norm and convolution.

    h = conv1(resample(silu(norm1(x)))) + condition(e)
    y = (skip(resample(x)) + conv2(dropout(silu(norm2(h))))) / sqrt(2)

conv2 is silent at the start. The encoder's blocks have no condition.
Dimensions: b batch, i channels in, o channels out, e embedding, h w pixels.
"""

import math
from typing import Literal

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import silu

from lzn_runtime.networks.dropout import Dropout
from lzn_runtime.networks.ncsnpp.layers import Conv, Dense
from lzn_runtime.networks.ncsnpp.resample import Resample, double, halve
from lzn_runtime.networks.normalisation import fine_group_norm


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions beside a skip.

    Args:
        channels_in: Channels of the input.
        channels_out: Channels of the output.
        embedding_dim: Size of the embedding that it is told; 0 for none.
        change: Whether the picture is halved or doubled; None for neither.
        resample: How.
        dropout: Probability of a number before the second convolution to be dropped in training.
    """

    def __init__(
        self,
        channels_in: int,
        channels_out: int,
        *,
        embedding_dim: int,
        change: Literal["halve", "double"] | None = None,
        resample: Resample = "mean",
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.change, self.resample = change, resample
        self.norm1 = fine_group_norm(channels_in)
        self.conv1 = Conv(channels_in, channels_out)
        self.condition = Dense(embedding_dim, channels_out) if embedding_dim else None
        self.norm2 = fine_group_norm(channels_out)
        self.dropout = Dropout(dropout)
        self.conv2 = Conv(channels_out, channels_out, gain=0.0)
        same = channels_in == channels_out and change is None
        self.skip = None if same else Conv(channels_in, channels_out, kernel=1)

    def forward(
        self,
        x: Float[Tensor, "b i h w"],
        embedding: Float[Tensor, "b e"] | None,
        like: Tensor | None = None,
    ) -> Float[Tensor, "b o h2 w2"]:
        """Return the block's output; one that doubles does so to the size of `like`."""
        h = silu(self.norm1(x))
        if self.change is not None:
            h, x = self._resampled(h, like), self._resampled(x, like)
        h = self.conv1(h)
        if self.condition is not None:
            h = h + self.condition(embedding)[:, :, None, None]
        h = self.conv2(self.dropout(silu(self.norm2(h))))
        if self.skip is not None:
            x = self.skip(x)
        y: Tensor = (x + h) / math.sqrt(2)
        return y

    def _resampled(self, x: Tensor, like: Tensor | None) -> Tensor:
        if like is None:
            return halve(x, self.resample)
        return double(x, self.resample, like)
