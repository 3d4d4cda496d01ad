"""Expressions over a plan: tasks made of what the plan holds, wherever it was defined."""

import pytest

from helpers.programs import program
from lzn_dsl.diagnostics.diagnostic import SpecError
from lzn_dsl.planning.expressions import plan_expression
from lzn_dsl.planning.plan import Plan
from lzn_dsl.planning.show import pipe

TEXT = """
let much = 0.75
verb restyle photo: image as mood: label by amount: number = 0.6 -> photo {
    let style = encode mood
    blend(encode photo, style, amount) |> decode photo
}
verb strong photo: image as mood: label -> photo = restyle photo as mood by much
task draw = generate image from label { alpha: 0.5, sampler: euler(steps: 9) }
task name = classify image as label
"""


@pytest.fixture(scope="module")
def plan() -> Plan:
    made = program(TEXT).plan()
    return Plan.model_validate_json(made.model_dump_json())


def test_an_expression_is_the_task_that_the_program_could_have_had(plan: Plan) -> None:
    text = "strong (draw label) as label |> name"
    stated = program(f"{TEXT}task t = {text}").plan().task("t")
    made = plan_expression(plan, text)
    assert made.model_copy(update={"name": "t", "trained_by": stated.trained_by}) == stated
    assert set(made.trained_by) == set(stated.trained_by)


def test_verbs_constants_and_settings_come_from_the_plan(plan: Plan) -> None:
    assert pipe(plan_expression(plan, "strong image as label")) == (
        "blend(encode image, encode label, 0.75) |> decode image"
    )
    drawn = plan_expression(plan, "sample 2 of draw")
    assert [s.alpha for s in drawn.steps if s.primitive == "encode"] == [0.5]
    assert [str(s.sampler) for s in drawn.steps if s.primitive == "decode"] == ["euler(steps: 9)"]
    assert "0.75" in pipe(plan_expression(plan, "blend(encode image, encode label, much)"))


def test_the_name_of_a_task_is_that_task(plan: Plan) -> None:
    assert plan_expression(plan, "draw") is plan.task("draw")


def test_what_nothing_aligned_or_trained_is_refused() -> None:
    data = "data d = toy(columns: [image, label, mood])\n"
    made = program(
        f"{data}task a = classify image as label\ntask b = classify image as mood"
    ).plan()
    assert plan_expression(made, "encode label |> rank mood").output.kind == "ranking"
    with pytest.raises(SpecError, match=r"LZN406.*`image.decoder`"):
        plan_expression(made, "reconstruct image")
    kept = tuple(o for o in made.objectives if o.other != "mood")
    with pytest.raises(SpecError, match="LZN406"):
        plan_expression(made.model_copy(update={"objectives": kept}), "classify image as mood")


def test_mistakes_in_an_expression_have_their_place_in_it(plan: Plan) -> None:
    with pytest.raises(SpecError) as caught:
        plan_expression(plan, "name (drw label) |> nope")
    (found,) = caught.value.diagnostics
    assert found.code == "LZN203"
    assert found.span is not None
    assert found.span.text == "drw"
    assert found.hint == "did you mean `draw`?"
