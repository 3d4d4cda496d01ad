"""Our names of parameters beside the published ones: renaming only, no number changes.

The published networks keep their blocks in one list, `all_modules.0`, `all_modules.1`, ..., in the
order in which a picture passes them. Each function returns {our name: published name} in the order
of the published `parameters()`, in which the averaged weights are listed.
"""

from collections.abc import Iterator
from itertools import count

from torch import nn

from lzn_runtime.networks.ncsnpp.attention import Attention
from lzn_runtime.networks.ncsnpp.down import DownLevel, DownPath
from lzn_runtime.networks.ncsnpp.encoder import NcsnppEncoder
from lzn_runtime.networks.ncsnpp.middle import Middle
from lzn_runtime.networks.ncsnpp.residual import ResidualBlock
from lzn_runtime.networks.ncsnpp.times import FourierTime
from lzn_runtime.networks.ncsnpp.up import ToPicture, UpLevel, UpPath
from lzn_runtime.networks.ncsnpp.velocity import NcsnppVelocity
from lzn_runtime.networks.resnet import ResNetEncoder

_RESIDUAL = {
    "norm1": "GroupNorm_0",
    "conv1": "Conv_0",
    "condition": "Dense_0",
    "norm2": "GroupNorm_1",
    "conv2": "Conv_1",
    "skip": "Conv_2",
}
_PROJECTIONS = {
    "queries": "NIN_0",
    "keys": "NIN_1",
    "values": "NIN_2",
    "output": "NIN_3",
}
_BOTTLENECK = {
    "downsample.0": "projection.shortcut",
    "downsample.1": "projection.bn.0",
    "conv1": "net.0",
    "bn1": "net.1.0",
    "conv2": "net.2",
    "bn2": "net.3.0",
    "conv3": "net.4",
    "bn3": "net.5.0",
}


def velocity_names(network: NcsnppVelocity) -> dict[str, str]:
    """Return the names of a velocity's parameters, its frozen frequencies included."""
    names: dict[str, str] = {}
    numbers = count()
    if isinstance(network.condition.time, FourierTime):
        names["condition.time.frequencies"] = f"all_modules.{next(numbers)}.W"
    for part in ("joined", "hidden"):
        names |= _plain(f"condition.{part}", f"all_modules.{next(numbers)}")
    blocks = [*_down(network.down), *_middle(network.middle), *_up(network.up)]
    return names | _numbered(blocks, numbers)


def encoder_names(encoder: NcsnppEncoder) -> dict[str, str]:
    """Return the names of an encoder's parameters."""
    names: dict[str, str] = {}
    for block, place in enumerate(encoder.places):
        names |= _plain(f"latent.{block}.squeeze", f"spatial_transformations.{place}.0")
    for block, place in enumerate(encoder.places):
        names |= _plain(f"latent.{block}.hidden", f"latent_transformations.{place}.0")
        names |= _plain(f"latent.{block}.output", f"latent_transformations.{place}.2")
    return names | _numbered([*_down(encoder.down), *_middle(encoder.middle)], count())


def resnet_names(encoder: ResNetEncoder) -> dict[str, str]:
    """Return the names of a ResNet's parameters."""
    names = {"body.conv1.weight": "net.0.0.weight"} | _plain("body.bn1", "net.0.1.0")
    for stage in range(1, 5):
        blocks = encoder.body.get_submodule(f"layer{stage}")
        for place, block in enumerate(blocks.children()):
            for ours, theirs in _BOTTLENECK.items():
                if ours.startswith("downsample") and block.downsample is None:
                    continue
                prefix = f"body.layer{stage}.{place}.{ours}"
                published = f"net.{stage}.blocks.{place}.{theirs}"
                names[f"{prefix}.weight"] = f"{published}.weight"
                if "bn" in ours or ours == "downsample.1":
                    names[f"{prefix}.bias"] = f"{published}.bias"
    for place, layer in enumerate(encoder.head):
        if isinstance(layer, nn.ReLU):
            continue
        first = 3 * (place // 2)
        names[f"head.{place}.linear.weight"] = f"head.layers.{first}.weight"
        names |= _plain(f"head.{place}.norm", f"head.layers.{first + 1}")
    return names


_Block = tuple[str, nn.Module]


def _down(path: DownPath) -> Iterator[_Block]:
    yield "down.input", path.input
    for place, level in enumerate(path.levels):
        assert isinstance(level, DownLevel)
        prefix = f"down.levels.{place}"
        for number, block in enumerate(level.blocks):
            yield f"{prefix}.blocks.{number}", block
            if level.attentions:
                yield f"{prefix}.attentions.{number}", level.attentions[number]
        if level.halving is not None:
            yield f"{prefix}.halving", level.halving
        if level.picture is not None:
            yield f"{prefix}.picture", level.picture


def _middle(middle: Middle) -> Iterator[_Block]:
    for name, block in middle.named_children():
        yield f"middle.{name}", block


def _up(path: UpPath) -> Iterator[_Block]:
    for place, level in enumerate(path.levels):
        assert isinstance(level, UpLevel)
        prefix = f"up.levels.{place}"
        for number, block in enumerate(level.blocks):
            yield f"{prefix}.blocks.{number}", block
        if level.attention is not None:
            yield f"{prefix}.attention", level.attention
        if level.picture is not None:
            yield from _to_picture(f"{prefix}.picture", level.picture)
        if level.doubling is not None:
            yield f"{prefix}.doubling", level.doubling
    if path.output is not None:
        yield from _to_picture("up.output", path.output)


def _to_picture(prefix: str, block: ToPicture) -> Iterator[_Block]:
    yield f"{prefix}.norm", block.norm
    yield f"{prefix}.conv", block.conv


def _numbered(blocks: list[_Block], numbers: Iterator[int]) -> dict[str, str]:
    names: dict[str, str] = {}
    for ours, block in blocks:
        names |= _block(ours, f"all_modules.{next(numbers)}", block)
    return names


def _block(ours: str, theirs: str, block: nn.Module) -> dict[str, str]:
    names: dict[str, str] = {}
    if isinstance(block, ResidualBlock):
        for part, published in _RESIDUAL.items():
            if getattr(block, part) is not None:
                names |= _plain(f"{ours}.{part}", f"{theirs}.{published}")
        return names
    if isinstance(block, Attention):
        names = _plain(f"{ours}.norm", f"{theirs}.GroupNorm_0")
        for part, published in _PROJECTIONS.items():
            names[f"{ours}.{part}.weight"] = f"{theirs}.{published}.W"
            names[f"{ours}.{part}.bias"] = f"{theirs}.{published}.b"
        return names
    # The convolution that joins the picture to a level sits in a block of its own.
    joins = ours.startswith("down.") and ours.endswith(".picture")
    return _plain(ours, f"{theirs}.Conv_0" if joins else theirs)


def _plain(ours: str, theirs: str) -> dict[str, str]:
    return {f"{ours}.{part}": f"{theirs}.{part}" for part in ("weight", "bias")}
