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


def test_micro_batches_run_networks_forward_twice_and_keep_one_slice() -> None:
    sizes = ("train.batch=50", "learn.decode image.samples=16")
    whole = {part.id: part for part in _cost(*sizes).parts}
    sliced = {part.id: part for part in _cost(*sizes, "train.micro_batches=4").parts}
    for name, samples, slice_ in (("encode image", 50, 13), ("loss decode image", 16, 4)):
        assert 3 * sliced[name].flops == 4 * whole[name].flops
        assert samples * sliced[name].memory == slice_ * whole[name].memory
    for name in ("latents image 1", "latents image 0.3", "loss align image with label"):
        assert sliced[name] == whole[name]


def test_the_flow_is_counted_as_documented() -> None:
    cost = _cost("train.batch=64", "train.solver_steps=10", "space.dim=8")
    parts = {part.id: part.flops for part in cost.parts}
    assert parts["latents image 1"] == 14 * 64**2 * 8 * 10
    assert parts["loss align image with label"] == 14 * 64 * 10 * 8 * 10


def test_samples_align_with_samples_each_way() -> None:
    graph = program("embed image", ("train.batch=64", "train.solver_steps=10", "space.dim=8")).graph
    parts = {part.id: part.flops for part in graph.cost.parts}
    assert parts["loss align image with image"] == 2 * 14 * 64**2 * 8 * 10
