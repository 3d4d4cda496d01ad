"""What a contrastive objective is: a loss of two views of a batch, perhaps with a memory.

Dimensions: b batch, q anchor size.
"""

from abc import ABC, abstractmethod

from jaxtyping import Float
from torch import Tensor, nn

from lzn_runtime.modalities.protocol import Encoder


class Contrast(nn.Module, ABC):
    """A loss that is low where two views of one sample have anchors of one direction.

    What it remembers from step to step is kept in buffers: they are saved with the model, and a
    step that is skipped puts them back.
    """

    def start(self, encoder: Encoder, key: int) -> None:
        """Begin to remember: `encoder` has the weights of the start, `key` decides all draws."""
        del encoder, key

    @abstractmethod
    def loss(
        self, first: Float[Tensor, "b q"], second: Tensor, encoder: Encoder
    ) -> Float[Tensor, ""]:
        """Return the mean loss of a batch.

        Args:
            first: Anchors of the first view.
            second: Anchors of the second one (b, q), or its samples where the method's settings say
                `second = "samples"`.
            encoder: The encoder that made the anchors.
        """
