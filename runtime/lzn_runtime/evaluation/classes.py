"""Counting classes. Dimensions: n samples, c classes."""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from pydantic import JsonValue
from torch import Tensor

_LARGEST = 200
"""Classes up to which a confusion matrix is kept."""


def confusion_matrix(
    truth: Int[Tensor, " n"], guess: Int[Tensor, " n"], *, num_classes: int
) -> Int[Tensor, "c c"]:
    """Return how often class i (row) was taken for class j (column)."""
    cells = truth.long() * num_classes + guess.long()
    return torch.bincount(cells, minlength=num_classes**2).view(num_classes, num_classes)


def class_table(matrix: Int[Tensor, "c c"], names: Sequence[str]) -> dict[str, JsonValue]:
    """Return names, share right and count of each class, and the matrix where it is not too large.

    A class without samples has no share: None.
    """
    counts = matrix.sum(1).tolist()
    right = matrix.diagonal().tolist()
    shares: list[JsonValue] = [r / n if n else None for r, n in zip(right, counts, strict=True)]
    found: dict[str, JsonValue] = {
        "classes": list(names),
        "per_class": shares,
        "per_class_count": counts,
    }
    if len(matrix) <= _LARGEST:
        found["confusion"] = matrix.tolist()
    return found


def top_k_correct(
    scores: Float[Tensor, "n c"], truth: Int[Tensor, " n"], *, k: int
) -> Int[Tensor, ""]:
    """Return for how many samples fewer than k classes have a better score than the true one.

    Ties count against the guess, except with the true class itself.
    """
    own = scores.gather(1, truth[:, None])
    others = (scores >= own).sum(1) - 1
    return (others < k).sum()


def top_k_share(
    scores: Float[Tensor, "n c"], truth: Int[Tensor, " n"], *, k: int
) -> dict[str, JsonValue]:
    """Return k and that share under `top_k`; nothing where there are no more than k classes."""
    if scores.shape[1] <= k:
        return {}
    return {"top_k": {"k": k, "value": int(top_k_correct(scores, truth, k=k)) / len(truth)}}
