"""Latent computation: from each sample's anchor, with a draw of its own noise, to its latent.

    C(X)_i: start next to a_i with noise e_i ~ alpha N(0, I), integrate back to t = 0

In the own-noise coordinate e = u - rho a_i the walk starts at e_i and ends at the latent, and the
anchors enter by their differences only: de/d rho = abar - a_i. t = 0: latent, t = 1: anchor.

Dimensions: m points, n anchors of the pool, k of the support, q latent size.
Source: arXiv:2509.15591, section 2.2.1; docs/latent.md, equation (N).
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lzn_runtime.latent import checks, tiles
from lzn_runtime.latent.integrate import Flow, default_block_rows, integrate
from lzn_runtime.latent.schedule import latent_time
from lzn_runtime.latent.solvers import LocalizationPEC, Solver

_DEFAULT = LocalizationPEC()


def compute_latents(
    anchors: Float[Tensor, "m q"],
    noise: Float[Tensor, "m q"],
    *,
    pool: Float[Tensor, "n q"] | None = None,
    offset: int = 0,
    own: Int[Tensor, " m"] | None = None,
    support: Float[Tensor, "k q"] | None = None,
    weights: Float[Tensor, " n"] | None = None,
    solver: Solver = _DEFAULT,
) -> Float[Tensor, "m q"]:
    """Return the latents of the samples with these anchors.

    `noise` is each sample's own noise, alpha N(0, I), scaled by the caller; zero gives the zone's
    centre. Zones are bounded by the `pool`, by default the anchors themselves (training). Row i of
    `anchors` is row offset + i of the pool, or row `own[i]` where `own` is given (say, labels).
    With `support` (use of a trained model) each zone is bounded by the support and the sample
    alone, whatever else is in the batch. `weights` (at least 0, not all 0, none 0 for a sample's
    own row) are those of the pool's rows, or of the support's rows against 1 for the sample.

    The dtype is the inputs' common one; bfloat16 and float16 are integrated in float32. Gradients
    flow to anchors, noise, pool and support. `ValueError` for inputs that break these rules or are
    not finite.
    """
    bounds_name, bounds = _bounds(anchors, pool, support)
    count, size = anchors.shape[0], bounds.shape[0]
    _check_shapes(anchors, noise, (bounds_name, bounds), weights, own)
    if support is not None:
        if offset != 0 or own is not None:
            raise ValueError("offset and own are rows of a pool; a support has neither")
    elif own is None:
        if not 0 <= offset <= size - count:
            raise ValueError(
                f"offset must be in [0, {size - count}] for {count} anchors in a pool of {size}, "
                f"got {offset}"
            )
        own = torch.arange(offset, offset + count, device=anchors.device)
    elif offset != 0:
        raise ValueError(f"offset must be 0 where own is given, got {offset}")
    _check_values(anchors, noise, (bounds_name, bounds), weights, own)

    result = torch.promote_types(torch.promote_types(anchors.dtype, noise.dtype), bounds.dtype)
    compute = torch.promote_types(result, torch.float32)
    a, e, rows = anchors.to(compute), noise.to(compute), bounds.to(compute)
    log_weights = None if weights is None else weights.detach().double().log().to(compute)
    if own is None:
        latents = _against_support(a, e, rows, log_weights, solver)
    else:
        block = default_block_rows(size, a.device)
        flow = Flow(solver, upward=False, log_weights=log_weights, block_rows=block)
        latents = _read(integrate(e, a, rows, own.long(), flow).end, a, solver)
    return latents.to(result)


def _against_support(
    anchors: Float[Tensor, "m q"],
    noise: Float[Tensor, "m q"],
    support: Float[Tensor, "k q"],
    log_weights: Float[Tensor, " k"] | None,
    solver: Solver,
) -> Float[Tensor, "m q"]:
    """Latents of points that the support and themselves bound: a free column is each one's own."""
    count, width = anchors.shape
    points, free = tiles.pad_points(anchors), support.shape[0]
    columns, log_weights = tiles.pad_anchors(support, log_weights, free=1)
    own = torch.full(points.shape[:1], free, device=anchors.device)
    flow = Flow(solver, upward=False, log_weights=log_weights, block_rows=tiles.ROWS)
    end = integrate(tiles.pad_points(noise), points, columns, own, flow).end
    return _read(end, points, solver)[:count, :width]


def _read(end: Tensor, anchors: Tensor, solver: Solver) -> Float[Tensor, "m q"]:
    """The latent s = t a + (1 - t) e at the t where the solver has its latent."""
    t = latent_time(solver)
    return end if t == 0 else t * anchors + (1 - t) * end


def _bounds(anchors: Tensor, pool: Tensor | None, support: Tensor | None) -> tuple[str, Tensor]:
    if support is None:
        return ("anchors", anchors) if pool is None else ("pool", pool)
    if pool is not None:
        raise ValueError("pool and support exclude each other, got both")
    return "support", support


def _check_shapes(
    anchors: Tensor,
    noise: Tensor,
    bounds: tuple[str, Tensor],
    weights: Tensor | None,
    own: Tensor | None,
) -> None:
    checks.points("anchors", anchors)
    checks.points("noise", noise, like=("anchors", anchors))
    if noise.shape != anchors.shape:
        raise ValueError(
            f"noise must have the shape of anchors, "
            f"got {tuple(noise.shape)} and {tuple(anchors.shape)}"
        )
    checks.points(bounds[0], bounds[1], like=("anchors", anchors))
    if weights is not None:
        checks.vector("weights", weights, bounds[1].shape[0], of=bounds[0])
    if own is not None:
        checks.indices("own", own, anchors.shape[0], of="anchors")


def _check_values(
    anchors: Tensor,
    noise: Tensor,
    bounds: tuple[str, Tensor],
    weights: Tensor | None,
    own: Tensor | None,
) -> None:
    rules = [checks.finite("anchors", anchors), checks.finite("noise", noise)]
    if bounds[1] is not anchors:
        rules.append(checks.finite(*bounds))
    if own is not None:
        rules.append(checks.in_range("own", own, bounds[1].shape[0]))
    if weights is not None:
        rules += checks.weights_rules(weights)
        if own is not None:
            rules.append(checks.positive_at("own", own, weights))
    checks.require(*rules)
