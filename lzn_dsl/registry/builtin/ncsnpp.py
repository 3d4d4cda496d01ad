"""NCSN++ / DDPM++, the U-Net of the paper's image models: encoder and network. Torch-free half.

Sources: arXiv:2011.13456, appendix H; arXiv:2509.15591, appendix C.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from lzn_dsl.registry.builtin.layers import (
    conv2d,
    elementwise,
    group_norm,
    halved,
    linear,
    one_head_attention,
    total,
)
from lzn_dsl.registry.entry import Cost, Entry, Kind, Sizes
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Settings

EMBEDDING = 4
"""Size of the embedding of time and condition, in widths."""

Multiple = Annotated[int, Field(ge=1, le=16)]
Side = Annotated[int, Field(ge=1, le=4096)]


@dataclass(frozen=True)
class Level:
    """One resolution of the U-Net: its channels, its size, and whether its pixels attend."""

    channels: int
    height: int
    width: int
    attends: bool

    @property
    def area(self) -> int:
        """Number of pixels."""
        return self.height * self.width


class BodySettings(Settings):
    """What the encoder and the network share: the way down."""

    positional: ClassVar[tuple[str, ...]] = ("width",)

    width: int = Field(
        default=128, ge=4, le=1024, multiple_of=2, description="Channels of the finest level."
    )
    mults: list[Multiple] = Field(
        default=[1, 2, 2, 2],
        min_length=1,
        max_length=10,
        description="Channels of each level, in multiples of width; each level halves the picture.",
    )
    blocks: int = Field(
        default=4, ge=1, le=16, description="Residual blocks in each level of the way down."
    )
    attention: list[Side] = Field(
        default=[16],
        max_length=10,
        description="Self-attention where the longer side has so many pixels.",
    )
    resample: Literal["mean", "fir"] = Field(
        default="mean", description="Halving and doubling: by means, or by a smoothing filter."
    )
    picture_skips: bool = Field(
        default=False, description="Join the halved picture to each level, and read it off each."
    )
    dropout: float = Field(
        default=0.0, ge=0, lt=1, description="Share of numbers in each block dropped in training."
    )

    def levels(self, height: int, width: int) -> list[Level]:
        """Return the levels for pictures of that size, fine to coarse."""
        found = []
        for mult in self.mults:
            attends = max(height, width) in self.attention
            found.append(Level(self.width * mult, height, width, attends))
            height, width = halved(height), halved(width)
        return found


class NcsnppEncoderSettings(BodySettings):
    """The way down of an NCSN++ U-Net, every map of which adds to the anchor."""

    latent_channels: int = Field(
        default=20, ge=1, le=1024, description="Channels that are kept of each map."
    )
    latent_units: int = Field(
        default=200, ge=1, le=8192, description="Units of the hidden layer after them."
    )
    latent_sides: list[Side] | None = Field(
        default=None,
        min_length=1,
        max_length=10,
        description="Maps that add to the anchor, by their longer side; by default all.",
    )

    def tapped(self, levels: list[Level]) -> list[tuple[int, int, int]]:
        """Return (place, channels, area) of the maps that add to the anchor, fine to coarse.

        Places count the first map, those of each level and its half, and the middle's.
        """
        channels = [*maps(levels, self.width, self.blocks), (levels[-1].channels, levels[-1])]
        return [
            (place, count, level.area)
            for place, (count, level) in enumerate(channels)
            if self.latent_sides is None or max(level.height, level.width) in self.latent_sides
        ]


class NcsnppSettings(BodySettings):
    """An NCSN++ / DDPM++ U-Net, told time, latent and classes."""

    time: Literal["positional", "fourier"] = Field(
        default="positional",
        description="How time is told: by fixed frequencies, or by random ones of its logarithm.",
    )
    fourier_scale: float = Field(
        default=16.0, ge=0.01, le=1e3, description="Standard deviation of the random frequencies."
    )
    scale_by_time: bool = Field(default=False, description="Divide the velocity by 999 t.")


def maps(levels: list[Level], width: int, blocks: int) -> list[tuple[int, Level]]:
    """Return channels and level of every map of the way down, in order."""
    found = [(width, levels[0])]
    for place, level in enumerate(levels):
        found += [(level.channels, level)] * blocks
        if place + 1 < len(levels):
            found.append((level.channels, levels[place + 1]))
    return found


def skips(levels: list[Level], width: int, blocks: int) -> list[int]:
    """Return the channels of every map of the way down, in order; the way up takes the last."""
    return [channels for channels, _ in maps(levels, width, blocks)]


def encoder_cost(settings: NcsnppEncoderSettings, sizes: Sizes, registry: Registry) -> Cost:
    """Cost of the encoder for one picture."""
    del registry
    levels = settings.levels(sizes.sample["height"], sizes.sample["width"])
    costs = [*_down(settings, levels, sizes.sample["channels"], 0), *_middle(levels[-1], 0)]
    units = settings.latent_units
    for _, channels, area in settings.tapped(levels):
        costs += [
            conv2d(channels, settings.latent_channels, area=area, kernel=1),
            elementwise(settings.latent_channels, area=area),
            linear(settings.latent_channels * area, units),
            elementwise(units),
            linear(units, sizes.latent_dim),
        ]
    return total(*costs)


def network_cost(settings: NcsnppSettings, sizes: Sizes, registry: Registry) -> Cost:
    """Cost of one evaluation of the network for one picture."""
    del registry
    width, embedding = settings.width, EMBEDDING * settings.width
    levels = settings.levels(sizes.sample["height"], sizes.sample["width"])
    fourier = settings.time == "fourier"
    features = (2 if fourier else 1) * width
    costs = [
        Cost(parameters=width if fourier else 0),
        linear(sizes.latent_dim + sizes.num_classes + features, embedding),
        linear(embedding, embedding),
        elementwise(2 * embedding),
        *_down(settings, levels, sizes.sample["channels"], embedding),
        *_middle(levels[-1], embedding),
        *_up(settings, levels, sizes.sample["channels"], embedding),
    ]
    return total(*costs)


def _down(settings: BodySettings, levels: list[Level], pictures: int, embedding: int) -> list[Cost]:
    costs = [conv2d(pictures, settings.width, area=levels[0].area)]
    channels = settings.width
    for place, level in enumerate(levels):
        for _ in range(settings.blocks):
            costs.append(_block(channels, level.channels, embedding, area=level.area))
            channels = level.channels
            if level.attends:
                costs.append(one_head_attention(channels, area=level.area))
        if place + 1 < len(levels):
            area = levels[place + 1].area
            costs.append(_block(channels, channels, embedding, area=area, before=level.area))
            costs += _resampling(settings, channels, area=area, before=level.area)
            if settings.picture_skips:
                costs.append(conv2d(pictures, channels, area=area, kernel=1))
    return costs


def _middle(level: Level, embedding: int) -> list[Cost]:
    block = _block(level.channels, level.channels, embedding, area=level.area)
    return [block, one_head_attention(level.channels, area=level.area), block]


def _up(settings: NcsnppSettings, levels: list[Level], pictures: int, embedding: int) -> list[Cost]:
    costs: list[Cost] = []
    told = skips(levels, settings.width, settings.blocks)
    channels = levels[-1].channels
    for place in reversed(range(len(levels))):
        level = levels[place]
        for _ in range(settings.blocks + 1):
            costs.append(_block(channels + told.pop(), level.channels, embedding, area=level.area))
            channels = level.channels
        if level.attends:
            costs.append(one_head_attention(channels, area=level.area))
        if settings.picture_skips or place == 0:
            costs += [
                group_norm(channels, area=level.area),
                elementwise(channels, area=level.area),
                conv2d(channels, pictures, area=level.area),
            ]
        if place > 0:
            area = levels[place - 1].area
            costs.append(_block(channels, channels, embedding, area=area, before=level.area))
            costs += _resampling(settings, channels, area=area, before=level.area)
    return costs


def _block(
    channels_in: int, channels_out: int, embedding: int, *, area: int, before: int | None = None
) -> Cost:
    """Cost of a residual block that gives `area` pixels; `before` is what it is given, if other."""
    skip = Cost()
    if channels_in != channels_out or before is not None:
        skip = conv2d(channels_in, channels_out, area=area, kernel=1)
        if before is None:  # it reads what the first norm keeps
            skip = Cost(skip.parameters, skip.flops)
    return total(
        group_norm(channels_in, area=before or area),
        elementwise(channels_in, area=before or area),
        conv2d(channels_in, channels_out, area=area),
        linear(embedding, channels_out) if embedding else Cost(),
        group_norm(channels_out, area=area),
        elementwise(channels_out, area=area),
        conv2d(channels_out, channels_out, area=area),
        skip,
    )


def _resampling(settings: BodySettings, channels: int, *, area: int, before: int) -> list[Cost]:
    """Cost of the filter over both branches of a block that halves or doubles."""
    if settings.resample == "mean":
        return []
    return [Cost(flops=2 * 2 * 16 * channels * min(area, before))]


ENTRIES: tuple[Entry, ...] = (
    Entry(
        kind=Kind.ENCODER,
        name="ncsnpp",
        help="The paper's encoder of pictures: the way down of an NCSN++ U-Net.",
        settings=NcsnppEncoderSettings,
        factory="lzn_runtime.networks.ncsnpp.encoder:build_encoder",
        cost=encoder_cost,
    ),
    Entry(
        kind=Kind.NETWORK,
        name="ncsnpp",
        help="The paper's U-Net (NCSN++ / DDPM++), conditioned on time, latent and classes.",
        settings=NcsnppSettings,
        factory="lzn_runtime.networks.ncsnpp.velocity:build_velocity",
        cost=network_cost,
    ),
)
