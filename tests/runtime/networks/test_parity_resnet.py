"""The ResNet with group norm against numbers of the published code, with weights by recipe."""

import pytest
import torch

from helpers.paper_networks import fixture_facts, load_recipe
from helpers.parity import cases, tensors, worst
from lzn_runtime.networks.resnet import ResNetEncoder


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 1e-5)])
def test_features_and_anchors_are_the_published_ones(dtype: torch.dtype, tolerance: float) -> None:
    case = cases("resnet")["h128"]
    encoder = ResNetEncoder(channels=3, latent_dim=128, stages=(1, 1, 1, 1), head=2)
    load_recipe(encoder, case["prefix"], fixture_facts("resnet")["recipe_seed"])
    assert sum(p.numel() for p in encoder.parameters()) == case["num_parameters"]
    encoder = encoder.to(dtype)
    x = tensors("resnet")["in/x"].to(dtype)
    with torch.no_grad():
        assert worst(encoder.features(x), "resnet", "h128/nohead") < tolerance
        assert worst(encoder(x), "resnet", "h128/head") < tolerance


def test_grey_pictures_are_taken_as_well() -> None:
    encoder = ResNetEncoder(channels=1, latent_dim=8, stages=(1, 1, 1, 1))
    assert encoder(torch.zeros(2, 1, 8, 8)).shape == (2, 8)
