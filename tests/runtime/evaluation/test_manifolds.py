"""Precision, recall, discrepancy and neighbours of features, against definitions and libraries."""

import numpy as np
import pytest
import torch
from sklearn.neighbors import KNeighborsClassifier
from torch import Tensor
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
from torch_fidelity.metric_isc import isc_features_to_metric
from torch_fidelity.metric_prc import prc_features_to_metric

from lzn_runtime.evaluation.discrepancy import squared_discrepancy
from lzn_runtime.evaluation.distances import distance_tiles
from lzn_runtime.evaluation.gaussians import fit_gaussian, frechet_distance
from lzn_runtime.evaluation.inception_score import inception_score, split_scores
from lzn_runtime.evaluation.manifolds import overlap, squared_radii
from lzn_runtime.evaluation.neighbours import nearest, votes

CPU = torch.device("cpu")


def clouds(drawn: int = 90, real: int = 70, *, size: int = 5, shift: float = 0.7) -> list[Tensor]:
    generator = torch.Generator().manual_seed(0)
    return [
        torch.randn(drawn, size, generator=generator) + shift,
        torch.randn(real, size, generator=generator),
    ]


@pytest.mark.parametrize("size", [16, 64, 4096])
def test_distances_are_those_of_pairs_whatever_the_tiles(size: int) -> None:
    x, y = clouds()
    found = torch.full((len(x), len(y)), torch.nan, dtype=torch.float64)
    for tile in distance_tiles(x, y, device=CPU, size=size):
        found[tile.rows, tile.columns] = tile.squared
    want = (x[:, None].double() - y.double()).square().sum(2)
    torch.testing.assert_close(found, want, rtol=1e-12, atol=1e-12)


def test_distances_of_near_rows_far_from_zero_are_not_lost() -> None:
    x = 1000 + 1e-3 * torch.arange(6, dtype=torch.float64)[:, None]
    [tile] = distance_tiles(x, x, device=CPU)
    assert tile.squared.diagonal().tolist() == [0.0] * 6
    torch.testing.assert_close(tile.squared.sqrt()[0], 1e-3 * torch.arange(6).double())


@pytest.mark.parametrize("k", [1, 3, 5])
@pytest.mark.parametrize("size", [32, 4096])
def test_precision_and_recall_are_those_of_torch_fidelity(k: int, size: int) -> None:
    drawn, real = clouds(shift=1.2)
    want = prc_features_to_metric(
        drawn.double(),
        real.double(),
        prc_neighborhood=k,
        prc_batch_size=10_000,
        save_cpu_ram=False,
        verbose=False,
    )
    found = overlap(drawn, real, k=k, device=CPU, size=size)
    assert 0 < found.precision < 1
    assert found.precision == pytest.approx(want["precision"], abs=1e-6)
    assert found.recall == pytest.approx(want["recall"], abs=1e-6)


def test_a_copy_is_precise_and_complete_and_one_picture_is_not_complete() -> None:
    _, real = clouds()
    assert overlap(real.clone(), real, k=3, device=CPU) == (1.0, 1.0)
    found = overlap(real[:1].repeat(30, 1), real, k=3, device=CPU)
    assert (found.precision, found.recall) == (1.0, 1 / 70)


def test_radii_reach_to_the_kth_other_sample() -> None:
    places = torch.tensor([[0.0], [1.0], [3.0], [7.0]])
    assert squared_radii(places, k=2, device=CPU, size=3).tolist() == [9.0, 4.0, 9.0, 36.0]
    with pytest.raises(ValueError, match="more than 4 samples, got 4"):
        squared_radii(places, k=4, device=CPU)


@pytest.mark.parametrize("size", [16, 4096])
@pytest.mark.parametrize("sigma", [1.0, 10.0])
def test_discrepancy_is_its_definition(sigma: float, size: int) -> None:
    drawn, real = (cloud.double() for cloud in clouds())

    def kernel(a: Tensor, b: Tensor) -> Tensor:
        return (-torch.cdist(a, b).square() / (2 * sigma**2)).exp().mean()

    want = kernel(drawn, drawn) + kernel(real, real) - 2 * kernel(drawn, real)
    found = squared_discrepancy(drawn, real, sigma=sigma, device=CPU, size=size)
    assert found == pytest.approx(float(want), rel=1e-8)
    assert squared_discrepancy(real, real, sigma=sigma, device=CPU) == pytest.approx(0, abs=1e-15)


def test_inception_score_is_that_of_torch_fidelity() -> None:
    logits = 3 * torch.randn(103, 7, generator=torch.Generator().manual_seed(1))
    for splits in (1, 4, 10):
        want = isc_features_to_metric(logits, splits=splits, shuffle=False)
        found = split_scores(logits.log_softmax(1), splits=splits)
        assert np.mean(found) == pytest.approx(want["inception_score_mean"], rel=1e-5)
        assert np.std(found) == pytest.approx(want["inception_score_std"], rel=1e-4, abs=1e-9)


def test_inception_score_counts_classes_and_bears_impossible_ones() -> None:
    sure = torch.full((12, 5), -torch.inf)
    sure[torch.arange(12), torch.arange(12) % 4] = 0.0
    assert inception_score(sure) == pytest.approx(4)
    assert inception_score(torch.zeros(6, 5)) == pytest.approx(1)


def test_frechet_distance_is_that_of_torch_fidelity() -> None:
    drawn, real = (cloud.double() for cloud in clouds(300, 200))
    left, right = (fid_features_to_statistics(cloud) for cloud in (drawn, real))
    want = fid_statistics_to_metric(left, right, verbose=False)["frechet_inception_distance"]
    found = frechet_distance(fit_gaussian(drawn), fit_gaussian(real))
    assert found == pytest.approx(want, rel=1e-9)


@pytest.mark.parametrize("size", [16, 4096])
@pytest.mark.parametrize("temperature", [None, 0.07])
def test_votes_are_those_of_scikit_learn(temperature: float | None, size: int) -> None:
    samples, others = clouds(60, 80)
    labels = torch.arange(80) % 4

    def weight(distance: np.ndarray) -> np.ndarray:
        return np.exp(-distance / (temperature or 1))

    reader = KNeighborsClassifier(
        9, metric="cosine", weights="uniform" if temperature is None else weight
    )
    want = reader.fit(others.numpy(), labels.numpy()).predict_proba(samples.numpy())
    found = votes(
        nearest(samples, others, k=9, device=CPU, size=size),
        labels,
        num_classes=4,
        temperature=temperature,
    )
    shares = (found / found.sum(1, keepdim=True)).numpy()
    np.testing.assert_allclose(shares, want, atol=1e-5)


def test_a_tie_of_votes_goes_to_the_nearer_class() -> None:
    others = torch.tensor([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0], [0.1, 1.0]])
    labels = torch.tensor([1, 1, 0, 0])
    found = nearest(torch.tensor([[1.0, 0.3]]), others, k=4, device=CPU)
    assert found.rows.tolist() == [[1, 0, 3, 2]]
    assert votes(found, labels, num_classes=2, temperature=None).argmax(1).tolist() == [1]
