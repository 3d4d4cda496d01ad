"""Membership of latents in zones: which samples a latent belongs to, and how probably.

A sample with a finite set of anchors (a class) has the zone that all of them bound. Any other has
the zone that the support, and itself, bound. The probability is that of the sample's anchor where
the latent's flow ends. Source: math.md, sections 4 and 5.

Dimensions: b latents, k candidates, q latent size, r evaluations of the flow.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lzn_runtime.latent import LocalizationPEC, carry_to_anchors
from lzn_runtime.modalities.protocol import ClassDecoder, Modality

_SOLVER = LocalizationPEC(30)


def class_log_probs(modality: Modality, latents: Float[Tensor, "b q"]) -> Float[Tensor, "b c"]:
    """Return the log-probability of each class of a modality with a finite set of anchors."""
    if isinstance(modality.decoder, ClassDecoder):
        return modality.decoder.decode(latents)
    anchors = modality.finite_anchors()
    assert anchors is not None
    return carry_to_anchors(latents, anchors, solver=_SOLVER).log_probs[-1]


def rank_anchors(
    latents: Float[Tensor, "b q"], anchors: Float[Tensor, "k q"]
) -> tuple[Int[Tensor, "b k"], Float[Tensor, "b k"]]:
    """Return the anchors by how probably each latent belongs to them, best first, and the scores.

    The score is the largest probability along the flow, as alignment trains it: at the very end
    all but one are nil, and their order would be that of rounding.
    """
    found = carry_to_anchors(latents, anchors, solver=_SOLVER)
    scores = found.log_probs.amax(0)  # (r, b, k) -> (b, k)
    order = scores.argsort(dim=1, descending=True, stable=True)
    return order, scores.gather(1, order).exp()


def own_probability(
    latents: Float[Tensor, "b q"], anchors: Float[Tensor, "b q"], support: Float[Tensor, "k q"]
) -> Float[Tensor, " b"]:
    """Return the probability that each latent lies in the zone of its own anchor.

    The zone of row i is bounded by the support and by anchor i alone, whatever else is asked for.
    """
    found = []
    for latent, anchor in zip(latents, anchors, strict=True):
        bounds = torch.cat([anchor[None], support])
        log_probs = carry_to_anchors(latent[None], bounds, solver=_SOLVER).log_probs
        found.append(log_probs[-1, 0, 0].exp())
    return torch.stack(found)
