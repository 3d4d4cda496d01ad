"""Running a function over samples in chunks of one fixed size.

Matrix products and convolutions round differently for different numbers of rows. A chunk has the
same number of rows whatever is asked for, a short one being filled up with its last row, so that a
sample's result is the same to the last bit alone and in any batch on the CPU. (Measured: without
this, anchors and latents of one image differ in their last bits between chunks of 1, 4, 16 and 64;
with it, not even the place in a chunk matters.)

Dimensions: n rows asked for, r rows of a chunk.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Int
from torch import Tensor


@dataclass(frozen=True)
class Rows:
    """One chunk: its inputs by name (r, ...), and the samples' indices (r,)."""

    inputs: dict[str, Tensor]
    index: Int[Tensor, " r"]


def chunk_size(device: torch.device, *, drawing: bool) -> int:
    """Return the number of rows of a chunk.

    One sample costs as much as a chunk. So a chunk is small on a CPU where samples are drawn, each
    by many evaluations of a network: 16 rows are then a quarter slower per sample than 64 (5.4 and
    4.4 ms for the U-Net of width 32 on 28 x 28, one core). For encoding it has the 64 rows of a
    block of `compute_latents`.
    """
    if device.type != "cpu":
        return 256
    return 16 if drawing else 64


def run_in_chunks(
    function: Callable[[Rows], Mapping[str, Tensor]],
    inputs: Mapping[str, Tensor],
    index: Int[Tensor, " n"],
    *,
    size: int,
    many: int = 1,
) -> dict[str, Tensor]:
    """Apply `function` to chunks of `size` rows and return its values, joined to n `many` rows.

    `inputs` have n rows each; n is at least 1. Values have `many` rows for each row of a chunk.
    """
    parts: list[Mapping[str, Tensor]] = []
    count = len(index)
    for first in range(0, count, size):
        rows = torch.arange(first, first + size, device=index.device).clamp_(max=count - 1)
        found = function(Rows({name: v[rows] for name, v in inputs.items()}, index[rows]))
        kept = min(size, count - first) * many
        parts.append({name: value[:kept] for name, value in found.items()})
    return {name: torch.cat([part[name] for part in parts]) for name in parts[0]}


def in_blocks(function: Callable[..., Tensor], *rows: Tensor, size: int) -> Tensor:
    """Apply a function to blocks of at most `size` rows of its arguments, and join the results."""
    if len(rows[0]) <= size:
        return function(*rows)
    blocks = zip(*(torch.split(part, size) for part in rows), strict=True)
    return torch.cat([function(*block) for block in blocks])
