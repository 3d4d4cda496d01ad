"""Where in rho a point's flow changes: a grid for it, made from one look at its surroundings.

    l_i(rho) = log w_i - rho^2 |a_k - a_i|^2 / 2 + rho <e, a_i - a_k>       with e held

With e held, the posterior at any rho costs no matrix product. So a few values of rho, spread from
the last transition down to zero, tell where the root mean square distance to the posterior bends,
and the steps go there. The grid is a constant of the gradient: what it depends on is rounded, so
that its derivative is zero wherever it is defined. It is free of scale: s times farther anchors
have the same grid over s.

Dimensions: b points, n anchors, k looks, r steps. Derivation and measurements: docs/latent.md.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

# The looks hold e at this share of its start: the flow wears it down where it matters most.
_HELD = 0.58
# Evenly spaced looks in log(rho + bend).
_LOOKS = 16
# Anchors closer than this share of the typical distance count as one.
_DUPLICATE = 1e-6
# Roundings: of scales to 2^(1/_PER_OCTAVE), of densities to 1 / _LEVELS.
_PER_OCTAVE = 4
_LEVELS = 16


class Spacing(NamedTuple):
    """How looks and steps are spread where the flow does not tell."""

    bend: float  # looks are even below rho d = bend, d the typical distance, and geometric above
    floor: float  # density of steps where nothing happens, as a share of the mean


class Surroundings(NamedTuple):
    """The anchors as seen from the reference anchor of each point."""

    half_sq_dist: Float[Tensor, "b n"]  # |a_k - a_i|^2 / 2
    lead: Float[Tensor, "b n"] | None  # <e, a_i - a_k>; None: e = 0, the centre of the zone
    log_ratio: Float[Tensor, "#b n"] | None  # log w_i - log w_k; None: all equal
    scratch: Float[Tensor, "b n"]  # overwritten


class Looks(NamedTuple):
    """Values of rho from the last transition down to zero, and how dense steps should be there."""

    ratio: Float[Tensor, "b 1"]  # rho = bend * expm1(x log1p(ratio)), x in [0, 1]
    bend: Float[Tensor, "b 1"]
    density: Float[Tensor, "b k"]  # in x, at x = 1 down to 0


def look(around: Surroundings, spacing: Spacing, *, quiet: float, shared: bool = False) -> Looks:
    """Look at the flow from where no other anchor has more than exp(-quiet) of the weight.

    With `shared` the looks are one row that serves all points.
    """
    typical = _typical(around)
    last = _last_transition(around, typical, quiet=quiet)
    last = torch.where(last > 0, last, 1 / typical)
    if shared:
        typical = typical.square().mean(0, keepdim=True).sqrt_()
        last = last.amax(0, keepdim=True)
    bend = _round_up(spacing.bend / typical)
    ratio = _round_up(last / bend)
    x = torch.linspace(1, 0, _LOOKS, dtype=torch.float64, device=typical.device)
    rho = (bend * torch.expm1(x * torch.log1p(ratio))).to(around.half_sq_dist.dtype)  # (#b, k)
    spread = torch.cat([_spread(around, rho[:, i, None]) for i in range(_LOOKS)], dim=1)
    density = _density(spread, rho, bend) + spacing.floor
    return Looks(ratio, bend, density.mean(0, keepdim=True) if shared else density)


def place(looks: Looks, steps: int) -> Float[Tensor, "r_plus_1 b 1"]:
    """Return rho from the last transition down to zero, with equal shares of density between."""
    density = looks.density
    # A running sum as a product: cumsum on CUDA is not deterministic.
    below = torch.ones(_LOOKS - 1, _LOOKS, dtype=density.dtype, device=density.device).triu(1)
    share = (density[:, 1:] + density[:, :-1]) @ below  # (b, k - 1) @ (k - 1, k) -> (b, k)
    share = share / share[:, -1:]
    want = torch.linspace(0, 1, steps + 1, dtype=share.dtype, device=share.device)
    want = want.expand(share.shape[0], -1).contiguous()  # (b, r + 1)
    right = torch.searchsorted(share, want).clamp_(1, _LOOKS - 1)
    low, high = share.gather(1, right - 1), share.gather(1, right)
    x = 1 - (right - 1 + (want - low) / (high - low)) / (_LOOKS - 1)
    x[:, -1] = 0.0
    return (looks.bend * torch.expm1(x * torch.log1p(looks.ratio))).T[..., None]


def _typical(around: Surroundings) -> Float[Tensor, "b 1"]:
    """Root mean square distance of the anchors that are present; 1 where that is zero."""
    half = around.half_sq_dist
    if around.log_ratio is None:
        mean = half.mean(-1, keepdim=True)
    else:
        present = (around.log_ratio > -torch.inf).to(half.dtype)
        mean = (half * present).sum(-1, keepdim=True) / present.sum(-1, keepdim=True)
    return torch.where(mean > 0, (2 * mean).sqrt(), 1.0)


def _last_transition(
    around: Surroundings, typical: Float[Tensor, "b 1"], *, quiet: float
) -> Float[Tensor, "b 1"]:
    """The largest rho at which some other anchor has l_i - l_k = -quiet; 0 if none ever has.

    Root of rho^2 d^2 / 2 - rho lead = quiet + log_ratio. Duplicates never part and are left out.
    """
    half, lead, log_ratio = around.half_sq_dist, around.lead, around.log_ratio
    inside = around.scratch.zero_() if lead is None else torch.mul(lead, lead, out=around.scratch)
    never = half <= 0.5 * (_DUPLICATE * typical).square()
    if log_ratio is None:
        inside.add_(half, alpha=4 * quiet)
    else:
        inside.addcmul_(quiet + log_ratio, half, value=4)
        never |= inside <= 0
        inside.clamp_(min=0)
    root = inside.sqrt_()
    if lead is not None:
        root += lead
    return root.div_(half).masked_fill_(never, 0.0).amax(-1, keepdim=True) / 2


def _spread(around: Surroundings, rho: Float[Tensor, "b 1"]) -> Float[Tensor, "b 1"]:
    """Root mean square distance from the reference to the posterior, e held.

    No other anchor is nearer than the reference: the flow brakes at the border of a zone.
    """
    logits = torch.mul(around.half_sq_dist, -(rho * rho), out=around.scratch)
    if around.lead is not None:
        logits.addcmul_(around.lead, rho, value=_HELD).clamp_(max=0.0)
    if around.log_ratio is not None:
        logits += around.log_ratio
    torch.softmax(logits, -1, out=logits)
    return logits.mul_(around.half_sq_dist).sum(-1, keepdim=True).sqrt_()


def _density(
    spread: Float[Tensor, "b k"], rho: Float[Tensor, "#b k"], bend: Float[Tensor, "#b 1"]
) -> Float[Tensor, "b k"]:
    """Density of steps in x: equal parts of bending, change and stiffness of the flow.

    A multistep solver's error follows the second derivative: steps as its cube root are even. Where
    e is held that derivative is a guess, and the plain change of the spread makes it a safer one.
    The flow draws points together at a rate of rho spread^2 at most: steps too long for it would
    throw points over the border of their zone.
    """
    values, at = spread.double(), rho.double()
    slope = at + bend  # d rho / dx goes as rho + bend
    step, rise = at.diff(dim=1), values.diff(dim=1)
    bending = (2 * (rise / step).diff(dim=1) / (step[:, 1:] + step[:, :-1])).abs()  # (b, k - 2)
    change = (rise[:, 1:] + rise[:, :-1]).abs() / 2
    density = _relative(_extended(bending).pow(1 / 3) * slope)
    density = density + _relative(_extended(change)) + _relative(at * values.square() * slope)
    wide = _extended(density)
    density = _relative((wide[:, :-2] + 2 * wide[:, 1:-1] + wide[:, 2:]) / 4)
    return torch.round(_LEVELS * density) / _LEVELS


def _extended(values: Float[Tensor, "b k"]) -> Float[Tensor, "b k_plus_2"]:
    """Repeat the first and the last column."""
    return torch.cat([values[:, :1], values, values[:, -1:]], dim=1)


def _relative(values: Float[Tensor, "b k"]) -> Float[Tensor, "b k"]:
    """Values over their mean; one where all are zero."""
    mean = values.mean(1, keepdim=True)
    return torch.where(mean > 0, values / mean, 1.0)


def _round_up(value: Tensor) -> Float[Tensor, "b 1"]:
    return torch.exp2(torch.ceil(_PER_OCTAVE * torch.log2(value.double())) / _PER_OCTAVE)
