"""The paper's U-Nets, tiny, against numbers of the published code."""

import pytest
import torch
from torch import Tensor, nn

from helpers.paper_networks import TINY, names_of, tiny_encoder, tiny_velocity
from helpers.parity import cases, leaf, tensors, worst

# In float32 the published code is off by up to 4e-5 (its Fourier phases), and so may this be.
PRECISIONS = [(torch.float64, 1e-12, 1e-11), (torch.float32, 5e-5, 2e-4)]


def given(fixture: str, name: str, dtype: torch.dtype) -> Tensor:
    return tensors(fixture)[f"in/{name}"].to(dtype)


def classes_of(fixture: str, dtype: torch.dtype) -> Tensor | None:
    return given(fixture, "onehot", dtype) if cases(fixture)["net"]["K"] else None


def gradient_norms(module: nn.Module, order: list[str]) -> Tensor:
    """The norm of each parameter's gradient in published order; -1 for what is not trained."""
    parameters = dict(module.named_parameters())
    ours = {published: name for name, published in names_of(module).items()}
    grads = [parameters[ours[published]].grad for published in order]
    return torch.tensor([-1.0 if g is None else float(g.norm()) for g in grads])


@pytest.mark.parametrize(("dtype", "value_tol", "grad_tol"), PRECISIONS)
@pytest.mark.parametrize("fixture", TINY)
def test_the_encoder_has_the_published_anchors_and_gradients(
    fixture: str, dtype: torch.dtype, value_tol: float, grad_tol: float
) -> None:
    encoder = tiny_encoder(fixture).to(dtype)
    x = leaf(fixture, "in/x", dtype)
    anchors = encoder(x)
    assert worst(anchors, fixture, "out/encoder_latent") < value_tol
    torch.autograd.backward((anchors * given(fixture, "c_latent", dtype)).sum())
    assert x.grad is not None
    assert worst(x.grad, fixture, "out/grad_x") < grad_tol
    norms = gradient_norms(encoder, cases(fixture)["net"]["encoder_param_grad_norm_order"])
    assert worst(norms, fixture, "out/encoder_param_grad_norms") < max(grad_tol, 1e-6)


@pytest.mark.parametrize(("dtype", "value_tol", "grad_tol"), PRECISIONS)
@pytest.mark.parametrize("fixture", TINY)
def test_the_velocity_is_the_published_one_and_has_its_gradients(
    fixture: str, dtype: torch.dtype, value_tol: float, grad_tol: float
) -> None:
    network = tiny_velocity(fixture).to(dtype)
    latents = leaf(fixture, "in/latent", dtype)
    x_t, t = given(fixture, "xt", dtype), given(fixture, "t", dtype)
    velocity = network(x_t, t, latents, classes_of(fixture, dtype))
    assert worst(velocity, fixture, "out/velocity") < value_tol
    torch.autograd.backward((velocity * given(fixture, "c_velocity", dtype)).sum())
    assert latents.grad is not None
    assert worst(latents.grad, fixture, "out/grad_latent") < grad_tol
    norms = gradient_norms(network, cases(fixture)["net"]["decoder_param_grad_norm_order"])
    assert worst(norms, fixture, "out/decoder_param_grad_norms") < max(grad_tol, 1e-6)


@pytest.mark.parametrize("fixture", TINY)
def test_times_after_the_end_are_the_end(fixture: str) -> None:
    network = tiny_velocity(fixture)
    x_t, latents = (given(fixture, name, torch.float64) for name in ("xt", "latent"))
    t = torch.full((len(x_t),), 1.25, dtype=torch.float64)
    velocity = network(x_t, t, latents, classes_of(fixture, torch.float64))
    assert worst(velocity, fixture, "out/velocity_t1.25_clamped_to_1") < 1e-12


@pytest.mark.parametrize("fixture", TINY)
def test_time_is_told_as_published(fixture: str) -> None:
    time = tiny_velocity(fixture).condition.time
    t = tensors(fixture)["temb/t"].double().clamp(0, 1)
    assert worst(time(t), fixture, "temb/emb") < 1e-12
