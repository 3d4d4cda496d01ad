"""Class labels: one learned anchor per class; a latent's class is where its flow ends.

Dimensions: b batch, c classes, q latent size.
"""

import torch
from jaxtyping import Float, Int, Integer
from torch import Tensor, nn

from lzn_dsl.registry.builtin.modalities import LabelSettings
from lzn_dsl.registry.entry import Sizes
from lzn_dsl.registry.registry import Registry
from lzn_runtime.latent import LocalizationPEC, carry_to_anchors
from lzn_runtime.modalities.protocol import ClassDecoder, Encoder, Modality


class LabelEncoder(Encoder):
    """Looks up the anchor of each class.

    Args:
        num_classes: Number of classes, 2 or more.
        latent_dim: Dimension of the anchors.
        init_std: Standard deviation of the anchors at the start.
    """

    def __init__(self, num_classes: int, latent_dim: int, *, init_std: float = 1.0) -> None:
        super().__init__()
        self.init_std = init_std
        self.anchors = nn.Parameter(torch.empty(num_classes, latent_dim))  # (c, q)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the anchors from a normal distribution."""
        nn.init.normal_(self.anchors, std=self.init_std)

    def forward(self, samples: Int[Tensor, " b"]) -> Float[Tensor, "b q"]:
        """Return the anchor of each label."""
        return self.anchors[samples]  # (c, q) -> (b, q)

    def features(self, samples: Int[Tensor, " b"]) -> Float[Tensor, "b q"]:
        """Return the anchor of each label: a label has no other embedding."""
        return self.forward(samples)


class LabelDecoder(ClassDecoder):
    """Carries latents through the flow of the label anchors, all classes alike.

    Args:
        encoder: Holder of the anchors, which the decoder shares.
        num_steps: Steps of the flow.
    """

    def __init__(self, encoder: LabelEncoder, *, num_steps: int) -> None:
        super().__init__()
        self._shared = (encoder,)  # in a tuple, so that its parameters are not listed twice
        self.solver = LocalizationPEC(num_steps)

    def decode(self, latents: Float[Tensor, "b q"]) -> Float[Tensor, "b c"]:
        """Return the log-probability of each class at the end of the flow."""
        assignment = carry_to_anchors(latents, self._shared[0].anchors, solver=self.solver)
        return assignment.log_probs[-1]


class LabelModality(Modality):
    """Classes that exclude each other, numbered from 0."""

    def __init__(self, encoder: LabelEncoder, decoder: LabelDecoder) -> None:
        super().__init__()
        self.encoder: LabelEncoder = encoder
        self.decoder: LabelDecoder = decoder

    def finite_anchors(self) -> Float[Tensor, "c q"]:
        """Return the anchor of every class, in order."""
        return self.encoder.anchors

    def to_model(self, column: Integer[Tensor, " b"]) -> Int[Tensor, " b"]:
        """Return the labels as int64.

        Raises:
            ValueError: A label is not one of the classes.
        """
        labels = column.to(torch.int64)
        num_classes = self.encoder.anchors.shape[0]
        outside = (labels < 0) | (labels >= num_classes)
        if bool(outside.any()):
            raise ValueError(
                f"labels must be 0 to {num_classes - 1}, got {int(labels[outside][0])}"
            )
        return labels

    def to_data(self, samples: Int[Tensor, " b"]) -> Int[Tensor, " b"]:
        """Return the labels."""
        return samples


def build_label(settings: LabelSettings, sizes: Sizes, registry: Registry) -> LabelModality:
    """Build the torch half of the modality `label`; its number of classes is that in `sizes`."""
    del registry
    encoder = LabelEncoder(sizes.sample["classes"], sizes.latent_dim, init_std=settings.init_std)
    return LabelModality(encoder, LabelDecoder(encoder, num_steps=settings.steps))
