"""Latents in use: against all classes, or against the support and the sample itself.

A sample's latent has the same bits whatever else is in its batch. Two things see to that: batches
have a fixed number of rows (`chunks`), and the number of anchors is a multiple of 16, filled up
with anchors of weight 0. Without the latter a matrix product rounds a row differently by its place
in the batch: rows whose length is no multiple of 16 bytes start at odd addresses, and MKL's small
products sum them in another order. (Measured: 10 or 1001 anchors, row 17 against row 0.)

Dimensions: b samples, c classes, k support anchors, q latent size.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lzn_runtime.latent import LocalizationAB2, Solver, compute_latents

_ALIGNED = 16
_FINE = LocalizationAB2(64)
"""For flows of few anchors, which cost next to nothing: so that a latent keeps its class."""


def latents_of_classes(
    classes: Float[Tensor, "c q"], labels: Int[Tensor, " b"], noise: Float[Tensor, "b q"]
) -> Float[Tensor, "b q"]:
    """Return latents in the zones of the labels, all classes being alike."""
    pool, weights = _filled(classes, columns=0)
    return compute_latents(
        classes[labels], noise, pool=pool, own=labels, weights=weights, solver=_FINE
    )


def latents_in_support(
    anchors: Float[Tensor, "b q"],
    support: Float[Tensor, "k q"],
    noise: Float[Tensor, "b q"],
    solver: Solver,
) -> Float[Tensor, "b q"]:
    """Return latents in the zones of the anchors, each bounded by the support and itself."""
    rows, weights = _filled(support, columns=1)
    return compute_latents(anchors, noise, support=rows, weights=weights, solver=solver)


def _filled(
    anchors: Float[Tensor, "n q"], *, columns: int
) -> tuple[Float[Tensor, "m q"], Float[Tensor, " m"]]:
    """Add anchors of weight 0 until there are, with `columns` more, a multiple of 16."""
    missing = -(len(anchors) + columns) % _ALIGNED
    rows = torch.cat([anchors, anchors[:1].expand(missing, -1)])
    weights = torch.ones(len(rows), dtype=anchors.dtype, device=anchors.device)
    weights[len(anchors) :] = 0
    return rows, weights
