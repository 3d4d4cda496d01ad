"""Built-in extractors: what turns pictures into features for metrics. Torch-free half."""

from typing import Annotated, ClassVar

from pydantic import Field

from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.registry.settings import Settings


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


ENTRIES: tuple[Entry, ...] = (
    Entry(
        kind=Kind.EXTRACTOR,
        name="classifier",
        help="A small classifier, trained on the training data apart from the model.",
        settings=ClassifierSettings,
        factory="lzn_runtime.evaluation.classifier:fit",
    ),
)
