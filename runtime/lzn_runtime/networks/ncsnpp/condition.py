"""Joins latent, class vector and time into one embedding: Dense, SiLU, Dense, SiLU.

Dimensions: b batch, q latent size, c classes, e embedding.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import silu

from lzn_runtime.networks.embedding import check_class_vectors
from lzn_runtime.networks.ncsnpp.layers import Dense
from lzn_runtime.networks.ncsnpp.times import FourierTime, PositionalTime


class Condition(nn.Module):
    """The embedding that every residual block is told.

    Args:
        time: Features of the time.
        latent_dim: Dimension of the latent.
        num_classes: Length of the class vector; 0 for none.
        embedding_dim: Size of the embedding.
    """

    def __init__(
        self,
        time: PositionalTime | FourierTime,
        *,
        latent_dim: int,
        num_classes: int,
        embedding_dim: int,
    ) -> None:
        super().__init__()
        self.num_classes = num_classes
        self.time = time
        self.joined = Dense(latent_dim + num_classes + time.num_features, embedding_dim)
        self.hidden = Dense(embedding_dim, embedding_dim)

    def forward(
        self,
        t: Float[Tensor, " b"],
        latents: Float[Tensor, "b q"],
        classes: Float[Tensor, "b c"] | None,
    ) -> Float[Tensor, "b e"]:
        """Return the embedding; `t` in [0, 1].

        Raises:
            ValueError: `classes` is missing, is not wanted, or has another number of classes.
        """
        check_class_vectors(classes, self.num_classes)
        parts = [latents] if classes is None else [latents, classes.to(latents.dtype)]
        joined = self.joined(torch.cat((*parts, self.time(t)), dim=1))
        embedding: Tensor = silu(self.hidden(silu(joined)))
        return embedding
