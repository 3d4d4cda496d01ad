"""A plan as plain text: whole, aligned, and narrow enough for any terminal."""

import re

import pytest

from helpers.golden import GOLDEN, assert_golden
from helpers.programs import program
from helpers.shown_plan import shown_plan
from lzn_dsl.planning.given import given_settings
from lzn_dsl.planning.plan import Plan
from lzn_dsl.planning.show import pipe, show_plan, uses
from lzn_dsl.planning.tables import WIDTH, table

JOINT = """
space gaussian(dim: 16)
task draw = generate image from label
task name = classify image as label { alpha: 0.5 }
task own = reconstruct image
learn decode image { samples: 64, weight: 2 }
train { batch: 128, optimizer: adam(lr: 1e-2), augment: [shift(2), flip] }
evaluate name on unseen with accuracy(3)
"""


@pytest.fixture(scope="module")
def joint() -> Plan:
    return program(JOINT, ["train.steps=77"]).plan()


def test_a_plan_is_shown_as_in_the_golden_file() -> None:
    assert_golden(GOLDEN / "planning" / "plan.txt", show_plan(shown_plan()))


@pytest.mark.parametrize("text", [JOINT, "generate image from label", "generate image"])
def test_no_line_is_too_long_or_ends_in_blanks(text: str) -> None:
    shown = show_plan(program(text).plan())
    for line in shown.splitlines():
        assert len(line) <= WIDTH
        assert line == line.rstrip()
    assert shown.isascii()
    assert shown.endswith("\n")


def test_everything_of_the_plan_is_named(joint: Plan) -> None:
    shown = show_plan(joint)
    for modality in joint.modalities:
        for part in modality.parameters:
            assert f"{modality.name}.{part}" in shown
    for task in joint.tasks:
        assert f"{task.name}: {task.phrase}" in shown
    for objective in joint.objectives:
        assert all(reason in shown for reason in objective.reasons if reason != "stated")
    for index, op in enumerate(joint.step, start=1):
        assert re.search(rf"^ +{index}  {re.escape(op.id)} ", shown, flags=re.MULTILINE)


def test_tasks_are_written_as_the_language_writes_them(joint: Plan) -> None:
    assert {task.name: pipe(task) for task in joint.tasks} == {
        "draw": "encode label |> decode image",
        "name": "center image |> decode label",
        "own": "invert image |> decode image",
    }
    assert pipe(shown_plan().task("mix")) == "blend(encode one, encode label) |> decode image"


def test_each_operation_says_which_objectives_use_it(joint: Plan) -> None:
    both = ("decode image", "align image with label")
    assert uses(joint.step) == {
        "batch image": both,
        "encode image": both,
        "latents image 1": ("decode image",),
        "batch label": both,
        "loss decode image": ("decode image",),
        "latents image 0.3": ("align image with label",),
        "loss align image with label": ("align image with label",),
    }


def test_given_settings_stand_in_the_order_of_the_text_and_those_of_the_shell_last(
    joint: Plan,
) -> None:
    assert [(g.path, g.value, g.origin) for g in given_settings(joint)] == [
        ("space.dim", "16", "<text>:2:21"),
        ("task.name.alpha", "0.5", "<text>:4:46"),
        ("learn.decode image.samples", "64", "<text>:6:31"),
        ("learn.decode image.weight", "2.0", "<text>:6:43"),
        ("train.batch", "128", "<text>:7:16"),
        ("train.optimizer", "adam", "<text>:7:32"),
        ("train.optimizer.lr", "0.01", "<text>:7:41"),
        ("train.augment", "[shift, flip]", "<text>:7:57"),
        ("train.augment.pixels", "2", "<text>:7:64"),
        ("evaluate.name.unseen.accuracy.top_k", "3", "<text>:8:39"),
        ("train.steps", "77", "--set"),
    ]


def test_a_program_that_gives_nothing_has_no_section_for_it() -> None:
    shown = show_plan(program("generate image").plan())
    assert "Settings that were given" not in shown


def test_a_chain_of_alignments_is_said_to_be_never_trained_on_pairs() -> None:
    shown = show_plan(shown_plan())
    assert "unpaired    by way of image; never trained on pairs" in shown


def test_micro_batches_are_shown_where_there_are_several() -> None:
    said = "networks see the batch in 4 slices, one at a time, forward twice"
    assert said in show_plan(program("generate image", ["train.micro_batches=4"]).plan())
    assert "slices" not in show_plan(program("generate image").plan())


def test_a_plan_without_cost_has_no_share() -> None:
    plan = shown_plan()
    cost = plan.cost.model_copy(
        update={
            "flops": 0,
            "parts": tuple(p.model_copy(update={"flops": 0}) for p in plan.cost.parts),
        }
    )
    assert "0 FLOP      -" in show_plan(plan.model_copy(update={"cost": cost}))


def test_tables_wrap_their_last_column_under_itself() -> None:
    rows = [("a", "1", "word " * 30), ("bbb", "22", "short")]
    lines = table(rows, right=[1])
    assert lines[0].startswith("  a     1  word")
    assert lines[1].startswith(" " * 11 + "word")
    assert lines[-1] == "  bbb  22  short"
    assert table([]) == []
