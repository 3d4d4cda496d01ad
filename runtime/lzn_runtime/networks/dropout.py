"""Dropout whose masks are functions of a key and a sample's index, as all randomness here is.

    y = x m / (1 - p),   m = 1 with probability 1 - p, else 0, each number by itself

So a resumed run drops the same numbers, and so does each pass over a slice of a batch. Source:
arXiv:1207.0580. Dimensions: b batch; `...` the shape of one sample.
"""

import contextlib
from collections.abc import Iterator

from jaxtyping import Float, Int
from torch import Tensor, nn

from lzn_runtime import randomness


class Dropout(nn.Module):
    """Drops numbers in training, within `dropping`; elsewhere it changes nothing.

    Args:
        rate: Probability p of a number to be dropped, in [0, 1).
    """

    def __init__(self, rate: float) -> None:
        super().__init__()
        if not 0 <= rate < 1:
            raise ValueError(f"rate must be in [0, 1), got {rate}")
        self.rate = rate
        self._draw: tuple[int, Tensor] | None = None

    def forward(self, x: Float[Tensor, "b ..."]) -> Float[Tensor, "b ..."]:
        """Return x with numbers dropped, the others scaled to the same mean."""
        if not self.training or not self.rate or self._draw is None:
            return x
        key, index = self._draw
        kept = randomness.bernoulli(key, index, 1 - self.rate, tuple(x.shape[1:]))
        return x * kept / (1 - self.rate)

    @contextlib.contextmanager
    def drawing(self, key: int, index: Int[Tensor, " b"]) -> Iterator[None]:
        """Drop by this key and these indices of the samples."""
        before, self._draw = self._draw, (key, index)
        try:
            yield
        finally:
            self._draw = before


@contextlib.contextmanager
def dropping(module: nn.Module, key: int, index: Int[Tensor, " b"]) -> Iterator[None]:
    """Let each `Dropout` of a module drop by a key of its own name, for samples of these indices.

    A pass that is repeated, such as one over a slice of a batch, must be repeated within this.
    """
    with contextlib.ExitStack() as stack:
        for name, part in module.named_modules():
            if isinstance(part, Dropout):
                own = randomness.key(key, f"dropout {name}")
                stack.enter_context(part.drawing(own, index))
        yield
