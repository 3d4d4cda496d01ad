"""Rules for what callers hand in, checked with one transfer from the device.

Shapes and dtypes are known on the host. Rules about values are gathered as one-element tensors and
read together, so that a call waits for the device once.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from jaxtyping import Bool
from torch import Tensor


class Rule(NamedTuple):
    """A rule about values: whether it holds, and what to say, worked out only if it does not."""

    holds: Bool[Tensor, ""]
    complaint: Callable[[], str]


def require(*rules: Rule) -> None:
    """Raise `ValueError` with the complaint of the first rule that does not hold."""
    flags = torch.stack([rule.holds for rule in rules]).tolist()
    for rule, holds in zip(rules, flags, strict=True):
        if not holds:
            raise ValueError(rule.complaint())


def finite(name: str, values: Tensor) -> Rule:
    """All values are finite."""

    def complaint() -> str:
        flat = values.detach().flatten()
        where = int((~torch.isfinite(flat)).nonzero()[0])
        row = where // max(values[0].numel(), 1)
        return f"{name} must be finite, got {float(flat[where])} in row {row}"

    return Rule(torch.isfinite(values.detach()).all(), complaint)


def in_range(name: str, values: Tensor, size: int) -> Rule:
    """All values are in [0, size)."""

    def complaint() -> str:
        outside = values[(values < 0) | (values >= size)]
        return f"{name} must be in [0, {size}), got {int(outside[0])}"

    return Rule(((values >= 0) & (values < size)).all(), complaint)


def weights_rules(weights: Tensor) -> list[Rule]:
    """Weights are finite, at least zero, and not all zero."""

    def negative() -> str:
        return f"weights must be at least 0, got {float(weights.min())}"

    return [
        finite("weights", weights),
        Rule((weights >= 0).all(), negative),
        Rule((weights > 0).any(), lambda: "weights must not all be 0"),
    ]


def positive_at(name: str, index: Tensor, weights: Tensor) -> Rule:
    """Every row that `index` names has a weight above zero; out of range is another rule's."""
    at = weights[index.clamp(0, weights.shape[0] - 1).long()]

    def complaint() -> str:
        row = int(index[at <= 0][0])
        return f"{name} must name rows of weight above 0, got row {row} of weight 0"

    return Rule((at > 0).all(), complaint)


def points(name: str, values: Tensor, *, like: tuple[str, Tensor] | None = None) -> None:
    """Check that `values` is a matrix of floats, not empty, and as wide as `like`."""
    if values.ndim != 2 or 0 in values.shape:
        raise ValueError(f"{name} must be a matrix with rows and columns, got {_shape(values)}")
    if not values.is_floating_point():
        raise ValueError(f"{name} must have a floating dtype, got {values.dtype}")
    if like is None:
        return
    other_name, other = like
    if values.shape[1] != other.shape[1]:
        raise ValueError(
            f"{name} must have as many columns as {other_name}, "
            f"got {_shape(values)} and {_shape(other)}"
        )
    if values.device != other.device:
        raise ValueError(
            f"{name} must be on the device of {other_name}, got {values.device} and {other.device}"
        )


def vector(name: str, values: Tensor, size: int, *, of: str) -> None:
    """Check that `values` has one entry for each of the `size` rows of `of`."""
    if values.shape != (size,):
        raise ValueError(
            f"{name} must have one entry for each row of {of}, got {_shape(values)} for {size} rows"
        )


def indices(name: str, values: Tensor, size: int, *, of: str) -> None:
    """Check that `values` holds one integer for each of the `size` rows of `of`."""
    vector(name, values, size, of=of)
    if values.dtype not in (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8):
        raise ValueError(f"{name} must have an integer dtype, got {values.dtype}")


def _shape(values: Tensor) -> str:
    return f"shape {tuple(values.shape)}"
