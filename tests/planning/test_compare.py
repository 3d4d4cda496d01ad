"""What two programs do differently, and what makes no difference."""

import pytest

from helpers.programs import program
from lzn_dsl.planning.compare import Difference, differences

BASE = """
data d = toy(columns: [image, label])
task draw = generate image from label
task name = classify image as label
train { steps: 100 }
evaluate name on d with accuracy
"""


def compared(before: str, after: str) -> list[Difference]:
    return differences(program(before).plan(), program(after).plan())


def changed(old: str, new: str) -> list[Difference]:
    assert old in BASE
    return compared(BASE, BASE.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("steps: 100", "steps: 1e2"),
        ("train { steps: 100 }", "train {\n  steps: 100 # as before\n  ema: 0.999\n}"),
        ("task draw", "learn align image with label\ntask draw"),
        ("\ntask draw", "\nmodality image = image(height: 8)\nspace gaussian\ntask draw"),
        ("train { steps: 100 }", "let n = 100\ntrain { steps: n }"),
        ("generate image from label", "encode label |> decode image"),
    ],
)
def test_what_makes_no_difference(old: str, new: str) -> None:
    assert changed(old, new) == []
    assert program(BASE).same_as(program(BASE.replace(old, new)))


def test_the_order_of_statements_makes_no_difference() -> None:
    lines = BASE.strip().split("\n")
    assert compared("\n".join(lines), "\n".join([lines[0], *reversed(lines[1:])])) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("steps: 100", "steps: 200", ("train.steps", "100", "200")),
        ("{ steps: 100 }", "{ steps: 100, clip: 2 }", ("train.clip", "1.0", "2.0")),
        (
            "task draw = generate image from label\n",
            "task d = embed image\n",
            ("task.d", None, "embed image"),
        ),
        ("as label\n", "as label { alpha: 0 }\n", ("task.name.alpha", "1.0", "0.0")),
        ("label]", "label, mood]", ("data.d.columns", "[image, label]", "[image, label, mood]")),
        ("with accuracy", "with accuracy(top_k: 2)", ("evaluate.name.d.accuracy.top_k", "5", "2")),
    ],
)
def test_a_difference_has_a_path_and_two_sides(
    old: str, new: str, found: tuple[str, str | None, str | None]
) -> None:
    assert Difference(*found) in changed(old, new)


def test_another_component_is_one_difference() -> None:
    (found,) = changed("{ steps: 100 }", "{ steps: 100, optimizer: sgd }")
    assert found.path == "train.optimizer"
    assert (found.before or "").startswith("adam(")
    assert (found.after or "").startswith("sgd(")


def test_another_verb_of_the_same_phrase_is_told_by_its_steps() -> None:
    verb = "verb remake x: image -> image = "
    (found,) = compared(
        f"{verb}encode x |> decode image\nremake image",
        f"{verb}invert x |> decode image\nremake image",
    )
    before, after = (f"{step} image |> decode image" for step in ("encode", "invert"))
    assert found == Difference("task.remake", before, after)


def test_differences_stand_in_the_order_of_a_program() -> None:
    other = (
        "data e = toy(columns: [image, label])\nspace gaussian(dim: 5)\ngenerate image from label"
    )
    paths = [found.path.split(".")[0] for found in compared(BASE, other)]
    order = ["space", "data", "modality", "task", "learn", "train", "evaluate"]
    assert paths == sorted(paths, key=order.index)
    assert {found.kind for found in compared(BASE, other)} == {"added", "removed", "changed"}


def test_the_other_way_round_the_sides_are_swapped() -> None:
    other = BASE.replace("steps: 100", "steps: 5").replace("task draw", "task paint")
    forth, back = compared(BASE, other), compared(other, BASE)
    swapped = {Difference(found.path, found.after, found.before) for found in back}
    assert set(forth) == swapped
