import math

import pytest
import torch
from scipy.linalg import sqrtm

from lzn_runtime.evaluation.gaussians import Gaussian, fit_gaussian, frechet_distance


def normal(count: int, size: int, *, seed: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    mixing = torch.randn(size, size, generator=generator, dtype=torch.float64)
    shift = torch.randn(size, generator=generator, dtype=torch.float64)
    return torch.randn(count, size, generator=generator, dtype=torch.float64) @ mixing + shift


def by_definition(first: Gaussian, second: Gaussian) -> float:
    """|m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)), with SciPy's matrix root."""
    root = torch.as_tensor(sqrtm((first.covariance @ second.covariance).numpy()).real)
    covariances = first.covariance + second.covariance - 2 * root
    return float((first.mean - second.mean).square().sum() + covariances.trace())


def test_mean_and_covariance_are_the_unbiased_ones_in_float64() -> None:
    features = normal(30, 4, seed=0).float()
    fitted = fit_gaussian(features)
    assert fitted.mean.dtype == fitted.covariance.dtype == torch.float64
    torch.testing.assert_close(fitted.mean, features.double().mean(0))
    torch.testing.assert_close(fitted.covariance, features.double().T.cov())


def test_distance_of_axis_aligned_gaussians_is_the_closed_form() -> None:
    first = Gaussian(
        torch.tensor([1.0, 2.0], dtype=torch.float64),
        torch.diag(torch.tensor([4.0, 9.0], dtype=torch.float64)),
    )
    second = Gaussian(
        torch.tensor([0.0, 4.0], dtype=torch.float64),
        torch.diag(torch.tensor([1.0, 0.25], dtype=torch.float64)),
    )
    # Squared distance of means, plus that of standard deviations.
    want = (1 + 4) + ((2 - 1) ** 2 + (3 - 0.5) ** 2)
    assert math.isclose(frechet_distance(first, second), want, rel_tol=1e-12)


@pytest.mark.parametrize(("size", "count"), [(1, 50), (5, 200), (32, 400)])
def test_distance_agrees_with_the_matrix_root(size: int, count: int) -> None:
    first = fit_gaussian(normal(count, size, seed=1))
    second = fit_gaussian(normal(count, size, seed=2))
    got = frechet_distance(first, second)
    assert math.isclose(got, by_definition(first, second), rel_tol=1e-7)
    assert math.isclose(got, frechet_distance(second, first), rel_tol=1e-9)


def test_distance_agrees_with_torchmetrics() -> None:
    image = pytest.importorskip("torchmetrics.image.fid")
    first, second = (fit_gaussian(normal(300, 16, seed=s)) for s in (3, 4))
    want = image._compute_fid(first.mean, first.covariance, second.mean, second.covariance)
    assert math.isclose(frechet_distance(first, second), float(want), rel_tol=1e-6)


@pytest.mark.parametrize("ridge", [0.0, 1e-6, 1.0])
def test_equal_gaussians_are_at_distance_zero(ridge: float) -> None:
    fitted = fit_gaussian(normal(100, 8, seed=5))
    assert frechet_distance(fitted, fitted, ridge=ridge) < 1e-6


def test_fewer_samples_than_features_give_a_finite_distance() -> None:
    first, second = fit_gaussian(normal(3, 64, seed=6)), fit_gaussian(normal(2, 64, seed=7))
    apart = frechet_distance(first, second, ridge=1e-6)
    assert math.isfinite(apart)
    # Of covariances of rank 2 and 1 the root of the product is that of a 1 x 1 matrix.
    assert (
        0
        < apart
        < float((first.mean - second.mean).square().sum())
        + float(first.covariance.trace() + second.covariance.trace())
        + 1e-3
    )


def test_a_shift_costs_its_square_even_for_constant_features() -> None:
    still = fit_gaussian(torch.zeros(10, 3))
    moved = fit_gaussian(torch.full((10, 3), 2.0))
    assert math.isclose(frechet_distance(still, moved, ridge=1e-6), 12.0, rel_tol=1e-9)


def test_what_cannot_be_fitted_is_refused() -> None:
    with pytest.raises(ValueError, match="2 or more"):
        fit_gaussian(torch.zeros(1, 3))
    fitted = fit_gaussian(torch.zeros(2, 3))
    with pytest.raises(ValueError, match="ridge must be 0 or more, got -1"):
        frechet_distance(fitted, fitted, ridge=-1)
