"""Frechet distance and inception score agree with torchmetrics on the same features."""

import pytest
import torch
from torch import Tensor, nn
from torchmetrics.image.fid import FrechetInceptionDistance
from torchmetrics.image.inception import InceptionScore

from lzn_runtime.evaluation.gaussians import fit_gaussian, frechet_distance
from lzn_runtime.evaluation.inception_score import inception_score

_FEATURES = 6


class Flat(nn.Module):
    """Passes features through, in the shape of small pictures."""

    num_features = _FEATURES

    def forward(self, pictures: Tensor) -> Tensor:
        return pictures.flatten(1).double()


def draw(count: int, *, seed: int, shift: float = 0.0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    mixing = torch.randn(_FEATURES, _FEATURES, generator=generator)
    return torch.randn(count, _FEATURES, generator=generator) @ mixing + shift


def pictures(features: Tensor) -> Tensor:
    return features.view(len(features), 3, 2, 1)


def test_frechet_distance() -> None:
    real, drawn = draw(200, seed=0), draw(150, seed=1, shift=0.5)
    theirs = FrechetInceptionDistance(feature=Flat(), normalize=True).set_dtype(torch.float64)
    theirs.update(pictures(real).double(), real=True)
    theirs.update(pictures(drawn).double(), real=False)
    ours = frechet_distance(fit_gaussian(real.double()), fit_gaussian(drawn.double()))
    torch.testing.assert_close(ours, float(theirs.compute()), rtol=1e-6, atol=1e-6)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_inception_score() -> None:
    scores = draw(120, seed=2)
    theirs = InceptionScore(feature=Flat(), splits=1)
    theirs.update(pictures(scores).double())
    ours = inception_score(scores.double().log_softmax(1))
    torch.testing.assert_close(ours, float(theirs.compute()[0]), rtol=1e-6, atol=0)
