"""What a network is told of the flow's time: sines and cosines of 999 t, or of its logarithm.

    positional   [sin(999 t f_i), cos(999 t f_i)],   f_i = 10000^(-i / (k - 1)),  i = 0 .. k - 1
    Fourier      [sin(2 pi W log(999 t)), cos(2 pi W log(999 t))],   W ~ N(0, scale^2), frozen

t in [0, 1]; 0: noise, 1: data. The logarithm is that of the published networks, which are trained
from t = 0.001 on: an earlier time is told as that one. Dimensions: b batch, f features.
Sources: arXiv:1706.03762; arXiv:2006.10739, as in arXiv:2011.13456.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn

SCALE = 999.0
EARLIEST = 1e-3
_LONGEST = 10_000.0


class PositionalTime(nn.Module):
    """Sines and cosines of the time, in float32. No parameters.

    Args:
        width: Even number of features, 4 or more.
    """

    frequencies: Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        self.num_features = width
        count = width // 2
        exponents = torch.arange(count, dtype=torch.float32) * (-math.log(_LONGEST) / (count - 1))
        self.register_buffer("frequencies", exponents.exp(), persistent=False)

    def forward(self, t: Float[Tensor, " b"]) -> Float[Tensor, "b f"]:
        """Return the features of each time."""
        angles = (SCALE * t).to(torch.float32)[:, None] * self.frequencies.to(torch.float32)
        return torch.cat((angles.sin(), angles.cos()), dim=1).to(t.dtype)


class FourierTime(nn.Module):
    """Sines and cosines of random frequencies, drawn once and not trained.

    Args:
        width: Number of frequencies; there are twice as many features.
        scale: Standard deviation of the frequencies.
    """

    def __init__(self, width: int, *, scale: float) -> None:
        super().__init__()
        self.num_features = 2 * width
        self.scale = scale
        self.frequencies = nn.Parameter(torch.empty(width), requires_grad=False)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the frequencies."""
        nn.init.normal_(self.frequencies, std=self.scale)

    def forward(self, t: Float[Tensor, " b"]) -> Float[Tensor, "b f"]:
        """Return the features of each time."""
        phases = (SCALE * t.clamp_min(EARLIEST)).log()[:, None] * self.frequencies
        angles = 2 * math.pi * phases
        return torch.cat((angles.sin(), angles.cos()), dim=1)
