"""Anchors to measure accuracy on: spread at several scales, in clusters, and a trained encoder's.

Dimensions: n anchors, q latent size.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from lzn_runtime.benchmarks.latent.timing import draw
from lzn_runtime.latent import LocalizationPEC, alignment_loss, compute_latents

_SCALES = (0.1, 0.3, 1.0, 3.0, 10.0)
_CLUSTERS = (1.0, 0.3, 0.1)


def kinds_of_anchors(size: int, dim: int) -> dict[str, Float[Tensor, "n q"]]:
    """Return anchors by the name of their kind, in float64."""
    spread = draw(size, dim, seed=6, dtype=torch.float64)
    centres = 2 * draw(10, dim, seed=7, dtype=torch.float64)[torch.arange(size) % 10]
    kinds = {f"scale {scale:g}": scale * spread for scale in _SCALES}
    kinds |= {f"clusters of {width:g}, centres 2": centres + width * spread for width in _CLUSTERS}
    kinds["trained encoder (digits)"] = trained_anchors(size, dim)
    return kinds


def trained_anchors(size: int, dim: int, *, steps: int = 150) -> Float[Tensor, "n q"]:
    """Return anchors of digits by a small encoder trained with label alignment."""
    from sklearn.datasets import load_digits

    pixels, labels = (torch.as_tensor(part) for part in load_digits(return_X_y=True))
    pixels = pixels.float() / 16
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        encoder = nn.Sequential(nn.Linear(64, 128), nn.SiLU(), nn.Linear(128, dim))
    classes = nn.Parameter(draw(10, dim, seed=5))
    optimizer = torch.optim.Adam([*encoder.parameters(), classes], lr=3e-3)
    rng = torch.Generator().manual_seed(0)
    solver = LocalizationPEC(10)
    for _ in range(steps):
        batch = torch.randint(len(labels), (size,), generator=rng)
        noise = 0.3 * torch.randn(size, dim, generator=rng)
        latents = compute_latents(encoder(pixels[batch]), noise, solver=solver)
        optimizer.zero_grad()
        torch.autograd.backward(alignment_loss(latents, classes, labels[batch], solver=solver))
        optimizer.step()
    with torch.no_grad():
        found: Tensor = encoder(pixels[:size])
    return found.double()
