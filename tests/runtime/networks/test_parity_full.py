"""The paper's networks at full size, with weights by recipe, against the published outputs."""

import pytest
import torch
from torch import Tensor

from helpers.paper_networks import (
    encoder_of,
    fixture_facts,
    load_recipe,
    recipe,
    resnet_of,
    velocity_of,
)
from helpers.parity import cases, tensors

FIXTURE = "full_models_recipe"
TOLERANCE = 2e-4  # in float32, after up to 80 blocks


def made(key: str, *shape: int) -> Tensor:
    return recipe(key, shape, fixture_facts(FIXTURE)["recipe_seed"])


def off(got: Tensor, key: str) -> float:
    want = tensors(FIXTURE)[key]
    return float((got - want).abs().max() / want.abs().max())


@pytest.mark.slow
@pytest.mark.parametrize(("name", "large"), [("cifar10", False), ("afhq", True)])
@torch.no_grad()
def test_an_encoder_at_full_size(name: str, large: bool) -> None:
    case = cases(FIXTURE)[name]
    encoder = encoder_of(case["size"], large=large)
    assert sum(p.numel() for p in encoder.parameters()) == case["encoder_params"]
    load_recipe(encoder, f"{name}.encoder.", fixture_facts(FIXTURE)["recipe_seed"])
    x = made(f"input.{name}.x", case["B"], 3, case["size"], case["size"])
    assert off(encoder(x), f"{name}/encoder_out") < TOLERANCE


@pytest.mark.slow
@pytest.mark.parametrize(("name", "large"), [("cifar10", False), ("case3", False), ("afhq", True)])
@torch.no_grad()
def test_a_velocity_at_full_size(name: str, large: bool) -> None:
    case, stored = cases(FIXTURE)[name], tensors(FIXTURE)
    network = velocity_of(case["size"], case["num_classes"], large=large)
    assert sum(p.numel() for p in network.parameters()) == case["decoder_params"]
    load_recipe(network, f"{name}.decoder.", fixture_facts(FIXTURE)["recipe_seed"])
    x_t = 1.5 * made(f"input.{name}.xt", case["B"], 3, case["size"], case["size"])
    classes = torch.eye(10)[stored[f"{name}/label"]] if case["num_classes"] else None
    velocity = network(x_t, stored[f"{name}/t"], stored[f"{name}/latent"], classes)
    stride = case["decoder_out_stride"]
    assert off(velocity[:, :, ::stride, ::stride], f"{name}/decoder_out") < TOLERANCE


@torch.no_grad()
def test_the_resnet_50_at_full_size() -> None:
    case = cases(FIXTURE)["resnet50"]
    encoder = resnet_of(case["size"])
    assert sum(p.numel() for p in encoder.parameters()) == case["params"]
    load_recipe(encoder, "resnet50.encoder.", fixture_facts(FIXTURE)["recipe_seed"])
    x = made("input.resnet50.x", case["B"], 3, case["size"], case["size"])
    assert off(encoder.features(x), "resnet50/nohead") < TOLERANCE
    assert off(encoder(x), "resnet50/head") < TOLERANCE
