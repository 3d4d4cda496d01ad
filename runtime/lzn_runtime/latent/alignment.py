"""Latent alignment: carry latents through another modality's flow and ask for their partners.

    Align(X, Y) = - mean_i  max over steps of P_t(a_k(i) | s_t)         (or of its log)

The walk is in the own-noise coordinate of the partner, e = u - rho a_k(i), so that log P_t of a
partner is exact to its last digits whether it is near 0 or near 1. t = 0: latent, t = 1: anchor.

Dimensions: m points, n anchors, q latent size, r evaluations.
Source: arXiv:2509.15591, section 2.2.2 and techniques 2 and 3; docs/latent.md.
"""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lzn_runtime.latent import checks
from lzn_runtime.latent.integrate import Flow, default_block_rows, integrate
from lzn_runtime.latent.schedule import latent_time
from lzn_runtime.latent.solvers import DPMSolverPP, Euler, LocalizationPEC, Solver

_DEFAULT = LocalizationPEC()


def alignment_loss(
    latents: Float[Tensor, "m q"],
    anchors: Float[Tensor, "n q"],
    pairing: Int[Tensor, " m"],
    *,
    weights: Float[Tensor, " n"] | None = None,
    solver: Solver = _DEFAULT,
    cutoff: float = 0.2,
    until: float = 1.0,
    log: bool = True,
) -> Float[Tensor, ""]:
    """Return minus the mean of each latent's best probability of its partner, or of its log.

    The best is the maximum over the solver's evaluations from the share `cutoff` of them, counted
    from the latent side, up to the share `until`; 0 <= cutoff < until <= 1, at least one evaluation
    is used. `pairing` names each latent's row of `anchors`. `weights` are those of the anchors (at
    least 0, not all 0): an anchor of weight 0 is absent, and a pairing with one is a `ValueError`,
    as its zone is empty.

    With `log` the value is in [0, inf), without it in [-1, 0]. Gradients flow to latents and
    anchors. `ValueError` for inputs that break these rules or are not finite.
    """
    if not 0 <= cutoff < until <= 1:
        raise ValueError(f"0 <= cutoff < until <= 1 must hold, got {cutoff} and {until}")
    neg_log_prob = _partner_neg_log_probs(latents, anchors, pairing, weights, solver)
    steps = neg_log_prob.shape[0]
    # 1e-9: a share such as 0.29 of 100 steps is 29 of them, though 0.29 * 100 rounds below 29.
    first = min(math.floor(steps * cutoff + 1e-9), steps - 1)
    last = max(math.floor(steps * until + 1e-9), first + 1)
    best = neg_log_prob[first:last].amin(0)  # (r, m) -> (m,)
    return best.mean() if log else -torch.exp(-best).mean()


def _partner_neg_log_probs(
    latents: Float[Tensor, "m q"],
    anchors: Float[Tensor, "n q"],
    pairing: Int[Tensor, " m"],
    weights: Float[Tensor, " n"] | None,
    solver: Solver,
) -> Float[Tensor, "r m"]:
    """-log P_t of each latent's partner at every evaluation, from the latent side on."""
    checks.points("latents", latents)
    checks.points("anchors", anchors, like=("latents", latents))
    checks.indices("pairing", pairing, latents.shape[0], of="latents")
    count = anchors.shape[0]
    rules = [
        checks.finite("latents", latents),
        checks.finite("anchors", anchors),
        checks.in_range("pairing", pairing, count),
    ]
    if weights is not None:
        checks.vector("weights", weights, count, of="anchors")
        rules += [
            *checks.weights_rules(weights),
            checks.positive_at("pairing", pairing, weights),
        ]
    checks.require(*rules)

    result = torch.promote_types(latents.dtype, anchors.dtype)
    # On uniform t gradients grow with the anchors' scale from step to step, beyond float32.
    published = isinstance(solver, Euler | DPMSolverPP)
    compute = torch.promote_types(result, torch.float64 if published else torch.float32)
    z, a = latents.to(compute), anchors.to(compute)
    log_weights = None if weights is None else weights.detach().double().log().to(compute)
    flow = Flow(
        solver,
        upward=True,
        log_weights=log_weights,
        block_rows=default_block_rows(count, z.device),
    )
    partners = a[pairing]
    t = latent_time(solver)
    start = z if t == 0 else (z - t * partners) / (1 - t)  # u - rho a_k at the latent's t
    found = integrate(start, partners, a, pairing.long(), flow).neg_log_prob
    return found.to(torch.promote_types(result, torch.float32))
