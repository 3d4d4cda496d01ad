"""Layers whose first weights have the variance gain / (mean of fan in and fan out); biases 0.

A gain of 0 makes a layer silent at the start: a block is then its skip.
Source: arXiv:1502.01852 in the form of arXiv:2006.11239.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Conv(nn.Conv2d):
    """A 3x3 or 1x1 convolution, same size out as in."""

    def __init__(
        self, channels_in: int, channels_out: int, *, kernel: int = 3, gain: float = 1.0
    ) -> None:
        self.gain = gain
        super().__init__(channels_in, channels_out, kernel, padding=kernel // 2)

    def reset_parameters(self) -> None:
        """Draw the weights."""
        area = self.kernel_size[0] * self.kernel_size[1]
        _draw(self.weight, self.gain, (self.in_channels + self.out_channels) * area / 2)
        _clear(self.bias)


class Dense(nn.Linear):
    """A linear layer."""

    def reset_parameters(self) -> None:
        """Draw the weights."""
        _draw(self.weight, 1.0, (self.in_features + self.out_features) / 2)
        _clear(self.bias)


class PixelDense(nn.Module):
    """The same linear layer at every pixel; its matrix leads from the first to the second index."""

    def __init__(self, channels_in: int, channels_out: int, *, gain: float = 1.0) -> None:
        super().__init__()
        self.gain = gain
        self.weight = nn.Parameter(torch.empty(channels_in, channels_out))  # (i, o)
        self.bias = nn.Parameter(torch.empty(channels_out))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the weights."""
        _draw(self.weight, self.gain, sum(self.weight.shape) / 2)
        _clear(self.bias)

    def forward(self, x: Float[Tensor, "b p i"]) -> Float[Tensor, "b p o"]:
        """Return the layer's output, pixels in rows."""
        return x @ self.weight + self.bias  # (b, p, i) @ (i, o) -> (b, p, o)


def _draw(weight: Tensor, gain: float, fan: float) -> None:
    bound = math.sqrt(3 * gain / fan)
    nn.init.uniform_(weight, -bound, bound)


def _clear(bias: Tensor | None) -> None:
    if bias is not None:
        nn.init.zeros_(bias)
