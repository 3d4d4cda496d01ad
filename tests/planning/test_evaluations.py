"""Evaluations of a trained model are planned as those of a program are."""

import pytest

from lzn_dsl.diagnostics.diagnostic import SpecError
from lzn_dsl.planning.compare import setting_rows
from lzn_dsl.planning.evaluations import choose_evaluations, plan_evaluations
from lzn_dsl.planning.plan import Plan
from lzn_dsl.registry.plugins import default_registry
from lzn_dsl.spec import load

PROGRAM = """\
let k = 7
data seen = digits(split: train)
data unseen = digits(split: test)
task name = classify image as label
task gist = embed image
train { on: seen, batch: 32 }
"""
EVALUATIONS = (
    "name on unseen with accuracy",
    "gist on unseen with linear_probe(train_samples: 99)",
)


def plan(*evaluations: str) -> Plan:
    return load(PROGRAM + "".join(f"evaluate {text}\n" for text in evaluations)).plan()


@pytest.mark.parametrize("text", EVALUATIONS)
def test_an_evaluation_is_the_one_of_a_program_that_states_it(text: str) -> None:
    assert plan_evaluations(plan(), text, default_registry()) == plan(text).evaluations
    assert (
        plan_evaluations(plan(), f"evaluate {text}", default_registry()) == plan(text).evaluations
    )


def test_constants_of_the_program_may_be_used() -> None:
    text = "gist on unseen with linear_probe(train_samples: k)"
    [found] = plan_evaluations(plan(), text, default_registry())
    assert found.metric.settings["train_samples"] == 7


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("gist on unseen with acuracy", "LZN206"),
        ("gist on unseen with accuracy", "LZN308"),
        ("gits on unseen with linear_probe", "LZN207"),
        ("gist on nothing with linear_probe", "LZN202"),
        ("gist on unseen with linear_probe(samples: 3)", "LZN204"),
        ("gist on unseen", "LZN120"),
        ("gist on unseen with linear_probe\ntask x = embed image", "LZN808"),
        ("", "LZN120"),
    ],
)
def test_a_wrong_evaluation_is_told_as_in_a_program(text: str, code: str) -> None:
    with pytest.raises(SpecError) as refused:
        plan_evaluations(plan(), text, default_registry())
    assert refused.value.diagnostics[0].code == code


def test_evaluations_are_chosen_by_task_and_metric() -> None:
    whole = plan(*EVALUATIONS)
    name, gist = whole.evaluations
    assert choose_evaluations(whole) == (name, gist)
    assert choose_evaluations(whole, tasks=["gist"]) == (gist,)
    assert choose_evaluations(whole, metrics=["accuracy"]) == (name,)
    with pytest.raises(SpecError, match="did you mean `gist`"):
        choose_evaluations(whole, tasks=["gits"])
    with pytest.raises(SpecError, match="LZN808"):
        choose_evaluations(whole, tasks=["gist"], metrics=["accuracy"])
    with pytest.raises(SpecError, match="LZN808"):
        choose_evaluations(plan())


def test_setting_rows_have_the_value_of_each_program() -> None:
    conv = "modality image = image(encoder: conv(widths: [8]), decoder: none)\n"
    plans = [
        plan(),
        load(PROGRAM.replace("batch: 32", "batch: 64")).plan(),
        load(PROGRAM + conv).plan(),
    ]
    rows = {row.path: row.values for row in setting_rows(plans)}
    assert rows["train.batch"] == ("32", "64", "32")
    assert setting_rows(plans[:1]) == []
