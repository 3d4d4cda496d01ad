"""What a task returns.

Dimensions: b samples, c classes, q latent size.
"""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class TaskResult:
    """The values of a task for b samples, on the model's device.

    Attributes:
        value: What the task yields: images uint8 (b, channels, height, width), labels int64 (b,),
            latents (b, q) or features (b, f).
        scores: Probability of each class (b, c), where the task yields labels.
        latents: The latents (b, q) that the value was made from, where there are any.
        names: The names of the labels, where the task yields labels that have names.
    """

    value: Tensor
    scores: Float[Tensor, "b c"] | None = None
    latents: Float[Tensor, "b q"] | None = None
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.value)
