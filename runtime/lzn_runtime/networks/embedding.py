"""Embedding of the flow's time and of what conditions it.

t in [0, 1] (0: noise, 1: data) is told as sines and cosines of geometric frequencies,

    [sin(w_k t), cos(w_k t)],   w_k from pi / 2 (a quarter turn over the flow) to 32 pi,

which are finite and smooth everywhere. The one-hot class vector is scaled to the mean square of a
latent, 1, so that neither drowns the other at the start.

Dimensions: b batch, q latent size, c classes, e embedding.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn

_LOWEST, _HIGHEST = math.pi / 2, 32 * math.pi


class TimeFeatures(nn.Module):
    """Sines and cosines of the time. No parameters.

    Args:
        num_features: Even number of features, 2 or more.
    """

    frequencies: Tensor

    def __init__(self, num_features: int) -> None:
        super().__init__()
        if num_features < 2 or num_features % 2:
            raise ValueError(f"num_features must be even and 2 or more, got {num_features}")
        exponents = torch.linspace(math.log(_LOWEST), math.log(_HIGHEST), num_features // 2)
        self.register_buffer("frequencies", exponents.exp(), persistent=False)

    def forward(self, t: Float[Tensor, " b"]) -> Float[Tensor, "b f"]:
        """Return the features of each time, in [-1, 1]."""
        angles = t[:, None] * self.frequencies  # (b, f / 2)
        return torch.cat((angles.sin(), angles.cos()), dim=1)


class ConditionEmbedding(nn.Module):
    """Joins time, latent and class vector into one vector: Linear, SiLU, Linear, SiLU."""

    def __init__(
        self, *, num_features: int, latent_dim: int, num_classes: int, embedding_dim: int
    ) -> None:
        super().__init__()
        self.num_classes = num_classes
        self.time = TimeFeatures(num_features)
        self.joined = nn.Linear(num_features + latent_dim + num_classes, embedding_dim)
        self.hidden = nn.Linear(embedding_dim, embedding_dim)

    def forward(
        self,
        t: Float[Tensor, " b"],
        latents: Float[Tensor, "b q"],
        classes: Float[Tensor, "b c"] | None,
    ) -> Float[Tensor, "b e"]:
        """Return the embedding.

        Raises:
            ValueError: `classes` is missing, is not wanted, or has another number of classes.
        """
        check_class_vectors(classes, self.num_classes)
        parts = [self.time(t), latents]
        if classes is not None:
            parts.append(classes.to(latents.dtype) * math.sqrt(self.num_classes))
        h = nn.functional.silu(self.joined(torch.cat(parts, dim=1)))
        embedding: Tensor = nn.functional.silu(self.hidden(h))
        return embedding


def check_class_vectors(classes: Float[Tensor, "b c"] | None, wanted: int) -> None:
    """Raise ValueError unless the class vectors have the wanted length; 0 for none."""
    given = 0 if classes is None else classes.shape[1]
    if given != wanted:
        raise ValueError(
            f"the network was built for class vectors of length {wanted} (0: none), got {given}"
        )
