"""A modality of whole numbers that conforms: tokens, decoded one by one, with no inverse."""

import torch
from torch import Tensor, nn

from helpers.toy_modality import ToyModality
from helpers.toy_settings import TokenSettings
from lzn_dsl.registry.entry import Sizes
from lzn_dsl.registry.registry import Registry
from lzn_runtime import randomness
from lzn_runtime.flow.sampler import Sampler
from lzn_runtime.modalities.protocol import Decoder, Encoder, Modality


class TokenEncoder(Encoder):
    def __init__(self, length: int, tokens: int, latent_dim: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(tokens, 8)
        self.head = nn.Linear(length * 8, latent_dim)

    def features(self, samples: Tensor) -> Tensor:
        features: Tensor = self.embedding(samples).flatten(1)
        return features

    def forward(self, samples: Tensor) -> Tensor:
        anchors: Tensor = self.head(self.features(samples))
        return anchors


class TokenDecoder(Decoder):
    def __init__(self, length: int, tokens: int, latent_dim: int) -> None:
        super().__init__()
        self.shape = (length, tokens)
        self.scores = nn.Linear(latent_dim, length * tokens)

    def log_probs(self, latents: Tensor) -> Tensor:
        scores: Tensor = self.scores(latents)
        return scores.view(-1, *self.shape).log_softmax(-1)

    def loss(
        self, samples: Tensor, latents: Tensor, *, classes: Tensor | None, key: int, index: Tensor
    ) -> Tensor:
        return -self.log_probs(latents).gather(2, samples[..., None]).mean((1, 2))

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
        gumbel = -(-randomness.uniform(key, index, self.shape).log()).log()
        return (self.log_probs(latents) + gumbel).argmax(-1)

    def invert(
        self,
        samples: Tensor,
        latents: Tensor,
        *,
        classes: Tensor | None,
        sampler: Sampler | None = None,
    ) -> Tensor:
        raise ValueError("tokens have no noise to return to")


class TokenModality(ToyModality):
    def to_model(self, column: Tensor) -> Tensor:
        return column.to(torch.int64)

    def to_data(self, samples: Tensor) -> Tensor:
        return samples.to(torch.uint8)


def build_tokens(settings: TokenSettings, sizes: Sizes, registry: Registry) -> Modality:
    """Build the torch half of the modality `tokens`."""
    layers = (sizes.sample["length"], sizes.sample["tokens"], sizes.latent_dim)
    return TokenModality(TokenEncoder(*layers), TokenDecoder(*layers))
