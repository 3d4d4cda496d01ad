"""SimCLR: each view is to find the other one of its sample among all views of the batch.

    loss = mean over 2 b views i of  -log( exp(s_ij / T) / sum_{k != i} exp(s_ik / T) ),
    s the cosine of two anchors, j the other view of the sample, T the temperature

Source: arXiv:2002.05709, equation 1. Dimensions: b batch, q anchor size.
"""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from lzn_dsl.registry.builtin.methods import SimclrSettings
from lzn_runtime.contrast.protocol import Contrast
from lzn_runtime.modalities.protocol import Encoder


class SimCLR(Contrast):
    """Contrast within the batch. `temperature` is above 0."""

    def __init__(self, *, temperature: float) -> None:
        super().__init__()
        self.temperature = temperature

    def loss(
        self, first: Float[Tensor, "b q"], second: Float[Tensor, "b q"], encoder: Encoder
    ) -> Float[Tensor, ""]:
        """Return the mean over both views. With a batch of one sample it is 0."""
        del encoder
        return contrast_of_pairs(first, second, temperature=self.temperature)


def contrast_of_pairs(
    first: Float[Tensor, "b q"], second: Float[Tensor, "b q"], *, temperature: float
) -> Float[Tensor, ""]:
    """Return the normalised, temperature-scaled cross-entropy of pairs of anchors."""
    count = len(first)
    views = functional.normalize(torch.cat([first, second]), dim=1)  # (2 b, q)
    cosines = views @ views.T / temperature  # (2 b, q) @ (q, 2 b)
    itself = torch.eye(2 * count, dtype=torch.bool, device=views.device)
    other = torch.arange(2 * count, device=views.device).roll(count)
    return functional.cross_entropy(cosines.masked_fill(itself, -torch.inf), other)


def build_simclr(settings: SimclrSettings, latent_dim: int) -> SimCLR:
    """Build the torch half of the method `simclr`."""
    del latent_dim
    return SimCLR(temperature=settings.temperature)
