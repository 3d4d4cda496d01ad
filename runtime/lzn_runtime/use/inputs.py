"""Image files as samples of a trained model's modality."""

from collections.abc import Sequence
from pathlib import Path

import torch
from jaxtyping import UInt8
from torch import Tensor

from lzn_dsl.diagnostics.diagnostic import DataError, Diagnostic
from lzn_dsl.planning.plan import ModalityPlan
from lzn_runtime.data.image_file import UnreadableImageError, read_image

_MAX_PIXELS = 100_000_000


def read_pictures(paths: Sequence[Path], modality: ModalityPlan) -> UInt8[Tensor, "b c h w"]:
    """Return picture files as samples of an image modality, cut and resized to its size.

    Raises DataError (LZN507) that names every file that cannot be used.
    """
    sample = modality.sample
    height, width, channels = sample["height"], sample["width"], sample["channels"]
    pictures: list[Tensor] = []
    found: list[Diagnostic] = []
    for path in paths:
        try:
            pictures.append(
                read_image(
                    path, height=height, width=width, channels=channels, max_pixels=_MAX_PIXELS
                )
            )
        except FileNotFoundError:
            found.append(Diagnostic("LZN507", f"`{path}` does not exist"))
        except UnreadableImageError as failure:
            found.append(Diagnostic("LZN507", f"`{path}` {failure}"))
    if found:
        raise DataError(found)
    return torch.stack(pictures)
