"""Sizes of blocks and tiles of the latent flow, beside products that run before and after each.

    python tests/benchmarks/latent_tiles.py                     n = 2048, all points
    python tests/benchmarks/latent_tiles.py --anchors 8192 --points 1024

Prints the median share of the product's rate, forward and backward, in float32 with 20 steps.
"""

import argparse
from statistics import median
from unittest import mock

import torch

from lzn_runtime.benchmarks.latent.timing import (
    best_of,
    by,
    draw,
    flop,
    forward_backward,
    product_seconds,
)
from lzn_runtime.latent import LocalizationPEC, integrate, localize

SIZES = [(1024, 512), (1024, 1024), (1024, 2048), (1024, 4096), (512, 2048), (2048, 2048)]
DIM, STEPS = 256, 20


def main() -> None:
    """Measure every pair of sizes, round by round."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--anchors", type=int, default=2048, help="n")
    parser.add_argument("--points", type=int, default=0, help="m; by default as many")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    n = options.anchors
    m = options.points or n
    shares: dict[tuple[int, int], list[float]] = {sizes: [] for sizes in SIZES}
    for _ in range(options.rounds):
        for rows, tile in SIZES:
            shares[rows, tile].append(share(n, m, rows, tile))
    print(f"n = {n}, m = {m}, q = {DIM}, {torch.get_num_threads()} threads")
    for (rows, tile), values in shares.items():
        print(f"blocks of {rows:5,} points, tiles of {tile:5,} anchors: {median(values):.3f}")


def share(n: int, m: int, rows: int, tile: int) -> float:
    """Return the share of the product's rate that forward and backward reach."""
    anchors, noise = draw(n, DIM, seed=3), draw(m, DIM, seed=4)
    work = by(LocalizationPEC(STEPS))
    with (
        mock.patch.object(localize, "default_block_rows", return_value=rows),
        mock.patch.object(integrate, "default_tile_anchors", return_value=tile),
    ):
        before = product_seconds(m, n, DIM, "wall", lasting=0.5)
        seconds = best_of(1, "wall", lambda: forward_backward(work, anchors, noise))
        after = product_seconds(m, n, DIM, "wall", lasting=0.5)
    products = [*before, *after]
    rate = 2 * m * n * DIM * len(products) / sum(products)
    return flop(n, DIM, STEPS) * m / n / seconds / rate


if __name__ == "__main__":
    main()
