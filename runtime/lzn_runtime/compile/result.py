"""What a task returns.

Dimensions: n samples that the task was given, v = n many rows of its result, c classes, k
candidates, q latent size.
"""

from dataclasses import dataclass

from jaxtyping import Float, Int
from torch import Tensor

from lzn_dsl.semantics.types import ValueKind


@dataclass(frozen=True)
class TaskResult:
    """The values of a task for n samples, on the model's device.

    A task may yield `many` rows for each sample it is given; those of one sample follow each other.

    Attributes:
        value: What the task yields: images uint8 (v, channels, height, width), labels int64 (v,),
            latents (v, q), features (v, f), scores from 0 to 1 (v,), or for a ranking the
            candidates (v, k), best first: classes, or rows of the training data.
        scores: Probability of each class (v, c), where the task yields labels; of each candidate
            (v, k), where it yields a ranking.
        latents: The latents (v, q) that the value was made from, where there are any.
        names: The names of the classes, where the task yields or ranks classes that have names.
        kind: The type of the value.
        modality: The modality of the value, or the one that is ranked.
        many: Rows of the result for each sample.
        tries: Draws that each row took (v,), where zones of several samples had to meet.
    """

    value: Tensor
    scores: Float[Tensor, "v c"] | None = None
    latents: Float[Tensor, "v q"] | None = None
    names: tuple[str, ...] = ()
    kind: ValueKind = "sample"
    modality: str | None = None
    many: int = 1
    tries: Int[Tensor, " v"] | None = None

    def __len__(self) -> int:
        return len(self.value)

    @property
    def grouped(self) -> Tensor:
        """The value with the rows of each sample in a dimension of their own (n, many, ...)."""
        return self.value.view(-1, self.many, *self.value.shape[1:])

    @property
    def acceptance(self) -> float | None:
        """The share of the draws that lay where zones meet; None where none had to."""
        return None if self.tries is None else len(self.tries) / int(self.tries.sum())
