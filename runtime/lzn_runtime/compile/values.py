"""The values of a task's steps while it runs.

Dimensions: r rows that the task is given, v = r many rows of a value, k candidates.
"""

from dataclasses import dataclass, fields, replace

import torch
from jaxtyping import Int
from torch import Tensor


@dataclass(frozen=True)
class Value:
    """What a step yields: `many` rows for each row of the task, those of one row together.

    Attributes:
        data: Samples as the model takes them, latents, features, scores, or for a ranking the
            candidates, best first (v, k).
        index: What decides the noise of a row, beside the seed (v,).
        many: Rows for each row of the task.
        noise: Of a latent that was inverted: what its decoder starts from.
        scores: Probability of each class, or of each candidate.
        latents: The latents that it was made from.
        tries: Draws that it took until zones were found to meet.
    """

    data: Tensor
    index: Int[Tensor, " v"]
    many: int = 1
    noise: Tensor | None = None
    scores: Tensor | None = None
    latents: Tensor | None = None
    tries: Int[Tensor, " v"] | None = None

    def spread(self, many: int) -> "Value":
        """Return the value with as many rows for each row of the task, each repeated."""
        times = many // self.many
        if times == 1:
            return self
        tensors = {
            field.name: value.repeat_interleave(times, 0)
            for field in fields(self)
            if isinstance(value := getattr(self, field.name), Tensor)
        }
        return replace(self, many=many, **tensors)

    def apart(self, times: int) -> "Value":
        """Return the value with each row repeated, every copy with noise of its own."""
        if times == 1:
            return self
        copies = torch.arange(times, device=self.index.device)
        index = (self.index[:, None] * times + copies).flatten()
        return replace(self.spread(self.many * times), index=index)
