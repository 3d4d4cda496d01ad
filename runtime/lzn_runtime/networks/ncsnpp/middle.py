"""The coarsest level between the way down and the way up: block, attention, block."""

from jaxtyping import Float
from torch import Tensor, nn

from lzn_runtime.networks.ncsnpp.attention import Attention
from lzn_runtime.networks.ncsnpp.residual import ResidualBlock


class Middle(nn.Module):
    """Two residual blocks and attention at one resolution."""

    def __init__(self, channels: int, *, embedding_dim: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.first = ResidualBlock(channels, channels, embedding_dim=embedding_dim, dropout=dropout)
        self.attention = Attention(channels)
        self.second = ResidualBlock(
            channels, channels, embedding_dim=embedding_dim, dropout=dropout
        )

    def forward(
        self, h: Float[Tensor, "b c h w"], embedding: Float[Tensor, "b e"] | None
    ) -> Float[Tensor, "b c h w"]:
        """Return the map after all three."""
        y: Tensor = self.second(self.attention(self.first(h, embedding)), embedding)
        return y
