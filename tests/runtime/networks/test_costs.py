"""The costs that `lzn plan` prints are those of the modules that the runtime builds."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from lzn_dsl.registry.builtin import (
    decoders,
    encoders,
    modalities,
    ncsnpp,
    networks,
    resnet,
    samplers,
)
from lzn_dsl.registry.entry import Cost, Kind, Sizes
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component
from lzn_runtime.loading import build_component

_FAMILIES = (modalities, encoders, decoders, ncsnpp, networks, resnet, samplers)
REGISTRY = Registry(tuple(entry for family in _FAMILIES for entry in family.ENTRIES))
PICTURES = [(8, 8, 1, 10), (28, 28, 1, 0), (32, 32, 3, 100), (15, 9, 2, 3), (1, 1, 1, 2)]
CONV: list[dict[str, Any]] = [
    {},
    {"widths": [5], "strides": [2], "hidden": 7},
    {"widths": [16, 32, 64, 64], "strides": [2, 2, 2, 1], "head": "mean"},
    {"widths": [8, 8, 12], "blocks": 2, "residual": True, "anchors": "sphere"},
]
UNET: list[dict[str, Any]] = [
    {},
    {"width": 6, "mults": [1, 1, 2], "blocks": 2},
    {"width": 16, "mults": [2], "attention": True, "embedding": 24},
    {"width": 8, "mults": [1, 2, 4], "patch": 3, "attention": True},
]
NCSNPP: list[dict[str, Any]] = [
    {"width": 8, "mults": [1, 2], "blocks": 1, "attention": [4, 14, 16]},
    {"width": 12, "mults": [1, 1, 2], "blocks": 2, "resample": "fir", "picture_skips": True},
]
# The published counts: settings of the body, of the encoder, of the network; side, classes; counts.
_SMALL: dict[str, Any] = {}
_LARGE = {
    "mults": [1, 1, 2, 2, 2, 2, 2],
    "blocks": 2,
    "resample": "fir",
    "picture_skips": True,
}
PAPER: list[tuple[Kind, str, dict[str, Any], int, int, int, int]] = [
    (Kind.ENCODER, "ncsnpp", _SMALL, 200, 32, 0, 49_790_260),
    (Kind.NETWORK, "ncsnpp", _SMALL, 200, 32, 0, 61_906_819),
    (Kind.NETWORK, "ncsnpp", _SMALL, 200, 32, 10, 61_911_939),
    (
        Kind.ENCODER,
        "ncsnpp",
        {**_LARGE, "latent_sides": [64, 32, 16, 8, 4]},
        200,
        256,
        0,
        87_768_896,
    ),
    (Kind.NETWORK, "ncsnpp", {**_LARGE, "time": "fourier"}, 200, 256, 0, 65_676_949),
    (Kind.ENCODER, "resnet50", {"head": 1}, 256, 224, 0, 24_032_832),
    (Kind.ENCODER, "resnet50", {"head": 2}, 256, 224, 0, 28_231_232),
]


def sizes_of(picture: tuple[int, int, int, int]) -> Sizes:
    height, width, channels, num_classes = picture
    sample = {"height": height, "width": width, "channels": channels}
    return Sizes(latent_dim=12, sample=sample, num_classes=num_classes)


def declared(kind: Kind, component: Component, sizes: Sizes) -> Cost:
    cost = REGISTRY.get(kind, component.name).cost
    assert cost is not None
    return cost(REGISTRY.settings(kind, component), sizes, REGISTRY)


def flops_of(module: nn.Module, *inputs: Tensor | None) -> int:
    # The counter does not know the fused attention of the CPU; the plain one is made of products.
    with (
        sdpa_kernel(SDPBackend.MATH),
        FlopCounterMode(display=False) as counter,
        torch.no_grad(),
    ):
        module(*inputs)
    return int(counter.get_total_flops())


def kept_numbers(module: nn.Module, *inputs: Tensor | None) -> int:
    """Count the numbers that autograd keeps for the backward, parameters left out."""
    own = {p.untyped_storage().data_ptr() for p in module.parameters()}
    kept: dict[int, int] = {}
    alive: list[Tensor] = []

    def pack(tensor: Tensor) -> Tensor:
        alive.append(tensor)  # so that no other tensor gets its place in memory
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            kept[storage.data_ptr()] = storage.nbytes() // 4
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        module(*inputs)
    return sum(kept.values())


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("settings", CONV)
def test_cost_of_the_conv_encoder(
    settings: dict[str, Any], picture: tuple[int, int, int, int]
) -> None:
    sizes, component = sizes_of(picture), Component(name="conv", settings=settings)
    cost = declared(Kind.ENCODER, component, sizes)
    encoder = build_component(Kind.ENCODER, component, sizes, REGISTRY)
    samples = torch.zeros(1, picture[2], picture[0], picture[1])
    assert cost.parameters == sum(p.numel() for p in encoder.parameters())
    assert cost.flops == flops_of(encoder, samples)
    if picture[0] > 8:
        assert cost.activations == pytest.approx(kept_numbers(encoder, samples), rel=0.15)


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("settings", UNET)
def test_cost_of_the_unet(settings: dict[str, Any], picture: tuple[int, int, int, int]) -> None:
    sizes = sizes_of(picture)
    component = Component(name="unet", settings=settings)
    cost = declared(Kind.NETWORK, component, sizes)
    network = build_component(Kind.NETWORK, component, sizes, REGISTRY)
    x = torch.zeros(1, picture[2], picture[0], picture[1])
    classes = torch.zeros(1, sizes.num_classes) if sizes.num_classes else None
    inputs = (x, torch.zeros(1), torch.zeros(1, sizes.latent_dim), classes)
    assert cost.parameters == sum(p.numel() for p in network.parameters())
    assert cost.flops == pytest.approx(flops_of(network, *inputs), rel=0.02)
    if picture[0] > 8:
        assert cost.activations == pytest.approx(kept_numbers(network, *inputs), rel=0.15)


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("settings", NCSNPP)
def test_cost_of_the_ncsnpp_network(
    settings: dict[str, Any], picture: tuple[int, int, int, int]
) -> None:
    sizes = sizes_of(picture)
    time = {"time": "fourier", "scale_by_time": True} if "resample" in settings else {}
    component = Component(name="ncsnpp", settings={**settings, **time})
    cost = declared(Kind.NETWORK, component, sizes)
    network = build_component(Kind.NETWORK, component, sizes, REGISTRY)
    x = torch.zeros(1, picture[2], picture[0], picture[1])
    classes = torch.zeros(1, sizes.num_classes) if sizes.num_classes else None
    inputs = (x, torch.ones(1), torch.zeros(1, sizes.latent_dim), classes)
    assert cost.parameters == sum(p.numel() for p in network.parameters())
    assert cost.flops == pytest.approx(flops_of(network, *inputs), rel=0.02)
    if picture[0] > 8:
        assert cost.activations == pytest.approx(kept_numbers(network, *inputs), rel=0.15)


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("settings", NCSNPP)
def test_cost_of_the_ncsnpp_encoder(
    settings: dict[str, Any], picture: tuple[int, int, int, int]
) -> None:
    sizes = sizes_of(picture)
    taps = {"latent_channels": 3, "latent_units": 7}
    component = Component(name="ncsnpp", settings={**settings, **taps})
    cost = declared(Kind.ENCODER, component, sizes)
    encoder = build_component(Kind.ENCODER, component, sizes, REGISTRY)
    samples = torch.zeros(1, picture[2], picture[0], picture[1])
    assert cost.parameters == sum(p.numel() for p in encoder.parameters())
    assert cost.flops == pytest.approx(flops_of(encoder, samples), rel=0.02)
    if picture[0] > 8:
        assert cost.activations == pytest.approx(kept_numbers(encoder, samples), rel=0.15)


@pytest.mark.parametrize("head", [1, 2])
@pytest.mark.parametrize("side", [32, 45])
def test_cost_of_the_resnet(head: int, side: int) -> None:
    sizes = sizes_of((side, side, 3, 0))
    component = Component(name="resnet50", settings={"head": head})
    cost = declared(Kind.ENCODER, component, sizes)
    encoder = build_component(Kind.ENCODER, component, sizes, REGISTRY)
    samples = torch.zeros(1, 3, side, side)
    assert cost.parameters == sum(p.numel() for p in encoder.parameters())
    assert cost.flops == pytest.approx(flops_of(encoder, samples), rel=0.02)
    assert cost.activations == pytest.approx(kept_numbers(encoder, samples), rel=0.15)


@pytest.mark.parametrize(("kind", "name", "settings", "dim", "side", "classes", "count"), PAPER)
def test_the_papers_networks_have_the_published_number_of_parameters(
    kind: Kind,
    name: str,
    settings: dict[str, Any],
    dim: int,
    side: int,
    classes: int,
    count: int,
) -> None:
    sizes = Sizes(dim, {"height": side, "width": side, "channels": 3}, classes)
    assert declared(kind, Component(name=name, settings=settings), sizes).parameters == count


def test_a_decoder_costs_what_its_network_costs() -> None:
    sizes = sizes_of(PICTURES[0])
    network = Component(name="unet", settings={"width": 8})
    flow = Component(name="flow", settings={"network": network.model_dump()})
    assert declared(Kind.DECODER, flow, sizes) == declared(Kind.NETWORK, network, sizes)
