"""Built-in datasets: settings, and what is known of each without reading a sample."""

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from lzn_dsl.datafiles import digits
from lzn_dsl.datafiles.split import held_out
from lzn_dsl.registry.entry import Column, DatasetInfo
from lzn_dsl.registry.settings import Settings

DIGIT_NAMES = tuple("0123456789")
FASHION_NAMES = (
    "t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag",
    "ankle-boot",
)  # fmt: skip

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
