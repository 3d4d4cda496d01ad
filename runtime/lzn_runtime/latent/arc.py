"""The great arc between two points: blends of latents that are still like draws from N(0, I).

N(0, I) in q dimensions has its mass near the radius sqrt(q), all directions alike. The straight
line between two draws leaves that shell (its middle has the radius sqrt(q / 2)); the arc does not:

    direction  sin((1 - s) w) / sin(w) z / |z| + sin(s w) / sin(w) z' / |z'|,   w their angle
    radius     (1 - s) |z| + s |z'|

The direction turns at a constant rate, and is as evenly distributed as those of the ends; the
radius stays between theirs. Ends of one direction give a straight line.

Dimensions: m points, shape of a point.
"""

import torch
from jaxtyping import Float
from torch import Tensor

_NEARLY_ALIGNED = 1e-4
"""Sine of an angle below which a point on the arc cannot be told from one on the chord."""


def great_arc(
    start: Float[Tensor, " m *shape"], end: Float[Tensor, " m *shape"], share: Float[Tensor, " m"]
) -> Float[Tensor, " m *shape"]:
    """Return the points a share of the way from `start` (0) to `end` (1).

    A point of zeros has no direction: from or to it the arc is a straight line. So it is between
    opposite points, of which no arc is shorter than another.
    """
    one, other = start.flatten(1).double(), end.flatten(1).double()
    s = share.double()[:, None]
    radius_1, radius_2 = one.norm(dim=1, keepdim=True), other.norm(dim=1, keepdim=True)
    unit_1 = one / radius_1.clamp_min(torch.finfo(torch.float64).tiny)
    unit_2 = other / radius_2.clamp_min(torch.finfo(torch.float64).tiny)
    angle = torch.arccos((unit_1 * unit_2).sum(1, keepdim=True).clamp(-1, 1))
    sine = angle.sin()
    straight = (sine < _NEARLY_ALIGNED) | (radius_1 == 0) | (radius_2 == 0)
    safe = sine.where(~straight, torch.ones_like(sine))
    direction = ((1 - s) * angle).sin() / safe * unit_1 + (s * angle).sin() / safe * unit_2
    arc = ((1 - s) * radius_1 + s * radius_2) * direction
    points = torch.where(straight, torch.lerp(one, other, s), arc)
    points = torch.where(s == 0, one, torch.where(s == 1, other, points))
    return points.to(start.dtype).view_as(start)
