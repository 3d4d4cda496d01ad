"""The flow at rho = 0: its value and its slope against those of the definition."""

import pytest
import torch
from jaxtyping import Float
from torch import Tensor

from lzn_runtime.latent.attention import Block
from lzn_runtime.latent.origin import moments_of, see, slope

POINTS, ANCHORS, WIDTH = 3, 5, 4


def draw(*shape: int, seed: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def definition(
    rho: Tensor, noise: Tensor, anchors: Tensor, log_weights: Tensor
) -> Float[Tensor, "b q"]:
    """Return f of points that see anchors (b, n, q), of which the reference is the one at k."""
    own = anchors[torch.arange(POINTS), torch.arange(POINTS) + 1]
    away = anchors - own[:, None]
    logits = log_weights - rho**2 * away.square().sum(-1) / 2
    logits = logits + rho * (noise[:, None] * away).sum(-1)
    return (torch.softmax(logits, -1)[..., None] * away).sum(1)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("elsewhere", [False, True])
def test_value_and_slope_are_those_of_the_definition(*, weighted: bool, elsewhere: bool) -> None:
    """A reference may lie elsewhere than the anchor whose place it takes, and then counts."""
    pool, noise = draw(ANCHORS, WIDTH, seed=1) + 3, draw(POINTS, WIDTH, seed=2)
    index = torch.arange(POINTS) + 1
    own = draw(POINTS, WIDTH, seed=3) if elsewhere else pool[index]
    log_weights = draw(ANCHORS, seed=4) if weighted else torch.zeros(ANCHORS, dtype=torch.float64)
    if weighted:
        log_weights[0] = -torch.inf
    block = Block(pool, log_weights if weighted else None, own, index, torch.empty(0), ())
    seen = see(moments_of(pool, block.log_weights), block)
    each = pool.repeat(POINTS, 1, 1)
    each[torch.arange(POINTS), index] = own

    def flow(rho: Tensor) -> Tensor:
        return definition(rho, noise, each, log_weights)

    zero = torch.zeros((), dtype=torch.float64)
    torch.testing.assert_close(seen.drift, flow(zero))
    torch.testing.assert_close(slope(seen, noise), torch.func.jacrev(flow)(zero))
