"""Check of the zones that the anchors span: latents are finite and each knows its anchor.

Dimensions: m samples that differ, n anchors, q latent size.
"""

from collections.abc import Iterator

import torch

from lzn_dsl.testing.report import Problem
from lzn_runtime.conformance.subject import Subject
from lzn_runtime.latent import carry_to_anchors

_SHARE = 0.9
"""Latents that must arrive at their own anchor; zones that touch lose some to their neighbours."""


@torch.no_grad()
def check_zones(subject: Subject) -> Iterator[Problem]:
    """Find latents that are not finite, and zones that are not apart."""
    modality = subject.modality
    pool = modality.finite_anchors()
    samples = subject.samples
    if pool is None:
        samples = torch.unique(samples, dim=0)
    latents = subject.latents(modality, samples)
    if not bool(torch.isfinite(latents).all()):
        yield Problem("finite latents", "some are not", "keep the anchors near unit size")
        return
    anchors = modality.encoder(samples) if pool is None else pool
    own = torch.arange(len(samples)) if pool is None else samples
    arrived = carry_to_anchors(latents, anchors).index
    share = float((arrived == own).double().mean())
    if share < _SHARE:
        spread = float(anchors.std(0).mean())
        yield Problem(
            f"{_SHARE:.0%} of the latents to flow back to their own anchors",
            f"{share:.0%}; the anchors of different samples are {spread:.2g} apart",
            "let the encoder tell samples apart from the start: look for an input that is ignored",
        )
