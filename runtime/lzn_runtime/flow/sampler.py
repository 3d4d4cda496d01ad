"""What a sampler is: a solver of dx/dt = v(x, t) from one time to another, either way.

t = 0: noise, t = 1: data. Dimensions: b batch; `...` the shape of one sample.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeAlias

from jaxtyping import Float
from torch import Tensor

Velocity: TypeAlias = Callable[
    [Float[Tensor, "b ..."], Float[Tensor, " b"]], Float[Tensor, "b ..."]
]
"""dx/dt at x, each row at its own time in [0, 1]; row i depends on row i of x and t alone."""


class SamplerError(RuntimeError):
    """A sampler cannot reach the end: a velocity that is not finite, or too many evaluations."""


class Sampler(ABC):
    """A solver that carries each row on its own: its result does not depend on the others."""

    @abstractmethod
    def integrate(
        self, velocity: Velocity, x: Float[Tensor, "b ..."], *, start: float, end: float
    ) -> Float[Tensor, "b ..."]:
        """Carry x from time `start` to time `end`, both in [0, 1], in either direction.

        Raises:
            SamplerError: The velocity is not finite, or an adaptive sampler gives up.
        """
