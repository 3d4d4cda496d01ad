"""What a training step yields, and the error that says it yields nothing.

Losses of several objectives are weighed and summed; see `training_step`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Losses:
    """Losses of one step.

    Attributes:
        total: Sum of the parts by their weights; what is minimised.
        parts: Mean loss of each objective, unweighted, by the objective's name.
    """

    total: Float[Tensor, ""]
    parts: Mapping[str, Float[Tensor, ""]]


class NotFiniteError(ArithmeticError):
    """A value of the step is not finite; the message names it."""
