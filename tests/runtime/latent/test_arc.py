"""The great arc: what is between two draws from N(0, I) is like a draw from it."""

import math

import torch

from lzn_runtime.latent.arc import great_arc


def _draws(count: int, size: int, seed: int) -> torch.Tensor:
    return torch.randn(count, size, generator=torch.Generator().manual_seed(seed))


def test_ends_are_the_points_themselves_to_the_bit() -> None:
    start, end = _draws(8, 5, 0), _draws(8, 5, 1)
    assert torch.equal(great_arc(start, end, torch.zeros(8)), start)
    assert torch.equal(great_arc(start, end, torch.ones(8)), end)


def test_direction_turns_at_a_constant_rate_and_radius_goes_evenly() -> None:
    start, end = torch.tensor([[2.0, 0.0, 0.0]]), torch.tensor([[0.0, 4.0, 0.0]])
    for share in (0.25, 0.5, 0.75):
        point = great_arc(start, end, torch.tensor([share]))[0]
        torch.testing.assert_close(float(point.norm()), 2 + 2 * share)
        assert math.isclose(math.atan2(point[1], point[0]), share * math.pi / 2, rel_tol=1e-5)


def test_points_between_draws_lie_where_draws_lie() -> None:
    start, end = _draws(20_000, 32, 0), _draws(20_000, 32, 1)
    middle = great_arc(start, end, torch.full((20_000,), 0.5))
    assert abs(float(middle.square().sum(1).mean()) / 32 - 1) < 0.02
    assert middle.mean(0).abs().max() < 0.04
    covariance = middle.T @ middle / len(middle)
    assert (covariance - torch.eye(32)).abs().max() < 0.05
    straight = torch.lerp(start, end, 0.5)
    assert float(straight.square().sum(1).mean()) / 32 < 0.52


def test_equal_opposite_and_absent_directions_give_a_straight_line() -> None:
    point = _draws(3, 6, 2)
    half = torch.full((3,), 0.5)
    torch.testing.assert_close(great_arc(point, point, half), point)
    torch.testing.assert_close(great_arc(point, -point, half), torch.zeros(3, 6))
    torch.testing.assert_close(great_arc(point, torch.zeros(3, 6), half), point / 2)
    almost = great_arc(point, point * (1 + 1e-7), half)
    assert bool(almost.isfinite().all())
    torch.testing.assert_close(almost, point)


def test_pictures_keep_their_shape() -> None:
    start, end = torch.randn(2, 3, 4, 4), torch.randn(2, 3, 4, 4)
    assert great_arc(start, end, torch.tensor([0.3, 0.6])).shape == (2, 3, 4, 4)
