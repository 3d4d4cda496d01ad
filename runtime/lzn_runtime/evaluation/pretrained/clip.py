"""The extractor `clip`: the image tower of CLIP, with weights from a file that the user names."""

import torch
from torch import Tensor
from torch.nn import functional

from lzn_dsl.registry.builtin.extractors import ClipSettings
from lzn_runtime.evaluation.extractor import Judgement, Lessons
from lzn_runtime.evaluation.pretrained.clip_names import tower
from lzn_runtime.evaluation.pretrained.clip_network import ImageTower, shape_of
from lzn_runtime.evaluation.pretrained.extractor import Pretrained
from lzn_runtime.evaluation.pretrained.resize import standardise, to_square
from lzn_runtime.evaluation.pretrained.weights import fill, read_weights, unfit

_NAME = "clip"
_CONSTANTS = ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711))
"""Means and deviations of the colours that CLIP was trained with."""


def load(settings: ClipSettings, lessons: Lessons) -> Pretrained:
    """Return the extractor.

    Raises EvaluationError: LZN805 where there is no such file, LZN806 for one of other weights.
    """
    read = read_weights(lessons.folder / settings.weights, extractor=_NAME)
    try:
        weights = read._replace(tensors=tower(read.tensors))
        shape = shape_of(weights.tensors)
    except KeyError as error:
        raise unfit(read.file, _NAME, f"it has no {error}") from error
    except ValueError as error:
        raise unfit(read.file, _NAME, str(error)) from error
    with torch.device("meta"):  # no weights are drawn
        network = ImageTower(shape, activation=settings.activation)
    fill(network, weights, extractor=_NAME)
    network.to(lessons.device)

    def look(images: Tensor) -> Judgement:
        x = standardise(to_square(images, side=shape.side, mode="bicubic"), _CONSTANTS)
        return Judgement(functional.normalize(network(x)))

    return Pretrained(
        look,
        image=lessons.image,
        device=lessons.device,
        identity={
            "name": _NAME,
            "settings": settings.model_dump(mode="json"),
            "sha256": read.sha256,
            "weights": read.file,
            "size": f"{shape.depth} layers of {shape.width}, patches of {shape.patch} pixels",
            "resized_to": [shape.side, shape.side],
            "resize": "bicubic, antialiased, to a square",
            "normalised": "by CLIP's means and deviations; embeddings to unit length",
        },
    )
