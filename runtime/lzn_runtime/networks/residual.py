"""The residual block of the U-Net, told its condition by a scale and a shift of its channels.

    h = conv(silu(norm(x)))
    y = skip(x) + conv'(silu((1 + scale(e)) norm'(h) + shift(e)))

Source: FiLM (arXiv:1709.07871), as in the networks of diffusion models. conv' starts at a tenth of
its weights. Dimensions: b batch, i channels in, o channels out, e embedding, h w pixels.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import silu

from lzn_runtime.networks.gain_conv import GainConv2d
from lzn_runtime.networks.normalisation import group_norm

_START_GAIN = 0.1


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions beside a skip (1x1 convolution where the channels differ)."""

    def __init__(self, channels_in: int, channels_out: int, *, embedding_dim: int) -> None:
        super().__init__()
        self.norm1 = group_norm(channels_in)
        self.conv1 = nn.Conv2d(channels_in, channels_out, 3, padding=1)
        self.condition = nn.Linear(embedding_dim, 2 * channels_out)
        self.norm2 = group_norm(channels_out)
        self.conv2 = GainConv2d(channels_out, channels_out, gain=_START_GAIN)
        self.skip: nn.Module = nn.Identity()
        if channels_in != channels_out:
            self.skip = nn.Conv2d(channels_in, channels_out, 1)

    def forward(
        self, x: Float[Tensor, "b i h w"], embedding: Float[Tensor, "b e"]
    ) -> Float[Tensor, "b o h w"]:
        """Return the block's output."""
        h = self.conv1(silu(self.norm1(x)))
        scale, shift = self.condition(embedding)[:, :, None, None].chunk(2, dim=1)  # (b, o, 1, 1)
        h = torch.addcmul(shift, 1 + scale, self.norm2(h))
        y: Tensor = self.skip(x) + self.conv2(silu(h))
        return y
