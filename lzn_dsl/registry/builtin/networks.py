"""Built-in networks that decoders are made of. Torch-free half."""

from typing import Annotated, ClassVar

from pydantic import Field

from lzn_dsl.registry.builtin.layers import (
    attention,
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

TIME_FEATURES = 32
"""Number of sines and cosines that tell a network the time of the flow."""

Multiple = Annotated[int, Field(ge=1, le=16)]


class UNetSettings(Settings):
    """A small U-Net: residual blocks at falling resolution and back, told time and condition."""

    positional: ClassVar[tuple[str, ...]] = ("width",)

    width: int = Field(default=32, ge=4, le=1024, description="Channels of the finest level.")
    mults: list[Multiple] = Field(
        default=[1, 2],
        min_length=1,
        max_length=6,
        description="Channels of each level, in multiples of width; each level halves the picture.",
    )
    blocks: int = Field(
        default=1, ge=1, le=8, description="Residual blocks in each level, on each side."
    )
    embedding: int = Field(
        default=128, ge=8, le=4096, description="Size of the embedding of time and condition."
    )
    attention: bool = Field(
        default=False, description="Self-attention at the coarsest level, after its first block."
    )
    patch: int | None = Field(
        default=None,
        ge=1,
        le=8,
        description="Side of the squares of pixels that the finest level treats as one; by default "
        "1 up to 16 pixels a side, 2 up to 48, else 4.",
    )

    def patch_for(self, height: int, width: int) -> int:
        """Return the side of a patch for pictures of that size."""
        if self.patch is not None:
            return self.patch
        side = max(height, width)
        return 1 if side <= 16 else 2 if side <= 48 else 4


def unet_cost(settings: UNetSettings, sizes: Sizes, registry: Registry) -> Cost:
    """Cost of one evaluation of the U-Net for one picture."""
    del registry
    height, width = sizes.sample["height"], sizes.sample["width"]
    patch = settings.patch_for(height, width)
    height, width = -(-height // patch), -(-width // patch)
    pixels = sizes.sample["channels"] * patch * patch
    base, embedding = settings.width, settings.embedding
    costs = [
        linear(TIME_FEATURES + sizes.latent_dim + sizes.num_classes, embedding),
        linear(embedding, embedding),
        elementwise(2 * embedding),
        conv2d(pixels, base, area=height * width),
    ]
    channels, areas = base, []
    for level, mult in enumerate(settings.mults):
        if level > 0:
            costs.append(elementwise(channels, area=height * width))
            height, width = halved(height), halved(width)
        areas.append(height * width)
        for _ in range(settings.blocks):
            costs.append(_block_cost(channels, base * mult, embedding, area=areas[-1]))
            channels = base * mult
    costs.append(_block_cost(channels, channels, embedding, area=areas[-1]))
    if settings.attention:
        costs.append(attention(channels, area=areas[-1]))
    for mult, area in zip(reversed(settings.mults), reversed(areas), strict=True):
        channels += base * mult
        for _ in range(settings.blocks):
            costs.append(_block_cost(channels, base * mult, embedding, area=area))
            channels = base * mult
    costs += [
        group_norm(channels, area=areas[0]),
        elementwise(channels, area=areas[0]),
        conv2d(channels, pixels, area=areas[0]),
    ]
    return total(*costs)


def _block_cost(channels_in: int, channels_out: int, embedding: int, *, area: int) -> Cost:
    skip = Cost()
    if channels_in != channels_out:
        skip = conv2d(channels_in, channels_out, area=area, kernel=1)
        skip = Cost(skip.parameters, skip.flops)  # it reads what the first norm keeps
    return total(
        group_norm(channels_in, area=area),
        elementwise(channels_in, area=area),
        conv2d(channels_in, channels_out, area=area),
        linear(embedding, 2 * channels_out),
        group_norm(channels_out, area=area),
        elementwise(2 * channels_out, area=area),
        conv2d(channels_out, channels_out, area=area),
        skip,
    )


ENTRIES: tuple[Entry, ...] = (
    Entry(
        kind=Kind.NETWORK,
        name="unet",
        help="Small U-Net conditioned on time, latent and classes.",
        settings=UNetSettings,
        factory="lzn_runtime.networks.unet:build_unet",
        cost=unet_cost,
    ),
)
