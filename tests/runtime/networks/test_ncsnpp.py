"""The paper's U-Net as a component: any size, every sample on its own, silent at the start."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from lzn_dsl.registry.builtin.ncsnpp import NcsnppEncoderSettings, NcsnppSettings
from lzn_dsl.registry.entry import Sizes
from lzn_dsl.registry.registry import Registry
from lzn_dsl.spec import load
from lzn_runtime.modalities.initialise import initialise
from lzn_runtime.networks.ncsnpp.encoder import NcsnppEncoder, build_encoder
from lzn_runtime.networks.ncsnpp.resample import double, halve
from lzn_runtime.networks.ncsnpp.velocity import NcsnppVelocity, build_velocity
from lzn_runtime.training.checkpoint_store import CheckpointStore, Stored
from lzn_runtime.training.training_state import load_weights

BODY: dict[str, Any] = {"width": 8, "mults": [1, 2], "blocks": 1, "attention": [4]}
FIR: dict[str, Any] = {**BODY, "resample": "fir", "picture_skips": True}
TIMED: dict[str, Any] = {**FIR, "time": "fourier", "scale_by_time": True}
SPEC = """
space gaussian(dim: 6)
data seen = digits(split: train)
modality image = image(
    encoder: ncsnpp(8, mults: [1, 2], blocks: 1, latent_channels: 2, latent_units: 8),
    decoder: flow(
        ncsnpp(8, mults: [1, 2], blocks: 1, time: fourier),
        sampler: euler(2),
        start: 1e-3,
    ),
)
task draw = generate image from label
train { on: seen, steps: 3, batch: 16, support: 16, solver_steps: 4, log_every: 1 }
"""


def awake(module: nn.Module) -> None:
    rng = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(0.05 * torch.randn(parameter.shape, generator=rng))


def velocity(size: tuple[int, int] = (8, 8), **settings: Any) -> NcsnppVelocity:
    sizes = Sizes(5, {"height": size[0], "width": size[1], "channels": 2}, 3)
    net = build_velocity(NcsnppSettings(**settings), sizes, Registry(()))
    initialise(net, 0)
    return net


def encoder(size: tuple[int, int], **settings: Any) -> NcsnppEncoder:
    sizes = Sizes(5, {"height": size[0], "width": size[1], "channels": 2}, 0)
    net = build_encoder(NcsnppEncoderSettings(**settings), sizes, Registry(()))
    initialise(net, 0)
    return net


def inputs(b: int, h: int, w: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    rng = torch.Generator().manual_seed(2)
    x = torch.randn(b, 2, h, w, generator=rng)
    classes = torch.eye(3)[torch.arange(b) % 3]
    return x, torch.linspace(0, 1, b), torch.randn(b, 5, generator=rng), classes


@pytest.mark.parametrize("size", [(8, 8), (7, 5), (1, 1), (2, 9)])
@pytest.mark.parametrize("settings", [BODY, TIMED, {**BODY, "mults": [1, 1, 2]}])
def test_pictures_of_any_size_pass(size: tuple[int, int], settings: dict[str, Any]) -> None:
    x, t, z, c = inputs(2, *size)
    net = velocity(size, **settings)
    awake(net)
    v = net(x, t, z, c)
    assert v.shape == x.shape
    assert bool(torch.isfinite(v).all())  # at t = 0 as well
    shared = {k: v for k, v in settings.items() if k not in ("time", "scale_by_time")}
    found = encoder(size, **shared)
    assert found(x).shape == (2, 5)
    assert found.features(x).shape[1] == 200 * len(found.latent)


def test_the_velocity_is_zero_at_the_start() -> None:
    x, t, z, c = inputs(3, 8, 8)
    assert torch.equal(velocity(**TIMED)(x, t, z, c), torch.zeros_like(x))


@pytest.mark.parametrize("settings", [BODY, TIMED])
def test_a_picture_does_not_depend_on_its_batch_mates(settings: dict[str, Any]) -> None:
    net = velocity(**settings)
    awake(net)
    x, t, z, c = inputs(5, 8, 8)
    whole = net(x, t, z, c)
    one = net(x[3:4], t[3:4], z[3:4], c[3:4])
    torch.testing.assert_close(one[0], whole[3], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("settings", [BODY, TIMED])
def test_gradients_reach_every_trained_parameter(settings: dict[str, Any]) -> None:
    net = velocity(**settings)
    awake(net)
    net(*inputs(4, 8, 8)).square().sum().backward()
    for name, parameter in net.named_parameters():
        if name == "condition.time.frequencies":
            assert parameter.grad is None
            continue
        assert parameter.grad is not None, name
        if not name.endswith("attention.keys.bias") and "attentions" not in name:
            assert float(parameter.grad.abs().max()) > 0, name


def test_a_wrong_class_vector_is_named() -> None:
    x, t, z, _ = inputs(2, 8, 8)
    with pytest.raises(ValueError, match=r"length 3 .* got 0"):
        velocity(**BODY)(x, t, z, None)


@pytest.mark.parametrize("how", ["mean", "fir"])
def test_halving_and_doubling_keep_an_even_picture(how: Any) -> None:
    flat = torch.full((1, 2, 8, 8), 3.0)
    inner = halve(flat, how)[:, :, 1:-1, 1:-1]
    torch.testing.assert_close(inner, torch.full_like(inner, 3.0))
    doubled = double(flat, how, torch.empty(1, 2, 15, 16))
    assert doubled.shape == (1, 2, 15, 16)
    inner = doubled[:, :, 2:-2, 2:-2]
    torch.testing.assert_close(inner, torch.full_like(inner, 3.0))


def test_it_trains_and_its_frequencies_stay(tmp_path: Path) -> None:
    model = load(SPEC).run(tmp_path / "run")
    assert model.draw(label=[1, 2]).value.shape == (2, 1, 8, 8)
    name = "image.decoder.network.condition.time.frequencies"
    stored = CheckpointStore(tmp_path / "run" / "checkpoints", warn=lambda _: None).peek()
    assert isinstance(stored, Stored)
    start = load(SPEC.replace("steps: 3", "steps: 1")).run(tmp_path / "one").model.state_dict()
    load_weights(model.model, stored, "model")
    assert torch.equal(model.model.state_dict()[name], start[name])
    other = "image.decoder.network.up.output.conv.weight"
    assert not torch.equal(model.model.state_dict()[other], start[other])
