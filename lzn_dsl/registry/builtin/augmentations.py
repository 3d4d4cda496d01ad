"""Built-in augmentations: small changes of pictures that leave their class alone."""

from typing import ClassVar, Literal

from pydantic import Field

from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.registry.settings import Settings


class ShiftSettings(Settings):
    """Move each picture by a random whole number of pixels, each direction as likely."""

    positional: ClassVar[tuple[str, ...]] = ("pixels",)

    pixels: int = Field(ge=1, le=1024, description="Largest move, up, down, left and right.")
    padding: Literal["zero", "edge"] = Field(
        default="zero", description="What comes in at the border: zeros, or the border repeated."
    )


class FlipSettings(Settings):
    """Mirror pictures, left to right."""

    positional: ClassVar[tuple[str, ...]] = ("probability",)

    probability: float = Field(default=0.5, ge=0, le=1, description="Share that is mirrored.")


ENTRIES: tuple[Entry, ...] = (
    Entry(
        kind=Kind.AUGMENTATION,
        name="shift",
        help="move pictures by a few pixels: shift(2)",
        settings=ShiftSettings,
        factory="lzn_runtime.data.augmentation:make_shift",
    ),
    Entry(
        kind=Kind.AUGMENTATION,
        name="flip",
        help="mirror half of the pictures, left to right",
        settings=FlipSettings,
        factory="lzn_runtime.data.augmentation:make_flip",
    ),
)
