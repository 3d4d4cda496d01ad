"""The extractor `inception`: the network of FID, with weights from a file that the user names."""

import torch
from torch import Tensor

from lzn_dsl.registry.builtin.extractors import InceptionSettings
from lzn_runtime.evaluation.extractor import Judgement, Lessons
from lzn_runtime.evaluation.pretrained.extractor import Pretrained
from lzn_runtime.evaluation.pretrained.inception_network import SIDE, Inception
from lzn_runtime.evaluation.pretrained.resize import resize_as_tensorflow_1
from lzn_runtime.evaluation.pretrained.weights import fill, read_weights

_NAME = "inception"


def load(settings: InceptionSettings, lessons: Lessons) -> Pretrained:
    """Return the extractor.

    Raises EvaluationError: LZN805 where there is no such file, LZN806 for one of other weights.
    """
    weights = read_weights(lessons.folder / settings.weights, extractor=_NAME)
    with torch.device("meta"):  # no weights are drawn
        network = Inception()
    fill(network, weights, extractor=_NAME)
    network.to(lessons.device)

    def look(images: Tensor) -> Judgement:
        return network.look((resize_as_tensorflow_1(images.float(), side=SIDE) - 128) / 128)

    return Pretrained(
        look,
        image=lessons.image,
        device=lessons.device,
        identity={
            "name": _NAME,
            "settings": settings.model_dump(mode="json"),
            "sha256": weights.sha256,
            "weights": weights.file,
            "resized_to": [SIDE, SIDE],
            "resize": "bilinear as in TensorFlow 1, without antialiasing",
            "normalised": "(x - 128) / 128",
            "spatial": "first 7 channels of the first branch of Mixed_6d",
            "logits": "without bias",
        },
    )
