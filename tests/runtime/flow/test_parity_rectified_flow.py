"""Rectified flow, its samplers and its loss, against numbers of the published code.

The velocity is that of `ncsnpp_tiny`. The published solvers begin at t = 0.001.
"""

import torch
from torch import Tensor

from helpers.paper_networks import names_of, tiny_velocity
from helpers.parity import cases, leaf, tensors, worst
from lzn_runtime.flow.dormand_prince import DormandPrince
from lzn_runtime.flow.euler import Euler
from lzn_runtime.flow.rectified_flow import flow_loss, point_on_line
from lzn_runtime.flow.sampler import Velocity

FLOW = "rectified_flow"
START = 1e-3


def given(name: str, dtype: torch.dtype = torch.float64) -> Tensor:
    return tensors(FLOW)[f"in/{name}"].to(dtype)


def velocity(dtype: torch.dtype = torch.float64) -> Velocity:
    network = tiny_velocity("ncsnpp_tiny").to(dtype)
    latents, classes = given("latent", dtype), given("onehot", dtype)

    def at(x: Tensor, t: Tensor) -> Tensor:
        v: Tensor = network(x, t, latents, classes)
        return v

    return at


@torch.no_grad()
def test_euler_draws_and_inverts_as_published() -> None:
    steps = cases(FLOW)["euler"]["num_steps"]
    drawn = Euler(steps).integrate(velocity(), given("x0"), start=START, end=1.0)
    assert worst(drawn, FLOW, "euler/sample") < 1e-12
    noise = Euler(steps).integrate(velocity(), given("x1"), start=1.0, end=START)
    assert worst(noise, FLOW, "euler/inverse") < 1e-12


@torch.no_grad()
def test_adaptive_steps_arrive_where_the_published_ones_do() -> None:
    solver = DormandPrince(rtol=1e-5, atol=1e-5)
    drawn = solver.integrate(
        velocity(torch.float32), given("x0", torch.float32), start=START, end=1
    )
    exact = tensors(FLOW)["rk45/sample_tight_f64"]
    scale = exact.abs().max()
    assert float((drawn - exact).abs().max() / scale) < 1e-3  # the published one: 4e-4
    tight = DormandPrince(rtol=1e-7, atol=1e-7)
    drawn = tight.integrate(velocity(), given("x0"), start=START, end=1.0)
    assert float((drawn - exact).abs().max() / scale) < 2e-5


@torch.no_grad()
def test_adaptive_steps_invert_as_published() -> None:
    x_1 = given("x1", torch.float32)
    at_start = DormandPrince(rtol=1e-5, atol=1e-5).integrate(
        velocity(torch.float32), x_1, start=1.0, end=START
    )
    noise = (at_start - START * x_1) / (1 - START)  # what the published inverse returns
    want = tensors(FLOW)["rk45/inverse"]
    assert float((noise - want).abs().max() / want.abs().max()) < 1e-3


def test_the_loss_and_its_gradients_are_the_published_ones() -> None:
    network = tiny_velocity("ncsnpp_tiny")
    latents = leaf(FLOW, "in/latent", torch.float64)
    t, noise, x = given("t"), given("x0"), given("x1")
    x_t = point_on_line(x, noise, t)
    assert worst(x_t, FLOW, "loss/xt") < 1e-12
    predicted = network(x_t, t, latents, given("onehot"))
    assert worst(predicted, FLOW, "loss/velocity") < 1e-12
    losses = flow_loss(predicted, x, noise)
    assert worst(losses, FLOW, "loss/per_sample") < 1e-12
    mean = losses.mean()
    assert worst(mean[None], FLOW, "loss/mean") < 1e-12
    torch.autograd.backward(mean)
    assert latents.grad is not None
    assert worst(latents.grad, FLOW, "loss/grad_latent") < 1e-11
    parameters = dict(network.named_parameters())
    ours = {published: name for name, published in names_of(network).items()}
    norms = []
    for published in cases(FLOW)["loss"]["param_grad_norm_order"]:
        grad = parameters[ours[published]].grad
        assert grad is not None, published
        norms.append(float(grad.norm()))
    assert worst(torch.tensor(norms, dtype=torch.float64), FLOW, "loss/param_grad_norms") < 1e-11
