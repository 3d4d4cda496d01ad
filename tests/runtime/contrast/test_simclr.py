"""The contrast of pairs is the equation of its paper."""

import pytest
import torch
from torch import Tensor

from lzn_runtime.contrast.simclr import contrast_of_pairs


def by_equation(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """Equation 1 of arXiv:2002.05709, view by view."""
    views = [*first, *second]
    count = len(first)

    def likeness(i: int, j: int) -> Tensor:
        cosine: Tensor = views[i] @ views[j] / (views[i].norm() * views[j].norm())
        return cosine / temperature

    losses = []
    for i in range(2 * count):
        own = likeness(i, (i + count) % (2 * count)).exp()
        every = [likeness(i, k).exp() for k in range(2 * count) if k != i]
        losses.append(-torch.log(own / torch.stack(every).sum()))
    return torch.stack(losses).mean()


def anchors(seed: int, count: int = 7) -> Tensor:
    rng = torch.Generator().manual_seed(seed)
    return torch.randn(count, 5, generator=rng, dtype=torch.float64)


@pytest.mark.parametrize("temperature", [0.1, 0.5, 2.0])
def test_it_is_the_equation(temperature: float) -> None:
    first, second = anchors(0), anchors(1)
    found = contrast_of_pairs(first, second, temperature=temperature)
    torch.testing.assert_close(found, by_equation(first, second, temperature), rtol=1e-12, atol=0)


def test_its_gradient_is_that_of_the_value() -> None:
    first, second = anchors(0, 3).requires_grad_(), anchors(1, 3).requires_grad_()
    assert torch.autograd.gradcheck(
        lambda a, b: contrast_of_pairs(a, b, temperature=0.3), (first, second)
    )


def test_lengths_of_anchors_and_the_order_of_views_do_not_matter() -> None:
    first, second = anchors(0), anchors(1)
    want = contrast_of_pairs(first, second, temperature=0.2)
    torch.testing.assert_close(contrast_of_pairs(3 * first, second, temperature=0.2), want)
    torch.testing.assert_close(contrast_of_pairs(second, first, temperature=0.2), want)


def test_equal_views_have_less_loss_and_one_sample_has_none() -> None:
    first, second = anchors(0), anchors(1)
    apart = contrast_of_pairs(first, second, temperature=0.2)
    assert contrast_of_pairs(first, first, temperature=0.2) < apart
    assert contrast_of_pairs(first[:1], second[:1], temperature=0.2) == 0
