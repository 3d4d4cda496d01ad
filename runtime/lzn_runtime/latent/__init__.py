"""The mathematics of the shared latent space: zones, latents, alignment. t = 0: latent, 1: anchor.

Source: arXiv:2509.15591; derivation in docs/latent.md.
"""

from lzn_runtime.latent.alignment import alignment_loss
from lzn_runtime.latent.carry import Assignment, carry_to_anchors, nearest_anchor
from lzn_runtime.latent.class_weights import class_weights
from lzn_runtime.latent.gather import gather_anchors
from lzn_runtime.latent.localize import compute_latents
from lzn_runtime.latent.solvers import (
    DPMSolverPP,
    Euler,
    LocalizationAB2,
    LocalizationPEC,
    Solver,
)

__all__ = [
    "Assignment",
    "DPMSolverPP",
    "Euler",
    "LocalizationAB2",
    "LocalizationPEC",
    "Solver",
    "alignment_loss",
    "carry_to_anchors",
    "class_weights",
    "compute_latents",
    "gather_anchors",
    "nearest_anchor",
]
