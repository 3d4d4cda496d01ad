"""What a training step costs follows from its parts and sizes."""

from helpers.programs import program
from lzn_dsl.planning.plan import CostPlan


def _cost(*settings: str) -> CostPlan:
    return program("generate image from label", settings).graph.cost


def test_the_whole_is_the_sum_of_its_parts() -> None:
    cost = _cost()
    assert cost.flops == sum(part.flops for part in cost.parts)
    assert cost.memory == 20 * cost.parameters + sum(part.memory for part in cost.parts)
    assert [part.id for part in cost.parts] == [
        "encode image",
        "latents image 1",
        "loss decode image",
        "latents image 0.3",
        "loss align image with label",
    ]


def test_networks_cost_in_proportion_to_the_batch_and_the_flow_to_its_square() -> None:
    small = {part.id: part.flops for part in _cost("train.batch=64").parts}
    large = {part.id: part.flops for part in _cost("train.batch=128").parts}
    assert large["encode image"] == 2 * small["encode image"]
    assert large["loss decode image"] == 2 * small["loss decode image"]
    assert large["latents image 1"] == 4 * small["latents image 1"]


def test_decoding_a_share_of_the_batch_costs_that_share() -> None:
    whole = {part.id: part.flops for part in _cost("train.batch=64").parts}
    settings = ("train.batch=64", "learn.decode image.samples=16")
    share = {part.id: part.flops for part in _cost(*settings).parts}
    assert 4 * share["loss decode image"] == whole["loss decode image"]


def test_the_flow_is_counted_as_documented() -> None:
    cost = _cost("train.batch=64", "train.solver_steps=10", "space.dim=8")
    parts = {part.id: part.flops for part in cost.parts}
    assert parts["latents image 1"] == 14 * 64**2 * 8 * 10
    assert parts["loss align image with label"] == 14 * 64 * 10 * 8 * 10
