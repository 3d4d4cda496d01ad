"""Tasks made of verbs, of other tasks and of primitives: the steps that they become."""

import pytest

from helpers.programs import errors, program
from lzn_dsl.planning.plan import Plan, TaskPlan
from lzn_dsl.planning.show import pipe

BASE = """
task draw = generate image from label
task name = classify image as label
"""
ROUND = "encode label |> decode image |> center |> decode label"
DATA = "data d = toy(columns: [image, label, mood, sketch])\n"


def plan_of(text: str) -> Plan:
    return program(text).plan()


def task_of(text: str, name: str = "t") -> TaskPlan:
    return plan_of(text).task(name)


def warnings(text: str) -> list[tuple[str, str]]:
    found = program(text).check()
    return [(d.code, d.span.text if d.span else "") for d in found if d.severity == "warning"]


@pytest.mark.parametrize(
    "body",
    [
        "name (draw label)",
        "draw label |> name",
        "draw |> name",
        "label |> draw |> name",
        "draw label |> classify as label",
        "classify (draw label) as label",
        "classify (generate image from label) as label",
        "encode label |> decode image |> center |> decode label",
    ],
)
def test_forms_of_a_chain_are_one_chain(body: str) -> None:
    assert pipe(task_of(f"{BASE}task t = {body}")) == ROUND


def test_tasks_may_be_defined_in_any_order() -> None:
    forward = plan_of(f"{BASE}task t = name (draw label)")
    backward = plan_of("task t = name (draw label)\n" + "\n".join(BASE.split("\n")[::-1]))
    assert backward.task("t").steps == forward.task("t").steps
    assert [t.name for t in backward.tasks] == ["t", "name", "draw"]


def test_a_long_chain_of_tasks_in_the_wrong_order_is_put_together() -> None:
    lines = [f"task t{i} = t{i + 1} |> reconstruct" for i in range(60)]
    plan = plan_of("\n".join([*lines, "task t60 = reconstruct image"]))
    assert len(plan.task("t0").steps) == 1 + 2 * 61


def test_each_step_keeps_the_settings_of_the_task_it_comes_from() -> None:
    plan = plan_of(
        """
        task draw = generate image from label { alpha: 0.5, sampler: euler(steps: 7) }
        task again = draw label |> reconstruct { alpha: 0.25 }
        """
    )
    steps = {s.id: s for s in plan.task("again").steps}
    assert (steps["encode_label"].alpha, steps["invert_image"].alpha) == (0.5, 0.25)
    drawn, rebuilt = steps["decode_image"], steps["decode_image_2"]
    assert drawn.sampler is not None
    assert drawn.sampler.settings["steps"] == 7
    assert rebuilt.sampler is None


def test_a_task_s_inputs_are_those_of_its_stages() -> None:
    assert task_of(f"{BASE}task t = draw |> name").inputs == ("label",)
    assert task_of(f"{BASE}task t = translate image to image").inputs == ("image",)
    assert task_of(f"{BASE}task t = interpolate image to image").inputs == ("source", "other")
    both = task_of(f"{BASE}task w = interpolate image to image\ntask t = w |> name")
    assert both.inputs == ("source", "other")
    assert task_of(f"{BASE}task t = interpolate (draw label) to image").inputs == ("label", "image")


def test_a_modality_named_twice_in_one_expression_is_one_input() -> None:
    assert task_of("task t = blend(encode image, center of image, 0.5) |> decode image").inputs == (
        "image",
    )


def test_a_task_named_by_its_verb_does_not_hide_the_verb() -> None:
    plan = plan_of("classify image as label\ntask t = draw label |> classify\n" + BASE)
    assert pipe(plan.task("t")) == ROUND
    assert plan.task("classify").steps == plan.task("name").steps


def test_samples_and_points_are_rows_for_each_row() -> None:
    plan = plan_of(
        f"""{BASE}
        task four = sample 4 of draw
        task names = sample 4 of draw |> name
        task walk = interpolate image to image by 5
        task seen = walk |> name
        task fresh = sample 3 of (generate image)
        task piped = encode label |> sample 2 |> decode image
        """
    )
    many = {t.name: {s.id: s.many for s in t.steps} for t in plan.tasks}
    assert many["four"] == {"label": 1, "encode_label": 4, "decode_image": 4}
    assert many["names"]["label"] == 1
    assert {s.many for s in plan.task("names").steps[1:]} == {4}
    assert many["walk"]["invert_image"] == 1
    assert plan.task("walk").many == plan.task("seen").many == 5
    assert many["fresh"] == {"prior": 3, "decode_image": 3}
    assert pipe(plan.task("piped")) == "sample 2 of (encode label) |> decode image"


def test_only_what_is_drawn_is_drawn_again() -> None:
    body = "sample 4 of (blend(center of image, encode label, 0.3)) |> decode label"
    task = task_of(f"task t = {body}")
    assert {s.id: s.many for s in task.steps} == {
        "image": 1,
        "center_image": 1,
        "label": 1,
        "encode_label": 4,
        "blend": 4,
        "decode_label": 4,
    }


def test_several_conditions_meet() -> None:
    task = task_of(f"{DATA}task t = generate image from label and mood")
    assert pipe(task) == "meet(label, mood) |> decode image"
    assert task.inputs == ("label", "mood")
    three = task_of(f"{DATA}task t = generate image from label and mood and sketch")
    assert pipe(three) == "meet(label, mood, sketch) |> decode image"
    operand = task_of(f"{DATA}task t = translate label and mood to image")
    assert pipe(operand) == "meet(label, mood) |> decode image"
    draw = f"{DATA}task draw = generate image from label\n"
    chained = task_of(f"{draw}task t = generate sketch from (draw label) and mood")
    assert pipe(chained) == "meet((encode label |> decode image), mood) |> decode sketch"


def test_a_verb_with_an_and_of_its_own_comes_before_joining() -> None:
    task = task_of(
        f"""{DATA}
        verb mix photo: image and mood: label -> image = blend(encode photo, encode mood, 0.5) |>
            decode image
        task t = mix image and mood
        """
    )
    assert pipe(task) == "blend(encode image, encode mood, 0.5) |> decode image"


def test_objectives_of_a_composed_task_are_those_of_its_steps() -> None:
    plan = plan_of(f"{DATA}task t = generate sketch from (generate image from label and mood)")
    reasons = {o.id: o.reasons for o in plan.objectives}
    assert set(reasons) == {
        "decode image",
        "decode sketch",
        "align image with label",
        "align image with mood",
        "align image with sketch",
    }
    assert "`t` goes from `image` to `sketch`" in reasons["align image with sketch"]
    assert plan.task("t").trained_by == tuple(reasons)


def test_a_blend_is_aligned_with_all_that_it_is_made_of() -> None:
    plan = plan_of(f"{DATA}task t = blend(encode label, encode sketch, 0.5) |> decode image")
    aligned = {o.id for o in plan.objectives if o.kind == "align"}
    assert aligned == {"align image with label", "align image with sketch"}


def test_rankings_and_scores_need_alignment_and_encoders() -> None:
    plan = plan_of(f"{DATA}task t = retrieve image by label\ntask s = score image as mood")
    assert (plan.task("t").output.kind, plan.task("t").output.modality) == ("ranking", "image")
    assert plan.task("s").output.kind == "score"
    assert set(plan.task("t").needs) == {"label.encoder", "image.encoder"}
    assert {o.id for o in plan.objectives} == {"align image with label", "align image with mood"}


def test_composed_tasks_are_judged_by_what_they_take_and_yield() -> None:
    plan = plan_of(
        f"""{BASE}
        task again = name (draw label)
        task restyled = blend(encode image, encode label, 0.5) |> decode image
        task find = retrieve image by label
        task four = sample 4 of draw
        """
    )
    assert [(e.task, e.metric.name) for e in plan.evaluations] == [
        ("draw", "recognition"),
        ("name", "accuracy"),
        ("again", "accuracy"),
        ("restyled", "recognition"),
    ]


def test_a_composed_task_needs_only_the_columns_of_its_ends() -> None:
    text = """
    data d = toy(columns: [image, label])
    data named = toy(columns: [label])
    task again = draw label |> classify as label
    task draw = generate image from label
    evaluate again on named with accuracy
    """
    assert errors(text) == []
    assert errors(text.replace("evaluate again", "evaluate draw")) == ["LZN308"]


def test_constants_are_numbers_of_steps() -> None:
    body = "blend(encode image, encode label, much) |> decode image"
    task = task_of(f"let much = 0.75\ntask t = {body}")
    assert task.steps[-2].numbers == (0.75,)
    assert errors("let net = conv\ntask t = blend(encode image, encode label, net)") == ["LZN201"]


def test_mistakes_of_a_task_are_not_said_again_of_those_that_use_it() -> None:
    text = "task draw = generate imge from label\ntask a = draw label |> reconstruct\ntask b = a"
    assert errors(text) == ["LZN201"]


def test_a_ring_of_many_tasks_is_refused() -> None:
    lines = [f"task t{i} = t{(i + 1) % 200} |> reconstruct" for i in range(200)]
    assert errors("\n".join(lines)) == ["LZN318"]
    assert errors("\n".join([lines[0], *lines[1:5], "task t5 = t0 |> reconstruct"])) == ["LZN214"]


def test_bombs_are_refused_soon() -> None:
    doubling = ["verb v0 photo: image -> latent = encode photo"]
    doubling += [
        f"verb v{i} photo: image -> latent = blend(v{i - 1} photo, v{i - 1} photo, 0.5)"
        for i in range(1, 16)
    ]
    assert errors("\n".join([*doubling, "task t = v15 image |> decode image"])) == ["LZN318"]
    nested = ["verb v0 photo: image -> latent = encode photo"]
    nested += [f"verb v{i} photo: image -> latent = v{i - 1} photo" for i in range(1, 30)]
    assert errors("\n".join([*nested, "task t = v15 image |> decode image"])) == []
    assert errors("\n".join([*nested, "task t = v16 image |> decode image"])) == ["LZN318"]


def test_shared_values_do_not_make_a_plan_grow() -> None:
    lets = "\n".join(f"    let z{i} = blend(z{i - 1}, z{i - 1}, 0.5)" for i in range(1, 40))
    text = f"verb v photo: image -> latent {{\n    let z0 = encode photo\n{lets}\n    z39\n}}"
    task = task_of(f"{text}\ntask t = v image |> decode image")
    assert len(task.steps) == 42
    assert len(pipe(task)) < 2_000
