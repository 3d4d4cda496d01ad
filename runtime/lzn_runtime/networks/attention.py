"""Self-attention over the pixels of a picture, added to it; for the coarsest level of a U-Net."""

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from lzn_runtime.networks.gain_conv import GainConv2d
from lzn_runtime.networks.normalisation import group_norm, num_groups


class PixelAttention(nn.Module):
    """Multi-head self-attention with as many heads as the norm has groups; starts as identity."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.num_heads = num_groups(channels)
        self.norm = group_norm(channels)
        self.queries_keys_values = nn.Conv2d(channels, 3 * channels, 1)
        self.output = GainConv2d(channels, channels, kernel=1)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """Return x plus what its pixels tell each other."""
        b, c, h, w = x.shape
        parts = self.queries_keys_values(self.norm(x)).flatten(2)  # (b, 3 c, h w)
        parts = parts.view(b, 3, self.num_heads, c // self.num_heads, h * w).transpose(3, 4)
        queries, keys, values = parts.unbind(1)  # (b, heads, h w, c / heads) each
        mixed = scaled_dot_product_attention(queries, keys, values)
        y: Tensor = x + self.output(mixed.transpose(2, 3).reshape(b, c, h, w))
        return y
