"""Pictures: bytes in data, numbers in [-1, 1] in the model.

Dimensions: b batch, c channels, h w pixels.
"""

import torch
from jaxtyping import Float, Shaped, UInt8
from torch import Tensor

from lzn_dsl.registry.builtin.modalities import ImageSettings
from lzn_dsl.registry.entry import Kind, Sizes
from lzn_dsl.registry.registry import Registry
from lzn_runtime.loading import build_component
from lzn_runtime.modalities.protocol import Decoder, Encoder, Modality

_HALF_RANGE = 127.5


class ImageModality(Modality):
    """Pictures of one size.

    Args:
        encoder: From pictures to anchors.
        decoder: From latents to pictures, or None.
        shape: (channels, height, width) of a picture.
    """

    def __init__(
        self, encoder: Encoder, decoder: Decoder | None, *, shape: tuple[int, int, int]
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.shape = shape

    def finite_anchors(self) -> None:
        """Return None: there are too many pictures."""

    def to_model(self, column: Shaped[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """Return pictures, given as bytes, as float32 in [-1, 1].

        Raises:
            ValueError: The pictures are not bytes, or not of this modality's size.
        """
        if column.dtype != torch.uint8 or tuple(column.shape[1:]) != self.shape:
            raise ValueError(
                f"pictures must be uint8 of shape (b, {', '.join(map(str, self.shape))}), "
                f"got {column.dtype} of shape {tuple(column.shape)}"
            )
        return column.to(torch.float32) / _HALF_RANGE - 1

    def to_data(self, samples: Float[Tensor, "b c h w"]) -> UInt8[Tensor, "b c h w"]:
        """Return the pictures as bytes; numbers outside [-1, 1] are cut off."""
        return ((samples.clamp(-1, 1) + 1) * _HALF_RANGE).round().to(torch.uint8)


def build_image(settings: ImageSettings, sizes: Sizes, registry: Registry) -> ImageModality:
    """Build the torch half of the modality `image`; its size is that in `sizes`."""
    decoder = None
    if settings.decoder is not None:
        decoder = build_component(Kind.DECODER, settings.decoder, sizes, registry)
    sample = sizes.sample
    return ImageModality(
        build_component(Kind.ENCODER, settings.encoder, sizes, registry),
        decoder,
        shape=(sample["channels"], sample["height"], sample["width"]),
    )
