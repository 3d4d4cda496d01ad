"""The Inception v3 network of 2015 that FID is defined by, with the names of torchvision.

It differs from torchvision's: 1,008 classes, averages that leave the padding out, and a maximum in
place of the average in the last block. A block runs chains of convolutions side by side and joins
their channels; some end in a fork of two. Sources: arXiv:1512.00567; arXiv:1706.08500.

Dimensions: b pictures, d channels, h height, w width.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from lzn_runtime.evaluation.extractor import Judgement

FEATURES, CLASSES, SIDE = 2048, 1008, 299
_SPATIAL_CHANNELS = 7
"""Channels that sFID takes of the first branch of `Mixed_6d`: 17 x 17 x 7 = 2,023 numbers."""

Pooling = Literal["average", "maximum", "shrink"]


class Step(NamedTuple):
    """A convolution of a chain; `fork` is the shape of a second one on the same input."""

    width: int
    kernel: int | tuple[int, int] = 1
    stride: int = 1
    fork: tuple[int, int] | None = None


class Convolution(nn.Module):
    """Convolution, batch normalisation and ReLU; it keeps the size unless it strides."""

    def __init__(
        self,
        channels: int,
        width: int,
        kernel: int | tuple[int, int],
        *,
        stride: int = 1,
        padding: int | tuple[int, int] = 0,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, width, kernel, stride=stride, padding=padding, bias=False)
        self.bn = nn.BatchNorm2d(width, eps=1e-3)

    def forward(self, x: Float[Tensor, "b d h w"]) -> Float[Tensor, "b width height wide"]:
        """Return the maps."""
        return functional.relu(self.bn(self.conv(x)))


class Block(nn.Module):
    """Chains of convolutions, by name, and a branch that pools.

    Args:
        channels: Channels of its input.
        chains: Steps of each chain.
        pooling: What the last branch does; `shrink` is a maximum of stride 2.
        pooled: Channels of the convolution behind it; 0 for none.
    """

    def __init__(
        self,
        channels: int,
        chains: Mapping[str, Sequence[Step]],
        *,
        pooling: Pooling,
        pooled: int = 0,
    ) -> None:
        super().__init__()
        self._chains: list[list[list[str]]] = []
        self._pooling = pooling
        self.out_channels = pooled or channels
        for name, steps in chains.items():
            self._chains.append(self._add_chain(f"branch{name}", channels, steps))
        self.branch_pool = Convolution(channels, pooled, 1) if pooled else nn.Identity()

    def forward(self, x: Float[Tensor, "b d h w"]) -> Float[Tensor, "b width height wide"]:
        """Return the channels of all branches."""
        branches = [self._run(x, chain) for chain in self._chains]
        return torch.cat([*branches, self.branch_pool(_pool(x, self._pooling))], 1)

    def first_branch(self, x: Float[Tensor, "b d h w"]) -> Float[Tensor, "b width h w"]:
        """Return the channels of the first chain alone."""
        return self._run(x, self._chains[0])

    def _add_chain(self, branch: str, channels: int, steps: Sequence[Step]) -> list[list[str]]:
        names = []
        for place, step in enumerate(steps, start=1):
            name = branch if len(steps) == 1 else f"{branch}_{place}"
            kernels = [step.kernel] if step.fork is None else [step.kernel, step.fork]
            parts = [name] if step.fork is None else [f"{name}a", f"{name}b"]
            for part, kernel in zip(parts, kernels, strict=True):
                padding = 0 if step.stride > 1 else _same(kernel)
                made = Convolution(
                    channels, step.width, kernel, stride=step.stride, padding=padding
                )
                self.add_module(part, made)
            names.append(parts)
            channels = step.width * len(parts)
        self.out_channels += channels
        return names

    def _run(self, x: Tensor, chain: list[list[str]]) -> Tensor:
        for parts in chain:
            found = [self.get_submodule(part)(x) for part in parts]
            x = found[0] if len(found) == 1 else torch.cat(found, 1)
        return x


class Inception(nn.Module):
    """The network; `look` returns what an extractor sees."""

    def __init__(self) -> None:
        super().__init__()
        self.Conv2d_1a_3x3 = Convolution(3, 32, 3, stride=2)
        self.Conv2d_2a_3x3 = Convolution(32, 32, 3)
        self.Conv2d_2b_3x3 = Convolution(32, 64, 3, padding=1)
        self.Conv2d_3b_1x1 = Convolution(64, 80, 1)
        self.Conv2d_4a_3x3 = Convolution(80, 192, 3)
        channels = 192
        for name, block in _blocks(channels):
            self.add_module(name, block)
        self.fc = nn.Linear(FEATURES, CLASSES)

    def look(self, x: Float[Tensor, "b 3 299 299"]) -> Judgement:
        """Return pooled features, log-probabilities and spatial features of pictures in [-1, 1].

        The logits are without their bias, as the Inception Score's published code has them.
        """
        x = self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(x)))
        x = functional.max_pool2d(x, 3, stride=2)
        x = self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(x))
        x = functional.max_pool2d(x, 3, stride=2)
        spatial = x
        for name, block in self.named_children():
            if not isinstance(block, Block):
                continue
            if name == "Mixed_6d":
                spatial = block.first_branch(x)[:, :_SPATIAL_CHANNELS].flatten(1)
            x = block(x)
        features = x.mean((2, 3))
        logits = features @ self.fc.weight.T  # (b, 2048) @ (2048, 1008) -> (b, 1008)
        return Judgement(features, logits.log_softmax(1), spatial)


def _blocks(channels: int) -> list[tuple[str, Block]]:
    """Return the blocks by name, in order."""
    made: list[tuple[str, Block]] = []

    def add(
        name: str, chains: Mapping[str, Sequence[Step]], pooling: Pooling, pooled: int = 0
    ) -> None:
        before = made[-1][1].out_channels if made else channels
        made.append((f"Mixed_{name}", Block(before, chains, pooling=pooling, pooled=pooled)))

    double = [Step(64), Step(96, 3), Step(96, 3)]
    for name, pooled in (("5b", 32), ("5c", 64), ("5d", 64)):
        chains = {"1x1": [Step(64)], "5x5": [Step(48), Step(64, 5)], "3x3dbl": double}
        add(name, chains, "average", pooled)
    strided = [Step(64), Step(96, 3), Step(96, 3, stride=2)]
    add("6a", {"3x3": [Step(384, 3, stride=2)], "3x3dbl": strided}, "shrink")
    for name, c in (("6b", 128), ("6c", 160), ("6d", 160), ("6e", 192)):
        across, down = (1, 7), (7, 1)
        single = [Step(c), Step(c, across), Step(192, down)]
        twice = [Step(c), Step(c, down), Step(c, across), Step(c, down), Step(192, across)]
        add(name, {"1x1": [Step(192)], "7x7": single, "7x7dbl": twice}, "average", 192)
    seven = [Step(192), Step(192, (1, 7)), Step(192, (7, 1)), Step(192, 3, stride=2)]
    add("7a", {"3x3": [Step(192), Step(320, 3, stride=2)], "7x7x3": seven}, "shrink")
    fork = Step(384, (1, 3), fork=(3, 1))
    last = {
        "1x1": [Step(320)],
        "3x3": [Step(384), fork],
        "3x3dbl": [Step(448), Step(384, 3), fork],
    }
    add("7b", last, "average", 192)
    add("7c", last, "maximum", 192)
    return made


def _same(kernel: int | tuple[int, int]) -> tuple[int, int]:
    height, width = (kernel, kernel) if isinstance(kernel, int) else kernel
    return height // 2, width // 2


def _pool(x: Tensor, pooling: Pooling) -> Tensor:
    if pooling == "average":
        return functional.avg_pool2d(x, 3, stride=1, padding=1, count_include_pad=False)
    if pooling == "maximum":
        return functional.max_pool2d(x, 3, stride=1, padding=1)
    return functional.max_pool2d(x, 3, stride=2)
