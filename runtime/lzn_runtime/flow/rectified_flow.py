"""Rectified flow: straight lines from noise to data, and the velocity that follows them on average.

    x_t = t x + (1 - t) noise,   noise ~ N(0, I)          t = 0: noise, t = 1: data
    v(x_t, t) = E[x - noise | x_t]   minimises   |v(x_t, t) - (x - noise)|^2

Dimensions: b batch; `...` the shape of one sample. Source: arXiv:2209.03003.
"""

from jaxtyping import Float
from torch import Tensor


def point_on_line(
    x: Float[Tensor, "b ..."], noise: Float[Tensor, "b ..."], t: Float[Tensor, " b"]
) -> Float[Tensor, "b ..."]:
    """Return x_t; t in [0, 1]."""
    t = t.view(-1, *(1,) * (x.ndim - 1))  # (b, 1, ...)
    return t * x + (1 - t) * noise


def flow_loss(
    velocity: Float[Tensor, "b ..."], x: Float[Tensor, "b ..."], noise: Float[Tensor, "b ..."]
) -> Float[Tensor, " b"]:
    """Return the mean over a sample's numbers of |velocity - (x - noise)|^2."""
    return (velocity - (x - noise)).square().flatten(1).mean(dim=1)
