"""`using METHOD`: which method a task has, its settings, its verbs, and what it cannot train."""

from pathlib import Path

import pytest

from helpers.programs import errors, program
from lzn_dsl.planning.show import pipe
from lzn_dsl.registry.settings import Component
from lzn_dsl.spec import load


def _method(text: str, **params: object) -> Component:
    (task,) = load(text, params=params).graph.program.tasks.values()
    return task.method


def test_a_task_that_names_none_is_trained_by_latent_zones() -> None:
    assert _method("embed image") == _method("embed image using latent_zoning")
    assert _method("embed image").name == "latent_zoning"


def test_settings_of_a_method_are_complete() -> None:
    assert _method("embed image using moco(0.1, queue: 64)").settings == {
        "weight": 1.0,
        "temperature": 0.1,
        "momentum": 0.99,
        "queue": 64,
    }


def test_a_parameter_chooses_the_method() -> None:
    text = "param m: word = latent_zoning in [latent_zoning, simclr, moco]\nembed image using m"
    assert _method(text).name == "latent_zoning"
    assert _method(text, m="moco").settings["queue"] == 4096
    called = text.replace("using m", "using m(temperature: 0.5)").replace(
        "= latent_zoning", "= moco"
    )
    assert _method(called).settings["temperature"] == 0.5


def test_a_constant_stands_for_a_method_with_settings() -> None:
    assert _method("let m = simclr(0.3)\nembed image using m").settings["temperature"] == 0.3


def test_settings_from_outside_reach_a_method() -> None:
    settings = {"task.gist.using.temperature": 0.7}
    spec = load("task gist = embed image using simclr", settings=settings)
    assert spec.graph.program.tasks["gist"].method.settings["temperature"] == 0.7
    assert spec.plan().objectives[0].settings["temperature"] == 0.7


def test_a_method_named_in_an_imported_file(tmp_path: Path) -> None:
    (tmp_path / "base.lzn").write_text(
        "param how: word = simclr in [simclr, moco]\ntask gist = embed image using how\n",
        encoding="utf-8",
    )
    top = tmp_path / "top.lzn"
    top.write_text(
        'import "base.lzn" as base { how: moco }\nlet how = base.how\n'
        "task head = anchor of image using how\ntask drawn = encode image using moco\n",
        encoding="utf-8",
    )
    spec = load(top)
    assert {t.method.name for t in spec.graph.program.tasks.values()} == {"moco"}
    assert [o.id for o in spec.plan().objectives] == ["contrast image"]
    assert load(spec.to_text()).to_text() == spec.to_text()


def test_classes_are_read_by_products_where_they_were_trained_by_cross_entropy() -> None:
    def steps(text: str) -> str:
        return pipe(program(text).plan().task("n"))

    assert steps("task n = classify image as label using cross_entropy") == (
        "anchor image |> nearest label"
    )
    assert steps("task n = classify image as label") == "center image |> decode label"


def test_verbs_of_a_method_hold_in_its_tasks_alone() -> None:
    text = (
        "task n = classify image as label using cross_entropy\ntask z = classify image as label\n"
    )
    plan = program(text).plan()
    assert [pipe(task) for task in plan.tasks] == [
        "anchor image |> nearest label",
        "center image |> decode label",
    ]


def test_a_verb_of_the_program_may_use_the_verb_of_a_method() -> None:
    text = (
        "verb name photo: encodable as kind: discrete decodable -> kind = classify photo as kind\n"
        "task n = name image as label using cross_entropy"
    )
    assert pipe(program(text).plan().task("n")) == "anchor image |> nearest label"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("embed image using simcrl", ["LZN206"]),
        ("let x = 3\nembed image using x", ["LZN206"]),
        ("embed image using adam", ["LZN206"]),
        ("embed image using simclr(temprature: 1)", ["LZN204"]),
        ("embed image using simclr(0)", ["LZN302"]),
        ("embed image using latent_zoning(3)", ["LZN304"]),
        ("task t = encode image |> nearest label", ["LZN307"]),
        ("task t = anchor of image |> decode label", ["LZN307"]),
        ("task t = blend(anchor of image, prior, 0.5) |> decode image", ["LZN307"]),
        ("task t = anchor of image |> nearest image", ["LZN301"]),
        ("task t = anchor of image |> nearest label", []),
    ],
)
def test_what_does_not_fit(text: str, codes: list[str]) -> None:
    assert errors(text) == codes


@pytest.mark.parametrize("method", ["rectified_flow", "simclr", "moco", "cross_entropy"])
@pytest.mark.parametrize(
    ("phrase", "fits"),
    [
        ("embed image", ("simclr", "moco")),
        ("anchor of image", ("simclr", "moco")),
        ("generate image", ("rectified_flow",)),
        ("reconstruct image", ("rectified_flow",)),
        ("classify image as label", ("cross_entropy",)),
        ("retrieve label by image", ()),
        ("score image as label", ()),
        ("interpolate image to image", ()),
    ],
)
def test_a_method_trains_tasks_of_its_shapes(
    method: str, phrase: str, fits: tuple[str, ...]
) -> None:
    found = errors(f"task t = {phrase} using {method}")
    assert found == ([] if method in fits else ["LZN319"])


def test_a_misfit_names_the_methods_that_can() -> None:
    (finding,) = program("task n = classify image as label using moco").check()
    assert finding.summary == "`moco` cannot train `n`, which is: classify image as label"
    assert finding.notes == ("methods that can: `cross_entropy`, `latent_zoning`",)
    assert finding.span is not None
    assert finding.span.text == "moco"
