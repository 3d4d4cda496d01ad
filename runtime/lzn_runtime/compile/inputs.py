"""What people give to a task, as batches of dataset columns.

    labels   a class by name or number, or a list or array of them      -> int64 (n,)
    images   tensor, array or PIL image, or a list of such              -> uint8 (n, c, h, w)

Images of uint8 are 0 to 255, floating ones 0 to 1. Tensors are (c, h, w) or (n, c, h, w), and may
leave out c where it is 1; arrays and PIL images may have their channels last. Nothing is resized:
an image of another size is an error.

Dimensions: n samples, c channels, h height, w width.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Int, UInt8
from PIL import Image
from torch import Tensor

from lzn_dsl.diagnostics.suggest import suggest
from lzn_dsl.planning.plan import ModalityPlan

Labels = str | int | Sequence[str | int] | Tensor | np.ndarray[Any, Any]
"""What may be given for classes."""
Images = Tensor | np.ndarray[Any, Any] | Image.Image | Sequence[Any]
"""What may be given for images."""


def input_type(modality: ModalityPlan) -> Any:
    """Return the type of what may be given for a modality."""
    if "discrete" in modality.capabilities:
        return Labels
    return Images if modality.component.name == "image" else Tensor


def to_column(value: Any, modality: ModalityPlan) -> Tensor:
    """Return what a person gave for a modality as a batch of its column.

    Tensors of modalities other than images and labels are passed on as they are. Raises ValueError
    for values that are none of the modality.
    """
    if "discrete" in modality.capabilities:
        return _labels(value, modality)
    if modality.component.name == "image":
        return _images(value, modality)
    if not isinstance(value, Tensor):
        raise ValueError(  # noqa: TRY004  # one kind of error for whatever people give
            f"`{modality.name}` must be a tensor, got {type(value).__name__}"
        )
    return value


def _labels(value: Any, modality: ModalityPlan) -> Int[Tensor, " n"]:
    if isinstance(value, Tensor | np.ndarray):
        value = value.detach().cpu() if isinstance(value, Tensor) else value
        values = list(np.atleast_1d(np.asarray(value)).tolist())
    elif isinstance(value, str) or not isinstance(value, Sequence):
        values = [value]
    else:
        values = list(value)
    if not values:
        raise ValueError(f"`{modality.name}` needs at least one class")
    return torch.tensor([_label(v, modality) for v in values], dtype=torch.int64)


def _label(value: Any, modality: ModalityPlan) -> int:
    count = modality.sample["classes"]
    if isinstance(value, str):
        if value in modality.names:
            return modality.names.index(value)
        if not modality.names and value.isdecimal():
            return _label(int(value), modality)
        raise ValueError(_unknown(value, modality))
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise ValueError(  # noqa: TRY004
            f"a class of `{modality.name}` is a name or a whole number, got {value!r}"
        )
    if not 0 <= value < count:
        raise ValueError(f"classes of `{modality.name}` are 0 to {count - 1}, got {value}")
    return int(value)


def _unknown(value: str, modality: ModalityPlan) -> str:
    if not modality.names:
        count = modality.sample["classes"]
        return f"classes of `{modality.name}` have no names: 0 to {count - 1}, got `{value}`"
    shown = ", ".join(f"`{name}`" for name in modality.names[:20])
    more = ", ..." if len(modality.names) > 20 else ""
    hint = suggest(value, modality.names)
    guess = f"; {hint}" if hint else ""
    return f"`{value}` is no class of `{modality.name}`{guess} (classes: {shown}{more})"


def _images(value: Any, modality: ModalityPlan) -> UInt8[Tensor, "n c h w"]:
    if isinstance(value, list | tuple):
        if not value:
            raise ValueError(f"`{modality.name}` needs at least one image")
        return torch.cat([_images(v, modality) for v in value])
    if isinstance(value, Image.Image):
        value = _from_pil(value, modality)
    if isinstance(value, np.ndarray):
        value = _from_array(value, modality)
    if not isinstance(value, Tensor):
        raise ValueError(  # noqa: TRY004
            f"`{modality.name}` must be a tensor, an array, a PIL image or a list of them, "
            f"got {type(value).__name__}"
        )
    return _bytes(_batched(value.detach(), modality), modality)


def _from_pil(image: Image.Image, modality: ModalityPlan) -> np.ndarray[Any, Any]:
    channels = modality.sample["channels"]
    mode = {1: "L", 3: "RGB", 4: "RGBA"}.get(channels)
    if mode is None:
        raise ValueError(f"`{modality.name}` has {channels} channels: give tensors, not PIL images")
    return np.array(image.convert(mode))


def _from_array(array: np.ndarray[Any, Any], modality: ModalityPlan) -> Tensor:
    """Return an array as a tensor, channels first where they were last."""
    if array.dtype == np.float64:
        array = array.astype(np.float32)
    try:
        tensor = torch.from_numpy(np.ascontiguousarray(array))
    except TypeError as error:
        raise ValueError(f"an array of {array.dtype} is no image") from error
    wanted = _shape(modality)
    last = (*wanted[1:], wanted[0])
    if tensor.ndim >= 3 and tuple(tensor.shape[-3:]) == last and last != wanted:
        return tensor.movedim(-1, -3)
    return tensor


def _batched(image: Tensor, modality: ModalityPlan) -> Tensor:
    """Return (n, c, h, w), the batch and a single channel added where they were left out."""
    wanted = _shape(modality)
    if tuple(image.shape[-3:]) == wanted and image.ndim in (3, 4):
        return image.reshape(-1, *wanted)
    if wanted[0] == 1 and tuple(image.shape[-2:]) == wanted[1:] and image.ndim in (2, 3):
        return image.reshape(-1, *wanted)
    channels, height, width = wanted
    raise ValueError(
        f"`{modality.name}` must have {channels} channels, height {height} and width {width}: "
        f"shape ({channels}, {height}, {width}) or a batch of such, got {tuple(image.shape)}"
    )


def _bytes(images: Tensor, modality: ModalityPlan) -> UInt8[Tensor, "n c h w"]:
    if len(images) == 0:
        raise ValueError(f"`{modality.name}` needs at least one image")
    if images.dtype == torch.uint8:
        return images
    if not images.is_floating_point():
        raise ValueError(
            f"`{modality.name}` must be uint8 in 0 to 255 or floating in 0 to 1, got {images.dtype}"
        )
    if not bool(((images >= 0) & (images <= 1)).all()):  # not-a-number fails this too
        low, high = float(images.min()), float(images.max())
        raise ValueError(f"a floating `{modality.name}` must be in 0 to 1, got {low:g} to {high:g}")
    return (images.to(torch.float32) * 255).round().to(torch.uint8)


def _shape(modality: ModalityPlan) -> tuple[int, int, int]:
    sample = modality.sample
    return sample["channels"], sample["height"], sample["width"]
