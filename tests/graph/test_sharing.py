"""The training step computes equal things once, in an order in which they can run."""

from collections import Counter

import pytest

from helpers.programs import program
from lzn_dsl.graph.passes.sharing import Op, share

JOINT = (
    "task draw = generate image from label\ntask name = classify image as label\n"
    "task own = reconstruct image\ntask gist = embed image\n"
)


def _ids(text: str) -> list[str]:
    return [op.id for op in program(text).graph.ops]


def test_a_batch_of_images_is_encoded_once_however_many_objectives_use_it() -> None:
    counts = Counter(op.kind for op in program(JOINT).graph.ops)
    assert counts == {"batch": 2, "encode": 1, "latents": 2, "loss": 2}


def test_operations_of_different_noise_are_not_shared() -> None:
    assert {"latents image 1", "latents image 0.3"} <= set(_ids(JOINT))


def test_latents_of_equal_noise_are_shared() -> None:
    text = (
        f"{JOINT}learn align image with label {{ alpha: 0.5 }}\nlearn decode image {{ alpha: 0.5 }}"
    )
    assert [i for i in _ids(text) if i.startswith("latents")] == ["latents image 0.5"]


def test_the_order_can_run_and_is_the_same_each_time() -> None:
    ops = program(JOINT).graph.ops
    for index, op in enumerate(ops):
        assert all(operand in ops[:index] for operand in op.operands), op.id
    assert [op.id for op in ops] == _ids(JOINT)


def test_every_operation_is_used_and_every_objective_has_its_loss() -> None:
    graph = program(JOINT).graph
    operands = {operand for op in graph.ops for operand in op.operands}
    losses = [op for op in graph.ops if op.kind == "loss"]
    assert operands | set(losses) == set(graph.ops)
    assert [op.objective for op in losses] == list(graph.objectives.by_name)


def test_a_decoder_that_is_told_the_label_takes_it_from_the_batch() -> None:
    loss = next(op for op in program(JOINT).graph.ops if op.id == "loss decode image")
    assert [op.id for op in loss.operands] == ["latents image 1", "batch image", "batch label"]


def test_two_continuous_modalities_are_aligned_by_the_latents_of_both() -> None:
    text = "data d = toy(columns: [image, sketch])\ntranslate image to sketch"
    loss = next(op for op in program(text).graph.ops if op.id == "loss align image with sketch")
    assert [op.id for op in loss.operands] == ["latents image 0.3", "latents sketch 0.3"]


@pytest.mark.parametrize("count", [1, 3])
def test_sharing_merges_by_value(count: int) -> None:
    batch = Op("batch", "image")
    losses = [
        Op("loss", "image", objective=str(i), operands=(Op("encode", "image", operands=(batch,)),))
        for i in range(count)
    ]
    assert [op.kind for op in share(losses)] == ["batch", "encode", *["loss"] * count]
