"""Which plans may go on with each other's training."""

import pytest

from helpers.plans import digits_plan
from lzn_runtime.training.plan_hash import plan_differences, plan_hash

PLAN = digits_plan()


@pytest.mark.parametrize(
    "train",
    [
        {"steps": 99},
        {"support": 7},
        {"workers": 3},
        {"micro_batches": 3},
        {"log_every": 7},
        {"sample_every": 7},
        {"checkpoint_every": 7},
        {"keep": 7},
    ],
)
def test_cadence_length_and_support_may_differ(train: dict[str, object]) -> None:
    other = digits_plan(train)
    assert plan_hash(other) == plan_hash(PLAN)
    assert plan_differences(PLAN, other) == []


def test_titles_tasks_and_origins_may_differ() -> None:
    changes = {"title": "other", "version": "9", "origins": {"a": "b"}}
    other = digits_plan(tasks=["name"]).model_copy(update=changes)
    assert plan_hash(other) == plan_hash(PLAN)


@pytest.mark.parametrize(
    ("train", "difference"),
    [
        ({"seed": 1}, "train.seed: 0, now 1"),
        ({"batch": 31}, "train.batch: 32, now 31"),
        ({"clip": 2.0}, "train.clip: 1.0, now 2.0"),
        ({"ema": 0.5}, "train.ema: 0.9, now 0.5"),
        ({"solver_steps": 9}, "train.solver_steps: 8, now 9"),
    ],
)
def test_what_decides_the_training_may_not(train: dict[str, object], difference: str) -> None:
    other = digits_plan(train)
    assert plan_hash(other) != plan_hash(PLAN)
    assert plan_differences(PLAN, other) == [difference]


def test_settings_of_components_and_objectives_are_named() -> None:
    other = digits_plan(align={"weight": 2.0})
    assert plan_differences(PLAN, other) == [
        "learn.align image with label.settings.weight: 1.0, now 2.0"
    ]
    optimizer = PLAN.train.optimizer
    slower = optimizer.model_copy(update={"settings": {**optimizer.settings, "lr": 0.1}})
    assert plan_differences(PLAN, digits_plan({"optimizer": slower})) == [
        "train.optimizer.settings.lr: 0.003, now 0.1"
    ]


def test_what_one_plan_lacks_is_named() -> None:
    found = plan_differences(PLAN, digits_plan(conditioned=False))
    assert 'modality.image.condition: "label", now null' in found


def test_hash_does_not_change_with_the_package() -> None:
    assert plan_hash(PLAN) == plan_hash(type(PLAN).model_validate_json(PLAN.model_dump_json()))
