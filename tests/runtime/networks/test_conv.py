"""The convolutional encoder: any size, every picture on its own."""

from typing import Any

import pytest
import torch

from lzn_dsl.registry.builtin import encoders
from lzn_dsl.registry.builtin.encoders import ConvSettings
from lzn_dsl.registry.entry import Sizes
from lzn_dsl.registry.registry import Registry
from lzn_runtime.modalities.initialise import initialise
from lzn_runtime.networks.conv import ConvEncoder, build_conv

REGISTRY = Registry(encoders.ENTRIES)
SETTINGS: list[dict[str, Any]] = [
    {},
    {"blocks": 2, "residual": True},
    {"head": "mean", "hidden": 9},
    {"widths": [4], "strides": [2], "anchors": "sphere"},
]


def encoder(size: tuple[int, int] = (8, 8), **settings: Any) -> ConvEncoder:
    sample = {"height": size[0], "width": size[1], "channels": 2}
    given = ConvSettings.model_validate({"widths": [8, 12, 16]} | settings)
    built = build_conv(given, Sizes(latent_dim=6, sample=sample), REGISTRY)
    initialise(built, 0)
    return built


def pictures(b: int, h: int = 8, w: int = 8) -> torch.Tensor:
    return torch.rand(b, 2, h, w, generator=torch.Generator().manual_seed(1)) * 2 - 1


@pytest.mark.parametrize("size", [(8, 8), (28, 28), (32, 32), (15, 9), (1, 1), (2, 17)])
@pytest.mark.parametrize("settings", SETTINGS)
def test_anchors_and_features_have_their_shapes(
    size: tuple[int, int], settings: dict[str, Any]
) -> None:
    net, x = encoder(size, **settings), pictures(3, *size)
    anchors, features = net(x), net.features(x)
    assert anchors.shape == (3, 6)
    assert anchors.dtype == torch.float32
    assert bool(torch.isfinite(anchors).all())
    assert features.ndim == 2
    assert features.shape[0] == 3
    assert features.is_contiguous()


def test_features_are_what_the_head_reads() -> None:
    net, x = encoder(hidden=9), pictures(3)
    torch.testing.assert_close(net.head(net.features(x)), net(x))


def test_anchors_can_lie_on_a_sphere_and_be_scaled() -> None:
    anchors = encoder(anchors="sphere", scale=2.0)(pictures(3))
    torch.testing.assert_close(anchors.square().mean(1), torch.full((3,), 4.0))


@pytest.mark.parametrize("settings", SETTINGS)
def test_gradients_reach_every_parameter(settings: dict[str, Any]) -> None:
    net = encoder(**settings)
    net(pictures(6)).square().sum().backward()
    for name, parameter in net.named_parameters():
        assert parameter.grad is not None, name
        assert float(parameter.grad.abs().max()) > 0, name


@pytest.mark.parametrize("settings", SETTINGS)
def test_an_anchor_does_not_depend_on_its_batch_mates(settings: dict[str, Any]) -> None:
    net, x = encoder(**settings).train(), pictures(7)
    whole = net(x)
    torch.testing.assert_close(net(x[4:5])[0], whole[4], rtol=1e-4, atol=1e-5)
    order = torch.randperm(7, generator=torch.Generator().manual_seed(3))
    torch.testing.assert_close(net(x[order]), whole[order], rtol=1e-5, atol=1e-6)
