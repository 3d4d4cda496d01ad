"""Plans, pages, texts and differences of programs whose tasks name a method."""

import pytest

from helpers.programs import program
from lzn_dsl.diagnostics.diagnostic import SpecError
from lzn_dsl.planning.compare import Difference, differences
from lzn_dsl.planning.expressions import plan_expression
from lzn_dsl.planning.plan import Plan
from lzn_dsl.planning.show import show_plan

MIXED = (
    "task draw = generate image using rectified_flow\n"
    "task gist = embed image using moco(0.1, queue: 64)\n"
    "task name = classify image as label using cross_entropy(smoothing: 0.1)\n"
)
TOLD = "task draw = generate image from label using rectified_flow\n"
VIEWS = "task gist = embed image\nlearn align image with image { alpha: 0.5 }\n"


@pytest.mark.parametrize("text", [MIXED, TOLD, VIEWS])
def test_a_plan_survives_json(text: str) -> None:
    plan = program(text).plan()
    assert Plan.model_validate_json(plan.model_dump_json()) == plan


@pytest.mark.parametrize("text", [MIXED, TOLD, VIEWS])
@pytest.mark.parametrize("notes", [False, True])
def test_a_program_written_out_is_the_same_program(text: str, notes: bool) -> None:
    spec = program(text)
    written = program(spec.to_text(notes=notes))
    assert written.same_as(spec)
    assert [(t.method, t.steps) for t in written.plan().tasks] == [
        (t.method, t.steps) for t in spec.plan().tasks
    ]


def test_a_written_program_names_methods_but_not_the_usual_one() -> None:
    text = program(MIXED).to_text()
    assert "using moco(weight: 1.0, temperature: 0.1, momentum: 0.99, queue: 64)" in text
    assert "learn contrast" not in text
    assert "using" not in program(VIEWS).to_text()


def test_a_plan_says_by_what_tasks_are_trained() -> None:
    plan = program(MIXED).plan()
    assert {t.name: (t.method, t.needs, t.trained_by) for t in plan.tasks} == {
        "draw": ("rectified_flow", ("image.decoder",), ("decode image",)),
        "gist": ("moco", ("image.encoder",), ("contrast image", "classify image as label")),
        "name": (
            "cross_entropy",
            ("image.encoder", "label.encoder"),
            ("contrast image", "classify image as label"),
        ),
    }
    assert {op.id: op.view for op in plan.step if op.op == "batch"} == {
        "batch image": 0,
        "batch image, view 1": 1,
        "batch image, view 2": 2,
        "batch label": 0,
    }


def test_a_plan_shown_says_so_too() -> None:
    shown = show_plan(program(f"task gist = embed image using moco\n{TOLD}").plan())
    assert "  gist: embed image using moco\n" in shown
    assert "told no latent, told the label" in shown
    assert "contrast image" in shown
    plain = show_plan(program(VIEWS).plan())
    assert "using" not in plain
    assert "told no latent" not in plain


def _compared(before: str, after: str) -> list[Difference]:
    return differences(program(before).plan(), program(after).plan())


def test_another_method_is_a_difference_of_the_task() -> None:
    found = _compared("task t = generate image", "task t = generate image using rectified_flow")
    assert found == [Difference("task.t", "generate image", "generate image using rectified_flow")]


def test_settings_of_a_method_are_a_difference_of_its_objective() -> None:
    found = _compared("embed image using simclr", "embed image using simclr(0.5)")
    assert found == [Difference("learn.contrast image.temperature", "0.2", "0.5")]


def test_naming_the_usual_method_makes_no_difference() -> None:
    assert _compared("embed image", "embed image using latent_zoning") == []


@pytest.mark.parametrize("text", ["name (draw label)", "anchor of image |> nearest label"])
def test_an_expression_goes_by_what_the_plan_trained(text: str) -> None:
    plan = program(f"{TOLD}task name = classify image as label using cross_entropy").plan()
    task = plan_expression(plan, text)
    assert set(task.needs) <= {"image.encoder", "image.decoder", "label.encoder"}
    assert task.output.modality == "label"


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ("center of image |> decode label", "label.decoder"),
        ("generate image", "label.decoder"),
        ("reconstruct image", "label.decoder"),
    ],
)
def test_an_expression_that_needs_zones_is_refused_where_none_were_trained(
    text: str, lacking: str
) -> None:
    plan = program(f"{TOLD}task name = classify image as label using cross_entropy").plan()
    with pytest.raises(SpecError, match=f"nothing trained `{lacking}`"):
        plan_expression(plan, text)


def test_without_a_class_a_blind_decoder_rebuilds_from_its_noise() -> None:
    plan = program("generate image using rectified_flow").plan()
    assert plan_expression(plan, "reconstruct image").needs == ("image.decoder",)
    with pytest.raises(SpecError, match=r"nothing trained `image.encoder`"):
        plan_expression(plan, "embed image")
