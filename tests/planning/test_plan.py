"""The plan is complete, survives JSON, and says what trains each task."""

import pytest
from pydantic import JsonValue

from helpers.programs import program, registry
from lzn_dsl.planning.plan import Plan
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.settings import Component, component_kind

TEXT = """
task draw    = generate image from label
task imagine = generate image
task name    = classify image as label
evaluate draw on unseen with frechet, recognition
evaluate name on unseen with accuracy
"""


@pytest.fixture(scope="module")
def plan() -> Plan:
    return program(TEXT).plan()


def test_a_plan_survives_json(plan: Plan) -> None:
    assert Plan.model_validate_json(plan.model_dump_json()) == plan


def test_every_default_is_filled_in_also_inside_components(plan: Plan) -> None:
    for modality in plan.modalities:
        _assert_complete(Kind.MODALITY, modality.component)
    for dataset in plan.datasets:
        _assert_complete(Kind.DATASET, dataset.component)
    for evaluation in plan.evaluations:
        _assert_complete(Kind.METRIC, evaluation.metric)
    _assert_complete(Kind.OPTIMIZER, plan.train.optimizer)
    _assert_complete(Kind.SCHEDULE, plan.train.schedule)


def _assert_complete(kind: Kind | str, component: Component) -> None:
    settings = registry().get(kind, component.name).settings
    assert set(component.settings) == set(settings.model_fields), component.name
    for name, value in component.settings.items():
        inner = component_kind(settings, name)
        if inner is not None:
            for item in _components(value):
                _assert_complete(inner, item)


def _components(value: JsonValue) -> list[Component]:
    if value is None:
        return []
    values = value if isinstance(value, list) else [value]
    return [Component.model_validate(item) for item in values]


def test_every_setting_says_where_it_came_from(plan: Plan) -> None:
    paths = {f"train.{name}" for name in type(plan.train).model_fields if name != "modules"}
    for modality in plan.modalities:
        paths |= _paths(f"modality.{modality.name}", modality.component)
    for objective in plan.objectives:
        paths |= {f"learn.{objective.id}.{name}" for name in objective.settings}
    assert paths <= set(plan.origins)
    assert plan.origins["modality.image.decoder.sampler.steps"] == "default"


def _paths(root: str, component: Component) -> set[str]:
    paths = set()
    for name, value in component.settings.items():
        paths.add(f"{root}.{name}")
        if isinstance(value, dict):
            paths |= _paths(f"{root}.{name}", Component.model_validate(value))
    return paths


def test_tasks_say_what_they_need_and_what_trains_it(plan: Plan) -> None:
    both = ("decode image", "align image with label")
    assert {t.name: (t.needs, t.trained_by) for t in plan.tasks} == {
        "draw": (("label.encoder", "image.decoder", "label.decoder"), both),
        # Its decoder is told classes that are read off the latent, by the label's anchors.
        "imagine": (("image.decoder", "label.decoder"), both),
        "name": (("image.encoder", "label.decoder"), both),
    }


def test_modalities_that_nothing_uses_are_left_out() -> None:
    plan = program("generate image").plan()
    assert [m.name for m in plan.modalities] == ["image"]
    assert not any(path.startswith("modality.label") for path in plan.origins)


def test_sizes_of_samples_come_from_the_data_or_from_the_program() -> None:
    plan = program("generate image from label").plan()
    assert plan.modality("image").sample == {"height": 8, "width": 8, "channels": 1}
    assert plan.modality("label").sample == {"classes": 10}
    missing = 'data mine = image_folder("not/here", size: 32)\n'
    stated = f"{missing}modality label = label(classes: 3)\ngenerate image from label"
    assert program(stated).plan().modality("label").sample == {"classes": 3}
    found = program(f"{missing}generate image from label").check()
    assert [d.code for d in found] == ["LZN501", "LZN312"]


def test_looking_up_what_is_not_there_says_what_is(plan: Plan) -> None:
    with pytest.raises(ValueError, match="no task `paint`; it has: `draw`, `imagine`, `name`"):
        plan.task("paint")
    assert plan.dataset("seen").num_samples == 1437
