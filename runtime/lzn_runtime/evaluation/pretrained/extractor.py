"""An extractor with fixed weights. See `lzn_runtime.evaluation.extractor.Extractor`.

Dimensions: b pictures.
"""

from collections.abc import Callable

import torch
from jaxtyping import UInt8
from pydantic import JsonValue
from torch import Tensor

from lzn_runtime.evaluation.extractor import Judgement, join
from lzn_runtime.evaluation.pretrained.resize import to_colour

_JUDGED = 50
"""Pictures that are judged at a time."""


class Pretrained:
    """A network that was trained elsewhere; its classes, if any, are not those of the data.

    Args:
        look: What the network sees in pictures (b, 3, h, w) of any size, uint8 on the device.
        image: The column of pictures that it is for.
        device: Where it runs.
        identity: What it is.
    """

    label = None

    def __init__(
        self,
        look: Callable[[UInt8[Tensor, "b 3 h w"]], Judgement],
        *,
        image: str,
        device: torch.device,
        identity: dict[str, JsonValue],
    ) -> None:
        self._look = look
        self._device = device
        self.image = image
        self.identity = identity

    @torch.no_grad()
    def judge(self, images: UInt8[Tensor, "b channels h w"]) -> Judgement:
        """Return what it sees in pictures, on the CPU.

        Raises EvaluationError LZN807 for pictures of neither one nor three channels.
        """
        colour = to_colour(images, extractor=str(self.identity["name"]))
        parts = []
        for batch in torch.split(colour, _JUDGED):
            seen = self._look(batch.to(self._device))
            log_probs = None if seen.log_probs is None else seen.log_probs.cpu()
            spatial = None if seen.spatial is None else seen.spatial.cpu()
            parts.append(Judgement(seen.features.cpu(), log_probs, spatial))
        return join(parts)
