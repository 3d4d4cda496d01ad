"""A linear classifier of anchors, whose weights are the anchors of the classes.

Dimensions: b samples, c classes, q anchor size.
"""

import math

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

_ALIGNED = 16
"""Rows of a product whose length is a multiple of this round alike in any place of a batch."""


def class_scores(
    anchors: Float[Tensor, "b q"], classes: Float[Tensor, "c q"]
) -> Float[Tensor, "b c"]:
    """Return the score of each class, a_i . w_c / sqrt(q); softmax makes probabilities of it.

    Divided by sqrt(q), scores are of the order of 1 for anchors and weights drawn from N(0, I).
    """
    count, size = classes.shape
    filled = functional.pad(classes, (0, 0, 0, -count % _ALIGNED))
    scores: Tensor = anchors @ filled.T  # (b, q) @ (q, c)
    return scores[:, :count] / math.sqrt(size)
