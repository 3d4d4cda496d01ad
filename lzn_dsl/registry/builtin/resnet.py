"""ResNet-50 with group norm: the paper's encoder for representation learning. Torch-free half.

Sources: arXiv:1512.03385; arXiv:1803.08494 (group norm); arXiv:2509.15591, appendix C.
"""

from typing import ClassVar

from pydantic import Field

from lzn_dsl.registry.builtin.layers import elementwise, halved, total
from lzn_dsl.registry.entry import Cost, Entry, Kind, Sizes
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Settings

STAGES = (3, 4, 6, 3)
"""Bottleneck blocks of each stage."""
FEATURES = 2048
_STEM = 64
_EXPANSION = 4


class ResNet50Settings(Settings):
    """ResNet-50 with group norm, and a projection head of one or more layers."""

    positional: ClassVar[tuple[str, ...]] = ("head",)

    head: int = Field(
        default=1,
        ge=1,
        le=3,
        description="Layers of the head; the paper states 1, its released checkpoint has 2.",
    )


def resnet50_cost(settings: ResNet50Settings, sizes: Sizes, registry: Registry) -> Cost:
    """Cost of the encoder for one picture."""
    del registry
    height, width = halved(sizes.sample["height"]), halved(sizes.sample["width"])
    costs = [
        _conv(sizes.sample["channels"], _STEM, 7, area=height * width, read=4 * height * width),
        _norm(_STEM, height * width),
    ]
    height, width = halved(height), halved(width)
    costs.append(elementwise(2 * _STEM, area=height * width))  # 64-bit places of the maxima
    channels = _STEM
    for stage, blocks in enumerate(STAGES):
        middle = _STEM << stage
        for block in range(blocks):
            read = height * width
            if stage and not block:
                height, width = halved(height), halved(width)
            costs.append(_bottleneck(channels, middle, area=height * width, read=read))
            channels = _EXPANSION * middle
    costs.append(elementwise(channels))
    for layer in range(settings.head):
        features = sizes.latent_dim if layer == settings.head - 1 else FEATURES
        costs += [_conv(FEATURES, features, 1, area=1, read=1), _norm(features, 1)]
    return total(*costs)


def _bottleneck(channels: int, middle: int, *, area: int, read: int) -> Cost:
    out = _EXPANSION * middle
    skip = Cost()
    if channels != out:
        convolution = _conv(channels, out, 1, area=area, read=0)
        skip = convolution + Cost(2 * out, 0, out * area)
    return total(
        _conv(channels, middle, 1, area=read, read=read),
        _norm(middle, read),
        _conv(middle, middle, 3, area=area, read=read),
        _norm(middle, area),
        _conv(middle, out, 1, area=area, read=area),
        Cost(2 * out, 0, out * area),
        skip,
    )


def _conv(channels_in: int, channels_out: int, kernel: int, *, area: int, read: int) -> Cost:
    """Cost of a convolution without bias that makes `area` pixels of `read`."""
    weights = kernel * kernel * channels_in * channels_out
    return Cost(weights, 2 * weights * area, channels_in * read)


def _norm(channels: int, area: int) -> Cost:
    """Cost of a group norm; what the ReLU after it keeps is what the next layer reads."""
    return Cost(2 * channels, 0, channels * area)


ENTRIES: tuple[Entry, ...] = (
    Entry(
        kind=Kind.ENCODER,
        name="resnet50",
        help="ResNet-50 with group norm: the paper's encoder for representation learning.",
        settings=ResNet50Settings,
        factory="lzn_runtime.networks.resnet:build_resnet50",
        cost=resnet50_cost,
    ),
)
