"""The U-Net: any size, any condition, every sample on its own."""

from typing import Any

import pytest
import torch
from torch import Tensor

from lzn_runtime.modalities.initialise import initialise
from lzn_runtime.networks.attention import PixelAttention
from lzn_runtime.networks.embedding import TimeFeatures
from lzn_runtime.networks.normalisation import num_groups
from lzn_runtime.networks.unet import UNet


def unet(*, awake: bool = True, **settings: Any) -> UNet:
    sizes = {"channels": 2, "latent_dim": 5, "num_classes": 3, "width": 8, "embedding_dim": 16}
    net = UNet(**(sizes | settings))
    initialise(net, 0)
    if awake:
        rng = torch.Generator().manual_seed(1)
        with torch.no_grad():
            for parameter in net.parameters():
                parameter.add_(0.05 * torch.randn(parameter.shape, generator=rng))
    return net


def inputs(b: int, h: int, w: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    rng = torch.Generator().manual_seed(2)
    x = torch.randn(b, 2, h, w, generator=rng)
    classes = torch.eye(3)[torch.arange(b) % 3]
    return x, torch.linspace(0, 1, b), torch.randn(b, 5, generator=rng), classes


@pytest.mark.parametrize("size", [(8, 8), (28, 28), (32, 32), (15, 9), (1, 1), (2, 17)])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"mults": (1, 2, 4), "blocks": 2},
        {"patch": 2, "attention": True},
        {"patch": 3, "mults": (2,)},
    ],
)
def test_the_velocity_has_the_pictures_shape(
    size: tuple[int, int], settings: dict[str, Any]
) -> None:
    x, t, z, c = inputs(2, *size)
    v = unet(**settings)(x, t, z, c)
    assert v.shape == x.shape
    assert v.dtype == torch.float32
    assert bool(torch.isfinite(v).all())


def test_the_velocity_is_zero_at_the_start() -> None:
    x, t, z, c = inputs(3, 8, 8)
    assert torch.equal(unet(awake=False)(x, t, z, c), torch.zeros_like(x))


@pytest.mark.parametrize("settings", [{}, {"patch": 2, "attention": True, "blocks": 2}])
def test_gradients_reach_every_parameter_and_input(settings: dict[str, Any]) -> None:
    net = unet(**settings)
    given = [i.requires_grad_() for i in inputs(4, 9, 10)]
    net(*given).square().sum().backward()
    named = {**dict(net.named_parameters()), **dict(zip("xtzc", given, strict=True))}
    for name, tensor in named.items():
        assert tensor.grad is not None, name
        assert float(tensor.grad.abs().max()) > 0, name


def test_time_latent_and_classes_change_the_velocity() -> None:
    net = unet()
    x, t, z, c = inputs(3, 8, 8)
    v = net(x, t, z, c).detach()
    for other in (net(x, t.flip(0), z, c), net(x, t, z.flip(0), c), net(x, t, z, c.flip(0))):
        assert float((other.detach() - v)[0].abs().max()) > 1e-3


@pytest.mark.parametrize("size", [5, 16])
def test_a_picture_does_not_depend_on_its_batch_mates(size: int) -> None:
    net = unet(attention=True)
    x, t, z, c = inputs(size, 8, 8)
    whole = net(x, t, z, c)
    one = net(x[3:4], t[3:4], z[3:4], c[3:4])
    torch.testing.assert_close(one[0], whole[3], rtol=1e-4, atol=1e-5)
    order = torch.randperm(size, generator=torch.Generator().manual_seed(0))
    moved = net(x[order], t[order], z[order], c[order])
    # At odd sizes some processors' products take the last rows in another order.
    if size % 16 == 0:
        assert torch.equal(moved, whole[order])
    torch.testing.assert_close(moved, whole[order], rtol=1e-5, atol=1e-6)


def test_it_works_in_double_precision() -> None:
    net = unet().double()
    x, t, z, c = (i.double() for i in inputs(2, 8, 8))
    assert net(x, t, z, c).dtype == torch.float64


@pytest.mark.parametrize(("num_classes", "given"), [(3, None), (3, 4), (0, 3)])
def test_a_wrong_class_vector_is_named(num_classes: int, given: int | None) -> None:
    x, t, z, _ = inputs(2, 8, 8)
    classes = None if given is None else torch.zeros(2, given)
    with pytest.raises(ValueError, match=f"length {num_classes} .* got {given or 0}"):
        unet(num_classes=num_classes)(x, t, z, classes)


def test_time_features_are_finite_bounded_and_tell_times_apart() -> None:
    t = torch.linspace(0, 1, 101)
    features = TimeFeatures(32)(t)
    assert features.shape == (101, 32)
    assert float(features.abs().max()) <= 1
    distances = torch.cdist(features, features) + 10 * torch.eye(101)
    assert float(distances.min()) > 0.1
    with pytest.raises(ValueError, match="must be even and 2 or more, got 3"):
        TimeFeatures(3)


def test_attention_starts_as_the_identity() -> None:
    x = torch.randn(2, 8, 3, 4)
    assert torch.equal(PixelAttention(8)(x), x)


@pytest.mark.parametrize(
    ("channels", "groups"), [(1, 1), (3, 1), (4, 1), (8, 2), (12, 3), (24, 6), (32, 8), (100, 5)]
)
def test_groups_divide_the_channels(channels: int, groups: int) -> None:
    assert num_groups(channels) == groups
