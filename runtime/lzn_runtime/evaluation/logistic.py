"""Logistic regression by L-BFGS, for linear probes.

    minimise  sum_i -log softmax(W x_i + b)_{y_i}  +  l2 / 2 |W|^2       (b is not penalised)

Dimensions: n samples, f features, c classes.
"""

from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional


class Regression(NamedTuple):
    """A fitted regression over standardised features."""

    mean: Float[Tensor, " f"]
    scale: Float[Tensor, " f"]
    weight: Float[Tensor, "f c"]
    bias: Float[Tensor, " c"]
    steps: int

    def scores(self, features: Float[Tensor, "n f"]) -> Float[Tensor, "n c"]:
        """Return the logit of each class."""
        return standardise(features, self.mean, self.scale) @ self.weight + self.bias


def fit_logistic(
    features: Float[Tensor, "n f"],
    labels: Int[Tensor, " n"],
    *,
    num_classes: int,
    l2: float = 1.0,
    max_steps: int = 200,
) -> Regression:
    """Fit a regression in float64, from zero weights. Features are standardised first.

    A feature that never changes is left out (its scale is 1, its value 0).
    """
    raw = features.double()
    mean, deviation = raw.mean(0), raw.std(0, correction=0)
    scale = torch.where(deviation > 1e-12 * raw.abs().amax(0).clamp(min=1e-300), deviation, 1.0)
    x, y = standardise(raw, mean, scale), labels.long()
    weight = torch.zeros(x.shape[1], num_classes, dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(num_classes, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [weight, bias],
        max_iter=max_steps,
        tolerance_grad=1e-7,
        tolerance_change=1e-12,
        line_search_fn="strong_wolfe",
    )

    def loss() -> Tensor:
        optimizer.zero_grad()
        logits = x @ weight + bias  # (n, f) @ (f, c) -> (n, c)
        value = functional.cross_entropy(logits, y) + l2 / (2 * len(x)) * weight.square().sum()
        torch.autograd.backward(value)
        return value

    run: Any = optimizer.step  # torch declares no types for it
    run(loss)
    steps = int(optimizer.state[weight]["n_iter"])
    return Regression(mean, scale, weight.detach(), bias.detach(), steps)


def standardise(
    features: Float[Tensor, "n f"], mean: Float[Tensor, " f"], scale: Float[Tensor, " f"]
) -> Float[Tensor, "n f"]:
    """Return the features with the mean taken off and divided by the scale, in float64."""
    return (features.double() - mean) / scale
