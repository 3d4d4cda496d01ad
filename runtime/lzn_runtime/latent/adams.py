"""Adams' methods on a grid of unequal steps: predict, evaluate once, correct.

With f_j the flow at node j, and F_j what later nodes know of it,

    d_j = f_j - (1 + ratio) F_{j-1} + ratio F_{j-2}             what the predictor did not foresee
    F_j = f_j - damping d_j
    e_{j+1} = e_j + weight d_j + ahead_0 F_j + ahead_1 F_{j-1}

The weight is that of Adams-Moulton's third order, `ahead` is Adams-Bashforth's second. Where the
flow draws points together at a rate L, a step that is long for it throws them back and forth. What
an implicit step would do about it is done to first order: with y = L |weight|, the weight is
divided by 1 + y / 2 and the damping is y / (1 + y / 2), so that F_j is f at the corrected place.

Dimensions: u updates, b points (or 1 where all points share the grid). Source: docs/latent.md.
"""

import math
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

# Damping is a constant of the gradient, as the grid is: 1 + step L is rounded to 2^(1/_PER_OCTAVE).
_PER_OCTAVE = 16
_LEVEL = math.log(2) / _PER_OCTAVE


class Adams(NamedTuple):
    """The methods' numbers at each node from which a step leads on; in float64.

    Threes are the coefficients of f_j, F_{j-1} and F_{j-2}.
    """

    step: Float[Tensor, "u b 1"]  # length of the step to the node; 0 where the walk starts there
    weight: Float[Tensor, "u b 1"]
    unforeseen: Float[Tensor, "u 3 b 1"]  # of d
    ahead: Float[Tensor, "u 3 b 1"]

    def since(self, first: int) -> "Adams":
        """Return the same without the nodes before `first`."""
        return Adams(*(numbers[first:] for numbers in self))

    def at(self, node: int) -> "Adams":
        """Return what belongs to one node."""
        return Adams(*(numbers[node : node + 1] for numbers in self))

    def undamped(self) -> Float[Tensor, "u 3 b 1"]:
        """Return the coefficients of the updates of e where nothing is damped: F is f."""
        return torch.addcmul(self.ahead, self.weight[:, None], self.unforeseen)


def predictor(rho: Float[Tensor, "nodes b 1"]) -> Adams:
    """Second-order Adams-Bashforth alone; the first step is of order 1."""
    step = rho.diff(dim=0)  # (u, b, 1)
    ahead = torch.zeros(step.shape[0], 3, *step.shape[1:], dtype=rho.dtype, device=rho.device)
    slope = step[1:].square() / (2 * step[:-1])
    ahead[:, 0] = step
    ahead[1:, 0] += slope
    ahead[1:, 1] -= slope
    into = torch.cat([torch.zeros_like(step[:1]), step[:-1]])
    return Adams(into.abs(), torch.zeros_like(into), torch.zeros_like(ahead), ahead)


def predictor_corrector(rho: Float[Tensor, "nodes b 1"]) -> Adams:
    """The predictor, and the corrector of every step that ends at one of these nodes but the last.

    A step h after a step h1 has the weight h / 2 - h^2 / (6 (h + h1)), the first one h / 2.
    """
    method = predictor(rho)
    step = rho.diff(dim=0)
    method.weight[1:] = step[:-1] / 2
    method.weight[2:] -= step[1:-1].square() / (6 * (step[1:-1] + step[:-2]))
    ratio = step[1:-1] / step[:-2]
    method.unforeseen[:, 0] = 1
    method.unforeseen[1:, 1] = -1
    method.unforeseen[2:, 1] -= ratio
    method.unforeseen[2:, 2] = ratio
    return method


def to_the_end(
    method: Adams, rho: Float[Tensor, "nodes b 1"], *, within: Float[Tensor, "b 1"]
) -> tuple[Adams, Float[Tensor, "2 b 1"]]:
    """Replace the last step, to rho = 0, where f and its slope are known.

    It is the integral of the cubic through both of these, F_j and F_{j-1} (Hermite interpolation):
    of fourth order. Where the step is longer than `within` the slope says nothing of its middle,
    and the step is that of the parabola through f, F_j and F_{j-1}.
    Return the method, and the coefficients of f and of its slope at rho = 0.
    """
    far, near = rho[-3], rho[-2]
    before = far - near
    cubic = torch.stack(  # the coefficients of F_j, F_{j-1} and the slope
        [
            -near / 3 - near**2 / (12 * before),
            near**4 / (12 * before * far**2),
            near**3 / (12 * far) - near**2 / 6,
        ]
    )
    parabola = torch.stack(
        [
            -near / 2 - near**2 / (6 * before),
            near**3 / (6 * before * far),
            torch.zeros_like(near),
        ]
    )
    of_near, of_far, of_slope = torch.where(near <= within, cubic, parabola)
    last = torch.stack([of_near, of_far, torch.zeros_like(near)])
    at_zero = torch.stack([-near - of_near - of_far, of_slope])
    return method._replace(ahead=torch.cat([method.ahead[:-1], last[None]])), at_zero


def damp(
    method: Adams,
    stiffness: Float[Tensor, "b 1"],
    *,
    beta: Float[Tensor, "u 3 b 1"],
    memory: Float[Tensor, "u 3 b 1"],
) -> None:
    """Write the coefficients of the updates of e, to `beta`, and of F, to `memory`.

    `stiffness` is L, at least 0. A step leads to each of the nodes.
    """
    levels = torch.round(torch.log1p(method.step * stiffness) / _LEVEL)
    product = torch.expm1(levels * _LEVEL) * (method.weight.abs() / method.step)
    slowed = 1 + product / 2
    damping = (product / slowed)[:, None]  # (u, 1, b, 1)
    weight = (method.weight / slowed)[:, None] - method.ahead[:, :1] * damping
    beta.copy_(torch.addcmul(method.ahead, weight, method.unforeseen))
    memory.copy_(-damping * method.unforeseen)
    memory[:, 0] += 1
