"""Tasks by other methods: their objectives, the operations of a step, what excludes what."""

import pytest

from helpers.programs import errors, program
from lzn_dsl.graph.passes.objectives import Objective
from lzn_dsl.graph.passes.trained import modules_of

FLOW = "using rectified_flow"


def _objectives(text: str) -> dict[str, Objective]:
    return program(text).graph.objectives.by_name


def _ops(text: str) -> dict[str, list[str]]:
    """Operations of the training step, each with its operands."""
    return {op.id: [operand.id for operand in op.operands] for op in program(text).graph.ops}


def _needs(text: str) -> dict[str, tuple[str, ...]]:
    graph = program(text).graph
    told, blind = graph.objectives.conditions, graph.objectives.blind
    return {n: modules_of(t.steps, told, blind) for n, t in graph.program.tasks.items()}


@pytest.mark.parametrize(
    ("text", "name", "method", "trains"),
    [
        ("generate image using rectified_flow", "decode image", "rectified_flow", ["decoder"]),
        ("generate image", "decode image", "latent_zoning", ["encoder", "decoder"]),
        ("embed image using simclr", "contrast image", "simclr", ["encoder"]),
        ("encode image using moco", "contrast image", "moco", ["encoder"]),
    ],
)
def test_a_method_has_its_objective(text: str, name: str, method: str, trains: list[str]) -> None:
    (objective,) = _objectives(text).values()
    assert (objective.name, objective.method) == (name, method)
    assert objective.trains == tuple(f"image.{part}" for part in trains)


def test_cross_entropy_trains_both_encoders_and_has_the_settings_of_the_method() -> None:
    text = "task n = classify image as label using cross_entropy(smoothing: 0.1)"
    (objective,) = _objectives(text).values()
    assert objective.name == "classify image as label"
    assert objective.trains == ("image.encoder", "label.encoder")
    assert objective.settings == {"weight": 1.0, "smoothing": 0.1}
    assert objective.reasons == ("`n` says which `label` a sample of `image` is",)


def test_nothing_encodes_for_a_rectified_flow() -> None:
    assert _ops(f"generate image {FLOW}") == {
        "batch image": [],
        "loss decode image": ["batch image"],
    }
    assert _ops(f"generate image from label {FLOW}") == {
        "batch image": [],
        "batch label": [],
        "loss decode image": ["batch image", "batch label"],
    }
    assert any(op.startswith("encode") for op in _ops("generate image"))


def test_a_rectified_flow_that_is_told_the_label_needs_its_decoder_alone() -> None:
    assert _needs(f"task d = generate image from label {FLOW}") == {"d": ("image.decoder",)}
    assert _needs(f"task r = reconstruct image {FLOW}") == {"r": ("image.decoder",)}
    assert _needs("task d = generate image from label") == {
        "d": ("label.encoder", "image.decoder", "label.decoder")
    }


@pytest.mark.parametrize("task", ["reconstruct image", "generate image"])
def test_a_flow_that_is_told_classes_cannot_draw_without_one(task: str) -> None:
    text = f"task draw = generate image from label {FLOW}\ntask other = {task} {FLOW}"
    (finding,) = program(text).check()
    assert finding.code == "LZN402"
    assert "`label.decoder`, which `other` uses" in finding.summary
    assert errors(f"{text}\ntask name = classify image as label") == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "modality image = image(decoder: flow(classes: none))\n"
            f"task t = generate image from label {FLOW}",
            "it tells the decoder of `image` nothing of the `label`",
        ),
        (
            f"data d = toy(columns: [image, sketch])\ntask t = translate image to sketch {FLOW}",
            "it tells the decoder of `sketch` nothing of the `image`",
        ),
        (
            "data d = toy(columns: [image, label, mood])\n"
            f"task s = generate image from label {FLOW}\ntask t = generate image from mood {FLOW}",
            "it tells the decoder of `image` nothing of the `mood`",
        ),
        ("task t = embed label using moco", "no augmentations make two views of `label`"),
    ],
)
def test_a_method_that_would_know_nothing_is_refused(text: str, why: str) -> None:
    (finding,) = program(text).check()
    assert finding.code == "LZN319"
    assert finding.summary.endswith(f"cannot train `t`: {why}")


def test_an_encoder_beside_a_rectified_flow_aligns_two_views() -> None:
    found = _objectives(f"task draw = generate image {FLOW}\ntask gist = embed image")
    assert list(found) == ["decode image", "align image with image"]


def test_cross_entropy_needs_pairs() -> None:
    text = (
        "data d = toy(columns: [image, label])\ndata e = toy(columns: [image, mood])\n"
        "classify image as mood using cross_entropy\n"
    )
    (finding,) = program(text).check()
    assert (finding.code, finding.summary) == (
        "LZN401",
        "no data says which `mood` a sample of `image` is",
    )
    assert errors(f"{text}train {{ on: e }}") == []


def test_views_are_encoded_once_for_two_objectives() -> None:
    text = "embed image using simclr\nlearn align image with image"
    ops = _ops(text)
    assert ops["loss contrast image"] == ["encode image, view 1", "encode image, view 2"]
    assert [op for op in ops if op.startswith("encode")] == ops["loss contrast image"]
    assert ops["loss align image with image"] == [
        "latents image 0.45, view 1",
        "latents image 0.45, view 2",
    ]
    assert ops["encode image, view 2"] == ["batch image, view 2"]


def test_moco_is_given_the_samples_of_the_second_view() -> None:
    ops = _ops("embed image using moco")
    assert ops["loss contrast image"] == ["encode image, view 1", "batch image, view 2"]


def test_a_view_is_not_the_batch_that_other_objectives_see() -> None:
    ops = _ops("embed image using simclr\nclassify image as label using cross_entropy")
    assert ops["loss classify image as label"] == ["encode image", "batch label"]
    assert {"batch image", "batch image, view 1", "batch image, view 2"} <= set(ops)


def test_a_weight_of_zero_takes_an_objective_of_a_method_away() -> None:
    assert errors("embed image using simclr(weight: 0)") == ["LZN402"]
    text = "embed image using simclr(weight: 0)\nclassify image as label"
    assert list(_objectives(text)) == ["align image with label"]


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("embed image using simclr", "anchor of image using simclr", []),
        ("embed image using simclr", "anchor of image using simclr(0.2)", []),
        ("embed image using simclr", "anchor of image", []),
        ("embed image using simclr", "anchor of image using simclr(0.5)", ["LZN407"]),
        ("embed image using simclr", "anchor of image using moco", ["LZN407"]),
        (f"generate image {FLOW}", "reconstruct image", ["LZN407"]),
        (f"generate image {FLOW}", f"reconstruct image {FLOW}", []),
        ("classify image as label using cross_entropy", "classify image as label", []),
    ],
)
def test_methods_that_exclude_each_other(one: str, other: str, code: list[str]) -> None:
    assert errors(f"task a = {one}\ntask b = {other}") == code


def test_a_conflict_points_at_both_tasks() -> None:
    text = f"task a = generate image {FLOW}\ntask b = reconstruct image"
    (finding,) = program(text).check()
    assert finding.span is not None
    assert (finding.span.text, finding.label) == ("b", "by `latent_zoning`")
    ((span, words),) = [(r.span.text, r.label) for r in finding.related]
    assert (span, words) == ("a", "by `rectified_flow`")


def test_every_method_has_a_cost() -> None:
    text = (
        "task a = embed image using moco\ntask n = classify image as label using cross_entropy\n"
        f"task d = generate image {FLOW}"
    )
    plan = program(text).plan()
    assert {p.id for p in plan.cost.parts if p.id.startswith("loss") and p.flops > 0} == {
        "loss contrast image",
        "loss classify image as label",
        "loss decode image",
    }
    blind = plan.modality("image").parameters["decoder"]
    told = program("generate image").plan().modality("image").parameters["decoder"]
    assert blind < told
