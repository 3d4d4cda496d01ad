"""What a program means: names, defaults, settings and where they came from."""

import pytest

from lzn_dsl.diagnostics.diagnostic import SpecError
from lzn_dsl.planning.plan import Plan
from lzn_dsl.registry.settings import Component
from lzn_dsl.spec import load


def plan_of(text: str, **settings: object) -> Plan:
    return load(text, settings=settings).plan()


def image_part(plan: Plan, *path: str) -> Component:
    """Return the component at the end of a path of settings, from that of `image`."""
    component = plan.modality("image").component
    for name in path:
        component = Component.model_validate(component.settings[name])
    return component


def test_one_line_is_a_complete_program_with_the_digits() -> None:
    plan = plan_of("generate image from label")
    assert [t.name for t in plan.tasks] == ["generate"]
    assert [d.component.name for d in plan.datasets] == ["digits", "digits"]
    assert [d.component.settings["split"] for d in plan.datasets] == ["train", "test"]
    assert [(e.task, e.data, e.metric.name) for e in plan.evaluations] == [
        ("generate", "unseen", "recognition")
    ]
    assert plan.modality("image").sample == {"height": 8, "width": 8, "channels": 1}


def test_the_default_dataset_can_be_chosen() -> None:
    plan = load("generate image from label", data="fashion_mnist").plan()
    assert plan.modality("image").sample["height"] == 28
    with pytest.raises(SpecError, match="unknown dataset `fashion_minst`"):
        load("generate image", data="fashion_minst").plan()


def test_constants_stand_for_values_wherever_they_are_used() -> None:
    plan = plan_of(
        """
        let width = 16
        let net = unet(width: width)
        modality image = image(decoder: flow(net))
        generate image
        """
    )
    assert image_part(plan, "decoder", "network").settings["width"] == 16


def test_settings_from_outside_lie_over_the_program_and_are_noted() -> None:
    plan = plan_of(
        "task draw = generate image from label\ntrain { steps: 10 }",
        **{
            "train.steps": 20,
            "train.optimizer.lr": 0.5,
            "space.dim": 7,
            "task.draw.alpha": 0.5,
            "modality.image.encoder.widths": [4, 8],
            "learn.decode image.weight": 3,
        },
    )
    assert plan.train.steps == 20
    assert plan.train.optimizer.settings["lr"] == 0.5
    assert plan.dim == 7
    assert plan.task("draw").alpha == 0.5
    assert image_part(plan, "encoder").settings["widths"] == [4, 8]
    weights = {o.id: o.settings["weight"] for o in plan.objectives}
    assert weights == {"decode image": 3.0, "align image with label": 1.0}
    assert plan.origins["train.steps"] == "--set train.steps:1:1"
    assert plan.origins["train.batch"] == "default"
    assert plan.origins["modality.image.height"] == "data"


def test_numbers_are_taken_as_people_write_them() -> None:
    plan = plan_of("generate image\ntrain { steps: 5k, batch: 1_00, ema: 9e-1, clip: 1e1 }")
    assert (plan.train.steps, plan.train.batch) == (5000, 100)
    assert (plan.train.ema, plan.train.clip) == (0.9, 10.0)


def test_tasks_without_a_name_are_named_by_verb_then_by_operands() -> None:
    plan = plan_of("generate image\ngenerate image from label\nclassify image as label")
    assert [t.name for t in plan.tasks] == ["generate", "generate_image_label", "classify"]


def test_a_task_s_inputs_are_the_parameters_used_as_values() -> None:
    plan = plan_of("translate image to image\ngenerate image from label")
    assert plan.task("translate").inputs == ("image",)
    assert plan.task("generate").inputs == ("label",)


def test_a_verb_of_the_program_is_like_a_built_in_one() -> None:
    plan = plan_of(
        """
        verb soften photo: image into picture: decodable -> picture = center of photo
            |> decode picture
        task soft = soften image into image
        """
    )
    assert [s.primitive for s in plan.task("soft").steps] == ["input", "center", "decode"]
    assert [o.id for o in plan.objectives] == ["decode image"]


def test_equal_steps_of_a_verb_are_one() -> None:
    plan = plan_of(
        "verb twice photo: encodable decodable -> photo = encode photo |> decode photo\n"
        "task a = twice image"
    )
    assert [s.id for s in plan.task("a").steps] == ["image", "encode_image", "decode_image"]


def test_a_program_s_plan_comes_back_from_json() -> None:
    plan = plan_of("generate image from label\nclassify image as label")
    assert Plan.model_validate_json(plan.model_dump_json()) == plan


def test_checking_twice_gives_the_same_plan() -> None:
    text = "generate image from label\ntrain { steps: 3 }"
    assert plan_of(text) == plan_of(text)
