"""Input that breaks a rule: a ValueError that states the rule and the value."""

import re
from collections.abc import Callable

import pytest
import torch
from beartype import beartype
from jaxtyping import jaxtyped
from torch import Tensor

from lzn_runtime.latent import (
    alignment_loss,
    carry_to_anchors,
    class_weights,
    compute_latents,
    nearest_anchor,
)

A = torch.arange(12.0).reshape(4, 3)
NAN = A.clone()
NAN[2, 1] = torch.nan
INF = A.clone()
INF[3, 0] = -torch.inf
EMPTY = A[:0]
ROWS = torch.arange(4)
ABSENT = torch.tensor([1.0, 0.0, 1.0, 1.0])

BAD: dict[str, Callable[[], object]] = {
    "anchors must be finite, got nan in row 2": lambda: compute_latents(NAN, A),
    "anchors must be finite, got -inf in row 3": lambda: compute_latents(INF, A),
    "noise must be finite, got nan in row 2": lambda: compute_latents(A, NAN),
    "pool must be finite, got nan in row 2": lambda: compute_latents(A[:2], A[:2], pool=NAN),
    "support must be finite, got nan in row 2": lambda: compute_latents(A, A, support=NAN),
    "anchors must be a matrix with rows and columns, got shape (0, 3)": lambda: compute_latents(
        EMPTY, EMPTY
    ),
    "anchors must be a matrix with rows and columns, got shape (3,)": lambda: compute_latents(
        A[0], A[0]
    ),
    "support must be a matrix with rows and columns, got shape (0, 3)": lambda: compute_latents(
        A, A, support=EMPTY
    ),
    "anchors must have a floating dtype, got torch.int64": lambda: compute_latents(A.long(), A),
    "noise must have as many columns as anchors, got shape (4, 2) and shape (4, 3)": lambda: (
        compute_latents(A, A[:, :2])
    ),
    "noise must have the shape of anchors, got (3, 3) and (4, 3)": lambda: compute_latents(
        A, A[:3]
    ),
    "pool must have as many columns as anchors, got shape (4, 2) and shape (4, 3)": lambda: (
        compute_latents(A, A, pool=A[:, :2])
    ),
    "offset must be in [0, 1] for 3 anchors in a pool of 4, got 2": lambda: compute_latents(
        A[:3], A[:3], pool=A, offset=2
    ),
    "offset must be in [0, -3] for 4 anchors in a pool of 1, got 0": lambda: compute_latents(
        A, A, pool=A[:1]
    ),
    "offset must be 0 where own is given, got 1": lambda: compute_latents(
        A[:1], A[:1], pool=A, offset=1, own=ROWS[:1]
    ),
    "offset and own are rows of a pool; a support has neither": lambda: compute_latents(
        A, A, support=A, own=ROWS
    ),
    "pool and support exclude each other, got both": lambda: compute_latents(
        A, A, pool=A, support=A
    ),
    "own must be in [0, 4), got 4": lambda: compute_latents(A, A, own=ROWS + 1),
    "own must have an integer dtype, got torch.float32": lambda: compute_latents(
        A, A, own=ROWS.float()
    ),
    "own must name rows of weight above 0, got row 1 of weight 0": lambda: compute_latents(
        A, A, weights=ABSENT
    ),
    "weights must have one entry for each row of anchors, got shape (3,) for 4 rows": lambda: (
        compute_latents(A, A, weights=torch.ones(3))
    ),
    "weights must have one entry for each row of support, got shape (4,) for 3 rows": lambda: (
        compute_latents(A, A, support=A[:3], weights=torch.ones(4))
    ),
    "weights must be at least 0, got -1.0": lambda: carry_to_anchors(A, A, weights=ABSENT - 1),
    "weights must not all be 0": lambda: carry_to_anchors(A, A, weights=torch.zeros(4)),
    "weights must be finite, got nan in row 0": lambda: carry_to_anchors(
        A, A, weights=torch.full((4,), torch.nan)
    ),
    "latents must be finite, got nan in row 2": lambda: carry_to_anchors(NAN, A),
    "anchors must have as many columns as latents, got shape (4, 2) and shape (4, 3)": lambda: (
        carry_to_anchors(A, A[:, :2])
    ),
    "points must be a matrix with rows and columns, got shape (3,)": lambda: nearest_anchor(
        A[0], A
    ),
    "pairing must be in [0, 4), got -1": lambda: alignment_loss(A, A, ROWS - 1),
    "pairing must be in [0, 3), got 3": lambda: alignment_loss(A, A[:3], ROWS),
    "pairing must have one entry for each row of latents, got shape (3,) for 4 rows": lambda: (
        alignment_loss(A, A, ROWS[:3])
    ),
    "pairing must name rows of weight above 0, got row 1 of weight 0": lambda: alignment_loss(
        A, A, ROWS, weights=ABSENT
    ),
    "labels must be in [0, 3), got 3": lambda: class_weights(ROWS, 3),
    "labels must be a vector, not empty, got shape (0,)": lambda: class_weights(ROWS[:0], 3),
    "labels must have an integer dtype, got torch.float32": lambda: class_weights(ROWS.float(), 4),
    "num_classes must be at least 1, got 0": lambda: class_weights(ROWS, 0),
}


@pytest.mark.parametrize("rule", list(BAD))
def test_a_broken_rule_is_stated_with_the_value(rule: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(rule)}$"):
        BAD[rule]()


def test_shapes_are_those_of_the_signatures() -> None:
    def checked(function: Callable[..., object]) -> Callable[..., object]:
        return jaxtyped(typechecker=beartype)(function)

    labels = torch.tensor([0, 1, 1, 3])
    assert isinstance(checked(class_weights)(labels, 4), Tensor)
    assert isinstance(checked(compute_latents)(A, A, weights=torch.ones(4)), Tensor)
    assert isinstance(checked(compute_latents)(A, A, support=A[:2]), Tensor)
    assert isinstance(checked(compute_latents)(A[:2], A[:2], pool=A, offset=1), Tensor)
    assert isinstance(checked(alignment_loss)(A, A[:3], torch.tensor([0, 1, 1, 2])), Tensor)
    assert checked(carry_to_anchors)(A, A[:3]) is not None
