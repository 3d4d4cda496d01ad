"""Built-in encoders: networks from samples to anchors. Torch-free half."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from lzn_dsl.registry.builtin.layers import (
    conv2d,
    elementwise,
    group_norm,
    halved,
    linear,
    total,
)
from lzn_dsl.registry.entry import Cost, Entry, Kind, Sizes
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Settings

Width = Annotated[int, Field(ge=1, le=4096)]
Stride = Annotated[int, Field(ge=1, le=2)]


class ConvSettings(Settings):
    """A small convolutional encoder: levels of (3x3 convolution, group norm, ReLU), then a head."""

    positional: ClassVar[tuple[str, ...]] = ("widths",)

    widths: list[Width] = Field(
        default=[32, 64, 64], min_length=1, max_length=8, description="Channels of each level."
    )
    strides: list[Stride] | None = Field(
        default=None,
        description="Per level, 2 to halve the picture, 1 not to; by default all levels halve but "
        "one: the first up to 16 pixels a side, else the last.",
    )
    blocks: int = Field(default=1, ge=1, le=8, description="Convolutions in each level.")
    residual: bool = Field(
        default=False, description="Add each level's input to the output of its convolutions."
    )
    head: Literal["flatten", "mean"] = Field(
        default="flatten", description="Features: the last level's pixels, or their mean."
    )
    hidden: int = Field(
        default=0, ge=0, le=8192, description="Width of a hidden layer in the head; 0 for none."
    )
    anchors: Literal["free", "sphere"] = Field(
        default="free", description="Anchors anywhere, or on the sphere of radius sqrt(dim)."
    )
    scale: float = Field(
        default=1.0, ge=1e-3, le=1e3, description="Factor from the head's output to anchors."
    )

    @model_validator(mode="after")
    def _one_stride_per_level(self) -> Self:
        if self.strides is not None and len(self.strides) != len(self.widths):
            raise ValueError(
                f"strides must have one number per level: widths has {len(self.widths)}, "
                f"strides {len(self.strides)}"
            )
        return self

    def levels(self, height: int, width: int) -> list[tuple[int, int]]:
        """Return (channels, stride) of each level for pictures of that size."""
        halving = [2] * (len(self.widths) - 1)
        small = max(height, width) <= 16
        strides = self.strides or ([1, *halving] if small else [*halving, 1])
        return list(zip(self.widths, strides, strict=True))


def conv_cost(settings: ConvSettings, sizes: Sizes, registry: Registry) -> Cost:
    """Cost of the convolutional encoder for one picture."""
    del registry
    height, width = sizes.sample["height"], sizes.sample["width"]
    channels = sizes.sample["channels"]
    costs: list[Cost] = []
    area = height * width
    for out, stride in settings.levels(height, width):
        level_in = channels
        for block in range(settings.blocks):
            costs.append(conv2d(channels, out, area=area))
            if block == 0 and stride == 2:
                # Max-pooling keeps its input and the 64-bit place of each maximum.
                costs.append(elementwise(out, area=area))
                height, width = halved(height), halved(width)
                area = height * width
                costs.append(elementwise(2 * out, area=area))
            costs.append(group_norm(out, area=area))
            channels = out
        if settings.residual:
            costs.append(elementwise(out, area=area))  # the sum: the next level reads another
            if level_in != out:
                costs.append(conv2d(level_in, out, area=area, kernel=1))
    if not settings.residual:
        costs.append(elementwise(channels, area=area))
    pixels = area if settings.head == "flatten" else 1
    return total(*costs, _head_cost(settings, channels * pixels, sizes.latent_dim))


def _head_cost(settings: ConvSettings, features: int, latent_dim: int) -> Cost:
    if not settings.hidden:
        return linear(features, latent_dim)
    return linear(features, settings.hidden) + linear(settings.hidden, latent_dim)


ENTRIES: tuple[Entry, ...] = (
    Entry(
        kind=Kind.ENCODER,
        name="conv",
        help="Small convolutional encoder of pictures.",
        settings=ConvSettings,
        factory="lzn_runtime.networks.conv:build_conv",
        cost=conv_cost,
    ),
)
