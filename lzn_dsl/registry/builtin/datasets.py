"""Built-in datasets that fit into memory: settings, and what is known without reading a sample.

`picture_datasets` has those whose pictures are decoded when asked for.
"""

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from lzn_dsl.datafiles import cifar, digits
from lzn_dsl.datafiles.mnist import FASHION_MNIST, MNIST, SIDE, SPLIT_SIZES, IdxSource, check_pair
from lzn_dsl.datafiles.split import held_out
from lzn_dsl.registry.entry import Column, DatasetInfo, Entry, Kind
from lzn_dsl.registry.settings import Settings

DIGIT_NAMES = tuple("0123456789")
FASHION_NAMES = (
    "t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag",
    "ankle-boot",
)  # fmt: skip
CIFAR_NAMES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip
SHAPE_NAMES = ("disc", "square", "triangle", "cross")
COLORS = {
    "red": (255, 60, 60),
    "green": (60, 220, 60),
    "blue": (80, 110, 255),
    "yellow": (250, 220, 50),
    "purple": (200, 80, 230),
    "white": (255, 255, 255),
}

Root = Field(
    default=None,
    min_length=1,
    max_length=4096,
    description="Folder of the files, relative to the spec's; none for the usual places.",
)
Limit = Field(default=None, ge=1, le=10**9, description="Use only the first samples; none for all.")


class DigitsSettings(Settings):
    """scikit-learn's digits: 1797 pictures, 8 by 8, grey; comes with lzn_dsl."""

    positional: ClassVar[tuple[str, ...]] = ("split",)

    split: Literal["train", "test"] = Field(
        default="train", description="Which part: the held-out pictures are `test`."
    )
    holdout: float = Field(
        default=0.2, ge=0.01, le=0.9, description="Share that is held out, the same in each class."
    )
    split_seed: int = Field(
        default=0, ge=0, le=2**63 - 1, description="Which pictures are held out."
    )


class IdxSettings(Settings):
    """Pictures and labels in IDX files, 28 by 28, grey."""

    positional: ClassVar[tuple[str, ...]] = ("split",)

    split: Literal["train", "test"] = Field(
        default="train", description="Which part: 60,000 pictures to train on or 10,000 to test on."
    )
    root: str | None = Root
    limit: int | None = Limit


class CifarSettings(Settings):
    """CIFAR-10: pictures of things, 32 by 32, colour; Python (pickle) or binary version."""

    positional: ClassVar[tuple[str, ...]] = ("split",)

    split: Literal["train", "test"] = Field(
        default="train", description="Which part: 50,000 pictures to train on or 10,000 to test on."
    )
    root: str | None = Root
    limit: int | None = Limit


class ShapesSettings(Settings):
    """Drawn pictures of one coloured shape each, with two labels: its shape and its color."""

    positional: ClassVar[tuple[str, ...]] = ("split",)

    split: Literal["train", "test"] = Field(
        default="train", description="Which part: the two have no picture in common."
    )
    size: int = Field(default=16, ge=8, le=128, description="Height and width.")
    samples: int = Field(default=6000, ge=1, le=200_000, description="How many pictures.")
    seed: int = Field(default=0, ge=0, le=2**63 - 1, description="Which pictures are drawn.")


def columns(height: int, width: int, channels: int, names: tuple[str, ...]) -> dict[str, Column]:
    """Return the columns `image` and `label`."""
    size = {"height": height, "width": width, "channels": channels}
    return {
        "image": Column("image", size),
        "label": Column("label", {"classes": len(names), "names": list(names)}),
    }


def describe_digits(settings: DigitsSettings, folder: Path) -> DatasetInfo:  # noqa: ARG001
    """Describe scikit-learn's digits. Raises nothing."""
    tests = sum(held_out(digits.CLASS_COUNTS, settings.holdout))
    count = tests if settings.split == "test" else sum(digits.CLASS_COUNTS) - tests
    missing = ""
    if digits.find_digits() is None:
        missing = "scikit-learn's file datasets/data/digits.csv.gz; pip install scikit-learn"
    return DatasetInfo(columns(8, 8, 1, DIGIT_NAMES), count, missing)


def describe_shapes(settings: ShapesSettings, folder: Path) -> DatasetInfo:  # noqa: ARG001
    """Describe the drawn shapes. Raises nothing."""
    names = {"shape": SHAPE_NAMES, "color": tuple(COLORS)}
    side = settings.size
    facts = {"image": Column("image", {"height": side, "width": side, "channels": 3})}
    facts |= {
        name: Column("label", {"classes": len(words), "names": list(words)})
        for name, words in names.items()
    }
    return DatasetInfo(facts, settings.samples)


def describe_mnist(settings: IdxSettings, folder: Path) -> DatasetInfo:
    """Describe MNIST. Raises DataError LZN502 or LZN503 for files that are there but unusable."""
    return _describe_idx(settings, folder, MNIST, DIGIT_NAMES)


def describe_fashion_mnist(settings: IdxSettings, folder: Path) -> DatasetInfo:
    """Describe Fashion-MNIST. Raises DataError LZN502 or LZN503 for files that are unusable."""
    return _describe_idx(settings, folder, FASHION_MNIST, FASHION_NAMES)


def _describe_idx(
    settings: IdxSettings, folder: Path, source: IdxSource, names: tuple[str, ...]
) -> DatasetInfo:
    pair = source.find(settings.root, folder, settings.split)
    missing = pair if isinstance(pair, str) else ""
    count = SPLIT_SIZES[settings.split] if isinstance(pair, str) else check_pair(pair)
    return DatasetInfo(columns(SIDE, SIDE, 1, names), min(count, settings.limit or count), missing)


def describe_cifar10(settings: CifarSettings, folder: Path) -> DatasetInfo:
    """Describe CIFAR-10. Raises DataError LZN502 to LZN505 for files that are unusable."""
    files = cifar.find_cifar(settings.root, folder, settings.split)
    missing = files if isinstance(files, str) else ""
    if isinstance(files, str):
        count = cifar.BATCH_SIZE * (5 if settings.split == "train" else 1)
    else:
        count = cifar.count_samples(files)
    facts = columns(cifar.SIDE, cifar.SIDE, cifar.CHANNELS, CIFAR_NAMES)
    return DatasetInfo(facts, min(count, settings.limit or count), missing)


ENTRIES: tuple[Entry, ...] = (
    Entry(
        kind=Kind.DATASET,
        name="digits",
        help="1797 handwritten digits, 8 by 8, grey; comes with lzn_dsl",
        settings=DigitsSettings,
        factory="lzn_runtime.data.digits:open_digits",
        describe=describe_digits,
    ),
    Entry(
        kind=Kind.DATASET,
        name="shapes",
        help="drawn shapes with two labels, shape and color; needs no files",
        settings=ShapesSettings,
        factory="lzn_runtime.data.shapes:open_shapes",
        describe=describe_shapes,
    ),
    Entry(
        kind=Kind.DATASET,
        name="fashion_mnist",
        help="70,000 pictures of clothes in 10 classes, 28 by 28, grey",
        settings=IdxSettings,
        factory="lzn_runtime.data.mnist:open_fashion_mnist",
        describe=describe_fashion_mnist,
    ),
    Entry(
        kind=Kind.DATASET,
        name="mnist",
        help="70,000 handwritten digits, 28 by 28, grey",
        settings=IdxSettings,
        factory="lzn_runtime.data.mnist:open_mnist",
        describe=describe_mnist,
    ),
    Entry(
        kind=Kind.DATASET,
        name="cifar10",
        help="60,000 pictures of animals and vehicles in 10 classes, 32 by 32, colour",
        settings=CifarSettings,
        factory="lzn_runtime.data.cifar:open_cifar10",
        describe=describe_cifar10,
    ),
)
