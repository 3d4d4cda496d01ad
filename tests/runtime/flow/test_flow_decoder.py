"""Rectified flow: the loss by its definition, drawing and inverting, no hidden randomness."""

import math

import pytest
import torch
from torch import Tensor, nn

from lzn_runtime import randomness
from lzn_runtime.flow.decoder import FlowDecoder
from lzn_runtime.flow.dormand_prince import DormandPrince
from lzn_runtime.flow.euler import Euler
from lzn_runtime.flow.rectified_flow import flow_loss, point_on_line
from lzn_runtime.modalities.initialise import initialise
from lzn_runtime.networks.unet import UNet

SHAPE = (1, 6, 5)
KEY = randomness.key(0, "test")


class Exact(nn.Module):
    """Velocity of the flow to one point per sample, told by its latent: x_1 = latent everywhere.

    E[x - noise | x_t] = (x_1 - x_t) / (1 - t).
    """

    def forward(self, x_t: Tensor, t: Tensor, latents: Tensor, classes: Tensor | None) -> Tensor:
        target = latents[:, :1, None, None].expand_as(x_t)
        return (target - x_t) / (1 - t)[:, None, None, None].clamp_min(1e-3)


class Shift(nn.Module):
    """The constant velocity that the latent and the class vector tell."""

    def forward(self, x_t: Tensor, t: Tensor, latents: Tensor, classes: Tensor | None) -> Tensor:
        v = latents[:, 0] + (0 if classes is None else classes.argmax(1))
        return v[:, None, None, None].expand_as(x_t)


def small_unet(width: int = 8) -> UNet:
    net = UNet(channels=1, latent_dim=4, num_classes=3, width=width, embedding_dim=16)
    initialise(net, 0)
    rng = torch.Generator().manual_seed(1)
    with torch.no_grad():  # away from the silent start
        for parameter in net.parameters():
            parameter.add_(0.02 * torch.randn(parameter.shape, generator=rng))
    return net


def inputs(b: int = 8) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    rng = torch.Generator().manual_seed(2)
    x = torch.rand(b, *SHAPE, generator=rng) * 2 - 1
    return x, torch.randn(b, 4, generator=rng), torch.eye(3)[torch.arange(b) % 3], torch.arange(b)


def test_the_line_goes_from_noise_to_data() -> None:
    x, noise = torch.randn(3, 2, 2), torch.randn(3, 2, 2)
    t = torch.tensor([0.0, 0.25, 1.0])
    got = point_on_line(x, noise, t)
    assert torch.equal(got[0], noise[0])
    assert torch.equal(got[2], x[2])
    torch.testing.assert_close(got[1], 0.25 * x[1] + 0.75 * noise[1])


def test_the_loss_is_a_mean_over_each_samples_numbers() -> None:
    x, noise = torch.randn(3, 2, 2), torch.randn(3, 2, 2)
    velocity = x - noise + torch.tensor([0.0, 1.0, 2.0])[:, None, None]
    torch.testing.assert_close(flow_loss(velocity, x, noise), torch.tensor([0.0, 1.0, 4.0]))


def test_a_silent_network_loses_one_plus_the_mean_square_of_the_data() -> None:
    net = UNet(channels=1, latent_dim=4, num_classes=0, width=8, embedding_dim=16)
    x = torch.full((2_000, *SHAPE), 0.5)
    decoder = FlowDecoder(net, Euler(1), shape=SHAPE)
    with torch.no_grad():
        loss = decoder.loss(
            x, torch.zeros(2_000, 4), classes=None, key=KEY, index=torch.arange(2_000)
        )
    assert loss.shape == (2_000,)
    assert float(loss.mean()) == pytest.approx(1.25, rel=0.02)


@pytest.mark.parametrize(
    ("times", "spread"), [("uniform", 1 / math.sqrt(12)), ("logit_normal", 0.208)]
)
def test_training_times_have_their_distribution(times: str, spread: float) -> None:
    seen: list[Tensor] = []

    class Spy(nn.Module):
        def forward(self, x_t: Tensor, t: Tensor, *rest: object) -> Tensor:
            seen.append(t)
            return x_t

    decoder = FlowDecoder(Spy(), Euler(1), shape=SHAPE, times=times)  # type: ignore[arg-type]  # parametrised
    decoder.loss(
        torch.zeros(20_000, *SHAPE),
        torch.zeros(20_000, 1),
        classes=None,
        key=1,
        index=torch.arange(20_000),
    )
    assert float(seen[0].mean()) == pytest.approx(0.5, abs=0.01)
    assert float(seen[0].std()) == pytest.approx(spread, abs=0.005)
    assert 0 < float(seen[0].min()) < float(seen[0].max()) < 1


def test_a_loss_depends_on_its_sample_key_and_index_alone() -> None:
    x, z, c, index = inputs()
    decoder = FlowDecoder(small_unet(), Euler(2), shape=SHAPE)
    whole = decoder.loss(x, z, classes=c, key=KEY, index=index)
    order = torch.tensor([5, 1, 7])
    part = decoder.loss(x[order], z[order], classes=c[order], key=KEY, index=index[order])
    torch.testing.assert_close(part, whole[order], rtol=1e-5, atol=1e-6)
    again = decoder.loss(x, z, classes=c, key=KEY, index=index)
    assert torch.equal(whole, again)
    assert not torch.allclose(whole, decoder.loss(x, z, classes=c, key=KEY + 1, index=index))


def test_gradients_reach_samples_latents_classes_and_all_parameters() -> None:
    x, z, c, index = inputs()
    net = small_unet()
    for tensor in (x, z, c):
        tensor.requires_grad_()
    loss = FlowDecoder(net, Euler(2), shape=SHAPE).loss(x, z, classes=c, key=KEY, index=index)
    torch.autograd.backward(loss.sum())
    for name, tensor in [("x", x), ("z", z), ("c", c), *net.named_parameters()]:
        assert tensor.grad is not None, name
        assert float(tensor.grad.abs().max()) > 0, name


def test_drawing_carries_noise_to_the_data() -> None:
    _, z, _, index = inputs()
    decoder = FlowDecoder(Exact(), Euler(10), shape=SHAPE)
    got = decoder.sample(z, classes=None, key=KEY, index=index)
    torch.testing.assert_close(got, z[:, :1, None, None].expand(-1, *SHAPE), rtol=1e-4, atol=1e-4)


def test_drawing_and_inverting_heed_latents_classes_noise_and_sampler() -> None:
    x, z, c, index = inputs()
    decoder = FlowDecoder(Shift(), Euler(1), shape=SHAPE)
    for sampler in (None, Euler(3), DormandPrince()):
        shift = (z[:, 0] + c.argmax(1))[:, None, None, None]
        got = decoder.sample(z, classes=c, key=KEY, index=index, noise=x, sampler=sampler)
        torch.testing.assert_close(got, x + shift)
        torch.testing.assert_close(decoder.invert(got, z, classes=c, sampler=sampler), x)


def test_draws_depend_on_key_and_index_and_not_on_the_global_state() -> None:
    _, z, c, index = inputs()
    decoder = FlowDecoder(small_unet(), Euler(3), shape=SHAPE)
    before = torch.random.get_rng_state()
    got = decoder.sample(z, classes=c, key=KEY, index=index)
    assert torch.equal(torch.random.get_rng_state(), before)
    torch.manual_seed(123)
    assert torch.equal(decoder.sample(z, classes=c, key=KEY, index=index), got)
    torch.testing.assert_close(
        decoder.sample(z[3:4], classes=c[3:4], key=KEY, index=index[3:4]),
        got[3:4],
        rtol=0,
        atol=1e-5,
    )
    moved = decoder.sample(z, classes=c, key=KEY, index=index + 100)
    assert not torch.allclose(moved, got)


@pytest.mark.parametrize(
    ("sampler", "tolerance"), [(Euler(100), 2e-2), (DormandPrince(1e-5, 1e-5), 2e-3)]
)
def test_inverting_then_drawing_gives_the_picture_back(
    sampler: Euler | DormandPrince, tolerance: float
) -> None:
    x, z, c, index = inputs(3)
    decoder = FlowDecoder(small_unet(), sampler, shape=SHAPE)
    noise = decoder.invert(x, z, classes=c)
    assert not torch.allclose(noise, x, atol=0.05)
    back = decoder.sample(z, classes=c, key=KEY, index=index, noise=noise)
    torch.testing.assert_close(back, x, rtol=0, atol=tolerance)


@pytest.mark.parametrize("sampler", [Euler(5), DormandPrince(1e-3, 1e-3)])
def test_at_one_batch_size_a_sample_is_bit_for_bit_free_of_its_mates(
    sampler: Euler | DormandPrince,
) -> None:
    x, z, c, _ = inputs(8)
    decoder = FlowDecoder(small_unet(), sampler, shape=SHAPE)
    got = decoder.invert(x, z, classes=c)
    other_x, other_z = x.flip(0).clone(), (3 * z.flip(0)).clone()
    other_x[2], other_z[2] = x[2], z[2]
    other_c = c.flip(0).clone()
    other_c[2] = c[2]
    assert torch.equal(decoder.invert(other_x, other_z, classes=other_c)[2], got[2])


def test_a_flow_begins_at_its_start() -> None:
    seen: list[Tensor] = []

    class Spy(nn.Module):
        def forward(self, x_t: Tensor, t: Tensor, *rest: object) -> Tensor:
            seen.append(t)
            return torch.ones_like(x_t)

    x, z, _, index = inputs()
    decoder = FlowDecoder(Spy(), Euler(3), shape=SHAPE, start=0.1)
    drawn = decoder.sample(z, classes=None, key=KEY, index=index, noise=x)
    torch.testing.assert_close(drawn, x + 0.9)
    torch.testing.assert_close(decoder.invert(drawn, z, classes=None), x)
    assert [float(t[0]) for t in seen] == pytest.approx([0.1, 0.4, 0.7, 1.0, 0.7, 0.4])
    seen.clear()
    many = torch.arange(2_000)
    zeros = torch.zeros(2_000, *SHAPE)
    decoder.loss(zeros, torch.zeros(2_000, 4), classes=None, key=KEY, index=many)
    assert 0.1 <= float(seen[0].min()) < 0.11
