"""What networks a published checkpoint is of, told by the names and shapes of its weights.

Not in names and shapes: whether pictures are halved by means or by a filter, and whether the
velocity is divided by time. Both go with the Fourier embedding in all published configurations, and
are taken to go with it here.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from lzn_dsl.registry.builtin.resnet import FEATURES, STAGES

Shapes = Mapping[str, tuple[int, ...]]


class UnknownLayoutError(ValueError):
    """The weights are of no network that was published; its text says what is not found."""


@dataclass(frozen=True)
class Layout:
    """The networks of a checkpoint.

    Attributes:
        dim: Dimension of the latent space.
        side: Height and width of a picture; None where the encoder takes any.
        channels: Channels of a picture.
        encoder: Name and settings of the encoder.
        network: Settings of the network `ncsnpp` of the velocity; None where there is no decoder.
        classes: Number of label anchors; 0 for none.
        told: Number of classes that the velocity is told; 0 for none.
    """

    dim: int
    side: int | None
    channels: int
    encoder: tuple[str, dict[str, Any]]
    network: dict[str, Any] | None = None
    classes: int = 0
    told: int = 0


class _Body(NamedTuple):
    """The way down, as an encoder's list of blocks tells it."""

    channels: int
    width: int
    mults: list[int]
    blocks: int
    attends: list[bool]
    picture_skips: bool


def find_layout(encoder: Shapes, decoder: Shapes | None, label_anchor: Shapes | None) -> Layout:
    """Return the networks that have weights of these names and shapes.

    Raises UnknownLayoutError where there are none.
    """
    classes = 0
    if label_anchor is not None:
        classes = _shape(label_anchor, "anchor", 2)[0]
    if "net.0.0.weight" in encoder:
        return _resnet(encoder)
    if decoder is None:
        raise UnknownLayoutError("there is no `decoder`")
    blocks = _numbered(encoder)
    body = _body(list(blocks.values()))
    places = _places(encoder)
    kept = _shape(encoder, f"spatial_transformations.{places[0]}.0.weight", 4)[0]
    units, features = _shape(encoder, f"latent_transformations.{places[0]}.0.weight", 2)
    dim = _shape(encoder, f"latent_transformations.{places[0]}.2.weight", 2)[0]
    levels = [_level(place, body) for place in range(len(body.mults) * (body.blocks + 1) + 1)]
    if max(places) >= len(levels):
        raise UnknownLayoutError("there are more latent blocks than maps")
    side = math.isqrt(features // kept) << levels[places[0]]
    if kept * (side >> levels[places[0]]) ** 2 != features or side > 4096:
        raise UnknownLayoutError("the latent blocks are of no square pictures")
    told, time = _decoder_head(decoder, dim, body.width)
    sides = sorted({side >> levels[place] for place in places}, reverse=True)
    fourier = time == "fourier"
    common: dict[str, Any] = {
        "width": body.width,
        "mults": body.mults,
        "blocks": body.blocks,
        "attention": [side >> level for level, attends in enumerate(body.attends) if attends],
        "resample": "fir" if fourier else "mean",
        "picture_skips": body.picture_skips,
    }
    taps: dict[str, Any] = {"latent_channels": kept, "latent_units": units}
    if len(places) < len(levels):
        taps["latent_sides"] = sides
    return Layout(
        dim=dim,
        side=side,
        channels=body.channels,
        encoder=("ncsnpp", {**common, **taps}),
        network={**common, "time": time, "scale_by_time": fourier},
        classes=classes,
        told=told,
    )


def _resnet(encoder: Shapes) -> Layout:
    stages = tuple(
        len({m[1] for name in encoder if (m := re.match(rf"net\.{s}\.blocks\.(\d+)\.", name))})
        for s in range(1, 5)
    )
    if stages != STAGES:
        raise UnknownLayoutError(f"a ResNet with {stages} blocks: a ResNet-50 has {STAGES}")
    layers = [name for name in encoder if re.fullmatch(r"head\.layers\.\d+\.weight", name)]
    linear = sorted((n for n in layers if len(encoder[n]) == 2), key=lambda n: int(n.split(".")[2]))
    if not linear:
        raise UnknownLayoutError("a ResNet without a head")
    dim, read = _shape(encoder, linear[-1], 2)
    if read != FEATURES:
        raise UnknownLayoutError(f"a head that reads {read} features: a ResNet-50 has {FEATURES}")
    channels = _shape(encoder, "net.0.0.weight", 4)[1]
    return Layout(dim, None, channels, ("resnet50", {"head": len(linear)}))


def _numbered(shapes: Shapes) -> dict[int, dict[str, tuple[int, ...]]]:
    """Return the blocks of `all_modules` by number, in order: {part: shape} each."""
    blocks: dict[int, dict[str, tuple[int, ...]]] = {}
    for name, shape in shapes.items():
        found = re.fullmatch(r"all_modules\.(\d{1,4})\.(.+)", name)
        if found:
            blocks.setdefault(int(found[1]), {})[found[2]] = shape
    if not blocks:
        raise UnknownLayoutError("there are no blocks `all_modules.0`, `all_modules.1`, ...")
    return dict(sorted(blocks.items()))


def _body(blocks: list[dict[str, tuple[int, ...]]]) -> _Body:
    """Read the way down off an encoder's blocks; its last three are the middle."""
    width, channels = _shape(blocks[0], "weight", 4)[:2]
    mults: list[int] = []
    attends: list[bool] = []
    counts = [0]
    attended = skips = False
    out = width
    for block in blocks[1:-3]:
        if "NIN_0.W" in block:
            attended = True
        elif "GroupNorm_1.weight" in block:
            out, read = _shape(block, "Conv_0.weight", 4)[:2]
            if "Conv_2.weight" in block and out == read:  # the skip of a block that halves
                mults.append(_multiple(out, width))
                attends.append(attended)
                counts.append(0)
                attended = False
            else:
                counts[-1] += 1
        elif "Conv_0.weight" in block:
            skips = True
        else:
            raise UnknownLayoutError(f"a block of `{'`, `'.join(sorted(block))}`")
    mults.append(_multiple(out, width))
    attends.append(attended)
    if len(set(counts)) != 1 or not counts[0]:
        raise UnknownLayoutError(f"levels of {counts} blocks: all must have as many")
    return _Body(channels, width, mults, counts[0], attends, skips)


def _multiple(channels: int, width: int) -> int:
    if not width or channels % width:
        raise UnknownLayoutError(f"a level of {channels} channels, no multiple of {width}")
    return channels // width


def _level(place: int, body: _Body) -> int:
    """Return the level of a map by its place: first the input's, then each level's and its half.

    A half counts to the level that it leads to; the last map is the middle's, at the last level.
    """
    last = len(body.mults) - 1
    return min(place // (body.blocks + 1), last)


def _places(encoder: Shapes) -> list[int]:
    found = (re.fullmatch(r"latent_transformations\.(\d{1,4})\.0\.weight", n) for n in encoder)
    places = sorted(int(match[1]) for match in found if match)
    if not places:
        raise UnknownLayoutError("the encoder has no latent blocks")
    return places


def _decoder_head(decoder: Shapes, dim: int, width: int) -> tuple[int, str]:
    """Return the number of classes that the velocity is told, and how it is told the time."""
    blocks = list(_numbered(decoder).values())
    fourier = set(blocks[0]) == {"W"}
    read = _shape(blocks[1] if fourier else blocks[0], "weight", 2)[1]
    told = read - dim - (2 if fourier else 1) * width
    if told < 0:
        raise UnknownLayoutError("the decoder's embedding is too narrow for latent and time")
    return told, "fourier" if fourier else "positional"


def _shape(shapes: Mapping[str, tuple[int, ...]], name: str, dims: int) -> tuple[int, ...]:
    shape = shapes.get(name)
    if shape is None or len(shape) != dims or not all(shape):
        raise UnknownLayoutError(f"there is no `{name}` of {dims} dimensions")
    return shape
