"""What a modality's torch half is: an encoder into the latent space and a decoder out of it.

All randomness comes through `key` and `index`, never from torch's global state: row i of a result
depends on sample i, the key and `index[i]` alone, where `index` is the sample's global index.
Samples are what `Modality.to_model` makes of a dataset's column. A sample's result must not depend
on its batch mates: no statistics over the batch.

Dimensions: b batch, q latent size, f features, c classes.
"""

from abc import ABC, abstractmethod

from jaxtyping import Float, Int
from torch import Tensor, nn

from lzn_runtime.flow.sampler import Sampler


class Encoder(nn.Module, ABC):
    """From samples to anchors."""

    @abstractmethod
    def forward(self, samples: Tensor) -> Float[Tensor, "b q"]:
        """Return the anchor of each sample."""

    @abstractmethod
    def features(self, samples: Tensor) -> Float[Tensor, "b f"]:
        """Return the embedding of each sample: what the head that makes anchors reads."""


class Decoder(nn.Module, ABC):
    """From latents to samples, trained by a loss of its own.

    `classes` is the class vector (one-hot, or probabilities) for decoders that were built for one
    (`Sizes.num_classes` above 0), else None.
    """

    @abstractmethod
    def loss(
        self,
        samples: Tensor,
        latents: Float[Tensor, "b q"],
        *,
        classes: Float[Tensor, "b c"] | None,
        key: int,
        index: Int[Tensor, " b"],
    ) -> Float[Tensor, " b"]:
        """Return the loss of each sample, given its latent."""

    @abstractmethod
    def sample(
        self,
        latents: Float[Tensor, "b q"],
        *,
        classes: Float[Tensor, "b c"] | None,
        key: int,
        index: Int[Tensor, " b"],
        noise: Tensor | None = None,
        sampler: Sampler | None = None,
    ) -> Tensor:
        """Draw a sample for each latent, from `noise` where given, by `sampler` or its own."""

    @abstractmethod
    def invert(
        self,
        samples: Tensor,
        latents: Float[Tensor, "b q"],
        *,
        classes: Float[Tensor, "b c"] | None,
        sampler: Sampler | None = None,
    ) -> Tensor:
        """Return the noise from which `sample` draws the samples, given the same latents.

        Raises:
            ValueError: This kind of decoder cannot be inverted.
        """


class ClassDecoder(nn.Module, ABC):
    """From latents to probabilities of finitely many classes; trained by alignment alone."""

    @abstractmethod
    def decode(self, latents: Float[Tensor, "b q"]) -> Float[Tensor, "b c"]:
        """Return the log-probability of each class; the largest is the latent's class."""


class Modality(nn.Module, ABC):
    """A data type: its encoder, its decoder if it has one, and its preprocessing."""

    encoder: Encoder
    decoder: Decoder | ClassDecoder | None

    @abstractmethod
    def finite_anchors(self) -> Float[Tensor, "c q"] | None:
        """Return the anchors of all samples there can be, where they are finitely many."""

    @abstractmethod
    def to_model(self, column: Tensor) -> Tensor:
        """Return samples as the model takes them, from a batch of a dataset's column."""

    @abstractmethod
    def to_data(self, samples: Tensor) -> Tensor:
        """Return samples as a dataset's column holds them."""
