"""First weights: a function of the seed and the names alone."""

import pytest
import torch
from torch import Tensor, nn

from lzn_runtime.modalities.initialise import initialise
from lzn_runtime.networks.unet import UNet


def weights(module: nn.Module) -> dict[str, Tensor]:
    return {name: p.detach().clone() for name, p in module.named_parameters()}


def test_weights_do_not_depend_on_the_order_of_construction() -> None:
    first, second = nn.Linear(3, 4), nn.Conv2d(1, 2, 3)
    one = nn.ModuleDict({"a": first, "b": second})
    two = nn.ModuleDict({"b": nn.Conv2d(1, 2, 3), "c": nn.Linear(1, 1), "a": nn.Linear(3, 4)})
    initialise(one, 5)
    initialise(two, 5)
    assert {k: v.tolist() for k, v in weights(one).items()} == {
        k: v.tolist() for k, v in weights(two).items() if not k.startswith("c")
    }


def test_weights_depend_on_seed_and_prefix() -> None:
    layer = nn.Linear(3, 4)
    drawn = []
    for seed, prefix in ((0, "image"), (1, "image"), (0, "photo"), (0, "image")):
        initialise(layer, seed, prefix=prefix)
        drawn.append(layer.weight.detach().clone())
    assert torch.equal(drawn[0], drawn[3])
    assert not torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn[0], drawn[2])


def test_layers_of_the_same_shape_differ() -> None:
    first, second = nn.Linear(3, 4), nn.Linear(3, 4)
    initialise(nn.ModuleList([first, second]), 0)
    assert not torch.equal(first.weight, second.weight)


def test_the_global_random_state_is_left_alone() -> None:
    net = UNet(channels=1, latent_dim=2, num_classes=0, width=8)
    before = torch.random.get_rng_state()
    initialise(net, 0)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_special_first_weights_are_kept() -> None:
    net = UNet(channels=1, latent_dim=2, num_classes=0, width=8, attention=True)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.fill_(torch.nan)
    initialise(net, 0)
    assert all(bool(torch.isfinite(p).all()) for p in net.parameters())
    start = {name: p.detach().abs().max().item() for name, p in net.named_parameters()}
    usual = (16 * 9) ** -0.5  # torch's bound for a 3x3 convolution of 16 channels
    assert start["output.weight"] == 0
    assert start["attention.output.weight"] == 0
    assert 0.5 * usual < start["middle.conv1.weight"] <= usual
    assert 0.05 * usual < start["middle.conv2.weight"] <= 0.1 * usual
    assert start["middle.conv2.bias"] == 0
    assert start["norm.weight"] == 1


def test_a_module_that_cannot_draw_its_parameters_is_named() -> None:
    class Strange(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.zeros(2))

    with pytest.raises(ValueError, match=r"`a\.0` \(Strange\) has none"):
        initialise(nn.ModuleDict({"a": nn.Sequential(Strange())}), 0)


def test_weights_are_drawn_on_the_cpu() -> None:
    with pytest.raises(ValueError, match="drawn on the CPU, but `x` is on another device"):
        initialise(nn.Linear(2, 2, device="meta"), 0, prefix="x")
