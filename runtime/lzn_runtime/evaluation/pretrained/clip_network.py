"""The image tower of CLIP: a vision transformer under the names of OpenAI's state dict.

A picture's patches and one token more go through a transformer; the token's output, normalised and
projected, is the embedding. Sources: arXiv:2103.00020, section 2.4; arXiv:2010.11929.

Dimensions: b pictures, s side, p side of a patch, l tokens, d width, q embedding.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

_HEAD = 64
"""Width of an attention head, in all published sizes."""
Activation = Literal["quick_gelu", "gelu"]


@dataclass(frozen=True)
class Shape:
    """Sizes of a tower."""

    side: int
    patch: int
    width: int
    depth: int
    hidden: int
    embedding: int


def shape_of(tensors: Mapping[str, Tensor]) -> Shape:
    """Return the sizes that weights have; KeyError where a tensor is missing, ValueError."""
    width, _, patch, _ = tensors["conv1.weight"].shape
    tokens = len(tensors["positional_embedding"])
    grid = round((tokens - 1) ** 0.5)
    if grid**2 + 1 != tokens or width % _HEAD:
        raise ValueError(f"{tokens} tokens of width {width} are no square of patches")
    blocks = {name.split(".")[2] for name in tensors if name.startswith("transformer.resblocks.")}
    return Shape(
        side=grid * patch,
        patch=patch,
        width=width,
        depth=len(blocks),
        hidden=len(tensors["transformer.resblocks.0.mlp.c_fc.weight"]),
        embedding=tensors["proj"].shape[1],
    )


class Attention(nn.Module):
    """Attention of all tokens to all tokens."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.in_proj_weight = nn.Parameter(torch.empty(3 * width, width))
        self.in_proj_bias = nn.Parameter(torch.empty(3 * width))
        self.out_proj = nn.Linear(width, width)

    def forward(self, x: Float[Tensor, "b l d"]) -> Float[Tensor, "b l d"]:
        """Return what each token gathers."""
        mixed = functional.linear(x, self.in_proj_weight, self.in_proj_bias)
        query, key, value = (
            part.view(*x.shape[:2], -1, _HEAD).transpose(1, 2) for part in mixed.chunk(3, dim=-1)
        )  # (b, heads, l, 64) each
        found = functional.scaled_dot_product_attention(query, key, value)
        gathered: Tensor = self.out_proj(found.transpose(1, 2).flatten(2))
        return gathered


class Perceptron(nn.Module):
    """Two layers for each token."""

    def __init__(self, width: int, hidden: int, activation: Activation) -> None:
        super().__init__()
        self.c_fc = nn.Linear(width, hidden)
        self.c_proj = nn.Linear(hidden, width)
        self._activation = activation

    def forward(self, x: Float[Tensor, "b l d"]) -> Float[Tensor, "b l d"]:
        """Return the tokens, changed one by one."""
        h = self.c_fc(x)
        h = h * (1.702 * h).sigmoid() if self._activation == "quick_gelu" else functional.gelu(h)
        changed: Tensor = self.c_proj(h)
        return changed


class Layer(nn.Module):
    """Attention and perceptron, each added to what it is given."""

    def __init__(self, shape: Shape, activation: Activation) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(shape.width)
        self.attn = Attention(shape.width)
        self.ln_2 = nn.LayerNorm(shape.width)
        self.mlp = Perceptron(shape.width, shape.hidden, activation)

    def forward(self, x: Float[Tensor, "b l d"]) -> Float[Tensor, "b l d"]:
        """Return the tokens."""
        mixed: Tensor = x + self.attn(self.ln_1(x))
        changed: Tensor = self.mlp(self.ln_2(mixed))
        return mixed + changed


class ImageTower(nn.Module):
    """The tower; pictures are standardised and of its side."""

    def __init__(self, shape: Shape, *, activation: Activation) -> None:
        super().__init__()
        width, tokens = shape.width, (shape.side // shape.patch) ** 2 + 1
        self.conv1 = nn.Conv2d(3, width, shape.patch, stride=shape.patch, bias=False)
        self.class_embedding = nn.Parameter(torch.empty(width))
        self.positional_embedding = nn.Parameter(torch.empty(tokens, width))
        self.ln_pre = nn.LayerNorm(width)
        layers = [Layer(shape, activation) for _ in range(shape.depth)]
        self.transformer = nn.ModuleDict({"resblocks": nn.Sequential(*layers)})
        self.ln_post = nn.LayerNorm(width)
        self.proj = nn.Parameter(torch.empty(width, shape.embedding))

    def forward(self, x: Float[Tensor, "b 3 s s"]) -> Float[Tensor, "b q"]:
        """Return the embedding of each picture, of any length."""
        patches = self.conv1(x).flatten(2).transpose(1, 2)  # (b, l - 1, d)
        token = self.class_embedding.expand(len(x), 1, -1)
        tokens = torch.cat([token, patches], 1) + self.positional_embedding
        tokens = self.transformer["resblocks"](self.ln_pre(tokens))
        embedded: Tensor = self.ln_post(tokens[:, 0]) @ self.proj  # (b, d) @ (d, q) -> (b, q)
        return embedded
