"""Built-in augmentations: small changes of pictures that leave their class alone.

Defaults of `crop`, `jitter`, `gray` and `blur` are those of MoCo v2 (arXiv:2003.04297), those of
`solarize` those of BYOL (arXiv:2006.07733).
"""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, field_validator

from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.registry.settings import Settings


def _least_and_most(values: list[float]) -> list[float]:
    if len(values) != 2 or values[0] > values[1]:
        raise ValueError("expected two numbers, the smaller first: `[0.2, 1]`")
    return values


Share = Annotated[float, Field(ge=0.01, le=1)]
Ratio = Annotated[float, Field(ge=0.1, le=10)]
Sigma = Annotated[float, Field(ge=0.01, le=32)]
Between = AfterValidator(_least_and_most)


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


class CropSettings(Settings):
    """Cut out a random part of each picture and enlarge it to the size of the picture."""

    positional: ClassVar[tuple[str, ...]] = ("scale",)

    scale: Annotated[list[Share], Between] = Field(
        default=[0.2, 1.0],
        description="Share of the area that is cut out, least and most; one number is the least.",
    )
    ratio: Annotated[list[Ratio], Between] = Field(
        default=[3 / 4, 4 / 3], description="Width over height of what is cut out, least and most."
    )

    @field_validator("scale", mode="before")
    @classmethod
    def _up_to_all(cls, value: object) -> object:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return [value, 1.0] if number else value


class JitterSettings(Settings):
    """Change brightness, contrast, saturation and hue, in this order, by random amounts."""

    positional: ClassVar[tuple[str, ...]] = ("brightness", "contrast", "saturation", "hue")

    brightness: float = Field(
        default=0.4, ge=0, le=4, description="The factor is from 1 - this, at least 0, to 1 + this."
    )
    contrast: float = Field(default=0.4, ge=0, le=4, description="As brightness.")
    saturation: float = Field(
        default=0.4, ge=0, le=4, description="As brightness; of three channels alone."
    )
    hue: float = Field(
        default=0.1,
        ge=0,
        le=0.5,
        description="Largest turn of the hue, in whole turns; of three channels alone.",
    )
    probability: float = Field(default=0.8, ge=0, le=1, description="Share that is changed.")


class GraySettings(Settings):
    """Make pictures of three channels grey."""

    positional: ClassVar[tuple[str, ...]] = ("probability",)

    probability: float = Field(default=0.2, ge=0, le=1, description="Share that is made grey.")


class BlurSettings(Settings):
    """Blur pictures by a Gaussian of random width."""

    positional: ClassVar[tuple[str, ...]] = ("probability",)

    sigma: Annotated[list[Sigma], Between] = Field(
        default=[0.1, 2.0],
        description="Standard deviation in pixels, least and most; meant for pictures of 224.",
    )
    probability: float = Field(default=0.5, ge=0, le=1, description="Share that is blurred.")


class SolarizeSettings(Settings):
    """Invert the bright pixels of pictures."""

    positional: ClassVar[tuple[str, ...]] = ("threshold", "probability")

    threshold: float = Field(
        default=0.5, ge=0, le=1, description="Values from here on are inverted; 1 is the brightest."
    )
    probability: float = Field(default=0.2, ge=0, le=1, description="Share that is changed.")


def _entry(name: str, settings: type[Settings], factory: str, help_: str) -> Entry:
    return Entry(
        kind=Kind.AUGMENTATION,
        name=name,
        help=help_,
        settings=settings,
        factory=f"lzn_runtime.data.{factory}",
    )


ENTRIES: tuple[Entry, ...] = (
    _entry(
        "shift",
        ShiftSettings,
        "augmentation:make_shift",
        "move pictures by a few pixels: shift(2)",
    ),
    _entry(
        "flip",
        FlipSettings,
        "augmentation:make_flip",
        "mirror half of the pictures, left to right",
    ),
    _entry(
        "crop",
        CropSettings,
        "crop:make_crop",
        "cut out a part, of 0.2 of the area or more, and enlarge it: crop(0.2)",
    ),
    _entry(
        "jitter",
        JitterSettings,
        "color:make_jitter",
        "change brightness, contrast, saturation and hue",
    ),
    _entry(
        "gray",
        GraySettings,
        "color:make_gray",
        "make a fifth of the pictures grey",
    ),
    _entry(
        "blur",
        BlurSettings,
        "blur:make_blur",
        "blur half of the pictures, by a little or a lot",
    ),
    _entry(
        "solarize",
        SolarizeSettings,
        "color:make_solarize",
        "invert the bright pixels of a fifth of the pictures",
    ),
)
