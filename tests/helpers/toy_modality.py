"""A small modality that conforms, with a Gaussian decoder."""

import torch
from torch import Tensor, nn

from helpers.toy_settings import ToySettings
from lzn_dsl.registry.entry import Sizes
from lzn_dsl.registry.registry import Registry
from lzn_runtime import randomness
from lzn_runtime.flow.sampler import Sampler
from lzn_runtime.modalities.protocol import Decoder, Encoder, Modality

STD = 0.1


class ToyEncoder(Encoder):
    """Two linear layers."""

    def __init__(self, size: int, hidden: int, latent_dim: int) -> None:
        super().__init__()
        self.first = nn.Linear(size, hidden)
        self.head = nn.Linear(hidden, latent_dim)

    def features(self, samples: Tensor) -> Tensor:
        return torch.tanh(self.first(samples))

    def forward(self, samples: Tensor) -> Tensor:
        anchors: Tensor = self.head(self.features(samples))
        return anchors


class ToyDecoder(Decoder):
    """A Gaussian of fixed width around the output of two linear layers."""

    def __init__(self, size: int, hidden: int, latent_dim: int) -> None:
        super().__init__()
        self.size = size
        self.first = nn.Linear(latent_dim, hidden)
        self.head = nn.Linear(hidden, size)

    def mean(self, latents: Tensor) -> Tensor:
        mean: Tensor = self.head(torch.tanh(self.first(latents)))
        return mean

    def loss(
        self,
        samples: Tensor,
        latents: Tensor,
        *,
        classes: Tensor | None,
        key: int,
        index: Tensor,
    ) -> Tensor:
        return (samples - self.mean(latents)).square().mean(1)

    def sample(
        self,
        latents: Tensor,
        *,
        classes: Tensor | None,
        key: int,
        index: Tensor,
        noise: Tensor | None = None,
        sampler: Sampler | None = None,
    ) -> Tensor:
        if noise is None:
            noise = randomness.normal(key, index, (self.size,))
        return self.mean(latents) + STD * noise

    def invert(
        self,
        samples: Tensor,
        latents: Tensor,
        *,
        classes: Tensor | None,
        sampler: Sampler | None = None,
    ) -> Tensor:
        return (samples - self.mean(latents)) / STD


class ToyModality(Modality):
    """Real vectors."""

    def __init__(self, encoder: Encoder, decoder: Decoder | None) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def finite_anchors(self) -> Tensor | None:
        return None

    def to_model(self, column: Tensor) -> Tensor:
        return column.to(torch.float32) / 2

    def to_data(self, samples: Tensor) -> Tensor:
        return samples * 2


def build_toy(settings: ToySettings, sizes: Sizes, registry: Registry) -> ToyModality:
    """Build the torch half of the modality `toy`."""
    layers = (sizes.sample["size"], settings.hidden, sizes.latent_dim)
    return ToyModality(ToyEncoder(*layers), ToyDecoder(*layers))
