"""A convolution that starts small, or silent, so that a residual network starts near its skips."""

import torch
from torch import nn


class GainConv2d(nn.Conv2d):
    """A 3x3 or 1x1 convolution, same size out as in, whose first weights are scaled by `gain`.

    The bias starts at zero. `gain` 0 makes its output zero at the start.
    """

    def __init__(
        self, channels_in: int, channels_out: int, *, kernel: int = 3, gain: float = 0.0
    ) -> None:
        self.gain = gain
        super().__init__(channels_in, channels_out, kernel, padding=kernel // 2)

    def reset_parameters(self) -> None:
        """Draw the weights as torch does, then scale them."""
        super().reset_parameters()
        with torch.no_grad():
            self.weight.mul_(self.gain)
            if self.bias is not None:
                self.bias.zero_()
