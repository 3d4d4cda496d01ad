"""Parameters: set by the shell, by Python, by an importing file; checked wherever they are set."""

from pathlib import Path

import pytest

from helpers.projects import DIGITS, codes, write
from lzn_dsl.diagnostics.diagnostic import SpecError
from lzn_dsl.planning.given import given_settings
from lzn_dsl.spec import load

TYPES = """\
param steps: integer = 4_000 in 1..1e6
param rate: number = 1e-3 in 1e-6..1
param probe: boolean = false
param split: word = train in [train, test]
param net: word = unet in [unet, small]
param root: text = "here"
param width: integer = 16 in [16, 32, 64]
data d = digits(split: split)
generate image from label
train { steps: steps, optimizer: adam(lr: rate) }
"""


def test_defaults_are_used_like_constants() -> None:
    plan = load(TYPES).plan()
    assert plan.train.steps == 4000
    assert plan.train.optimizer.settings["lr"] == 1e-3
    assert plan.parameters == {
        "steps": 4000,
        "rate": 1e-3,
        "probe": False,
        "split": "train",
        "net": "unet",
        "root": "here",
        "width": 16,
    }
    assert plan.origins["param.steps"] == "default"


@pytest.mark.parametrize(
    "given",
    [
        ["steps=10", "rate=0.5", "probe=true", "split=test", "root=two words", "width=32"],
        ["steps=1e1", "rate=.5", "probe = true", 'split="test"', 'root="two words"', "width=32.0"],
        {
            "steps": 10,
            "rate": 0.5,
            "probe": True,
            "split": "test",
            "root": "two words",
            "width": 32,
        },
    ],
)
def test_the_shell_and_python_set_them(given: list[str] | dict[str, object]) -> None:
    plan = load(TYPES, params=given).plan()
    assert plan.parameters == {
        "steps": 10,
        "rate": 0.5,
        "probe": True,
        "split": "test",
        "net": "unet",
        "root": "two words",
        "width": 32,
    }
    assert plan.train.steps == 10
    assert plan.dataset("d").component.settings["split"] == "test"


def test_where_a_value_came_from_is_told() -> None:
    plan = load(TYPES, params={"steps": 10}).plan()
    assert plan.origins["param.steps"] == "--param steps:1:1"
    assert plan.origins["train.steps"] == "<text>:10:16"
    given = {g.path: (g.value, g.origin) for g in given_settings(plan)}
    assert given["param.steps"] == ("10", "--param")
    assert given["train.steps"] == ("10", "<text>:10:16")
    assert "param.rate" not in given


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"steps": 0}, "expected a whole number from 1 to 1_000_000"),
        ({"steps": 1.5}, "expected a whole number from 1 to 1_000_000"),
        ({"steps": True}, "expected a whole number from 1 to 1_000_000"),
        ({"steps": "ten"}, "expected a whole number from 1 to 1_000_000"),
        ({"steps": 2**64}, "expected a whole number from 1 to 1_000_000"),
        ({"steps": None}, "expected a whole number from 1 to 1_000_000"),
        ({"steps": [1]}, "expected a whole number from 1 to 1_000_000"),
        ({"rate": 2}, "expected a number from 1e-06 to 1"),
        ({"rate": float("nan")}, "expected a number from 1e-06 to 1"),
        ({"rate": float("inf")}, "expected a number from 1e-06 to 1"),
        ({"probe": 1}, "expected `true` or `false`"),
        ({"split": "tain"}, "expected one of `train`, `test`"),
        ({"split": 3}, "expected one of `train`, `test`"),
        ({"width": 17}, "expected one of `16`, `32`, `64`"),
        (["steps=1_"], "expected a whole number from 1 to 1_000_000"),
        (["steps="], "expected a whole number from 1 to 1_000_000"),
        (["steps=conv(widths: [8])"], "expected a whole number from 1 to 1_000_000"),
        (["split=a.b"], "expected one of `train`, `test`"),
    ],
)
def test_a_value_it_does_not_take_is_refused_with_its_declaration(
    given: list[str] | dict[str, object], said: str
) -> None:
    (found,) = load(TYPES, params=given).check()
    assert (found.code, found.label) == ("LZN242", said)
    assert found.span is not None
    assert found.span.source.name.startswith("--param ")
    assert [r.span.text.split()[0] for r in found.related] == ["param"]


def test_an_unknown_one_is_told_with_a_suggestion() -> None:
    (found,) = load(TYPES, params=["stpes=3"]).check()
    assert (found.code, found.hint) == ("LZN241", "did you mean `steps`?")
    with pytest.raises(SpecError, match="LZN243"):
        load(TYPES, params=["steps"])


def test_a_constant_is_no_parameter_and_a_parameter_no_constant() -> None:
    text = "let n = 3\nparam m: integer = 3\ngenerate image\ntrain { steps: n, batch: m }\n"
    assert codes(load(text, params={"n": 4}).check()) == ["LZN241"]
    assert codes(load(text, settings={"let.m": 4}).check()) == ["LZN210"]
    plan = load(text, params={"m": 4}, settings={"let.n": 5}).plan()
    assert (plan.train.steps, plan.train.batch) == (5, 4)


def test_a_word_stays_a_word_beside_a_constant_of_its_name() -> None:
    text = (
        "let test = 3\nparam part: word = train in [train, test]\nlet same = part\n"
        "data d = digits(split: same)\ngenerate image\ntrain { steps: test }\n"
    )
    plan = load(text, params={"part": "test"}).plan()
    assert plan.dataset("d").component.settings["split"] == "test"
    assert plan.train.steps == 3


def test_a_word_may_choose_a_component() -> None:
    text = "param way: word = adam in [adam, sgd]\ngenerate image\ntrain { optimizer: way }\n"
    assert load(text, params={"way": "sgd"}).plan().train.optimizer.name == "sgd"


def test_an_importing_file_sets_them_and_the_shell_counts_more(tmp_path: Path) -> None:
    top = (
        "let few = 7\nparam many: integer = 9 in 1..1e3\n"
        'import "base.lzn" as a { steps: few }\nimport "base.lzn" as b { steps: many }\n'
        "train { on: a.seen, steps: 1 }\n"
    )
    path = write(tmp_path, {"top.lzn": top, "base.lzn": DIGITS})
    plan = load(path).plan()
    assert plan.parameters == {"many": 9, "a.steps": 7, "b.steps": 9}
    assert plan.origins["param.a.steps"].endswith("top.lzn:3:33")
    assert load(path, params={"many": 8}).plan().parameters["b.steps"] == 8
    assert load(path, params={"b.steps": 5}).plan().parameters == {
        "many": 9,
        "a.steps": 7,
        "b.steps": 5,
    }
    assert codes(load(path, params={"many": 2000}).check()) == ["LZN242"]
    assert codes(load(path, params={"c.steps": 5}).check()) == ["LZN241"]
    given = {g.path: g.value for g in given_settings(plan)}
    assert given["param.a.steps"] == "7"


def test_uses_with_other_parameters_are_other_files_of_the_program(tmp_path: Path) -> None:
    base = "param split: word = train in [train, test]\ndata d = digits(split: split)\n"
    top = (
        'import "base.lzn" as a\nimport "base.lzn" as b { split: test }\nimport "base.lzn" as c\n'
        "task t = generate image\ntrain { on: c.d }\n"
    )
    plan = load(write(tmp_path, {"top.lzn": top, "base.lzn": base})).plan()
    splits = {d.name: d.component.settings["split"] for d in plan.datasets}
    assert splits == {"a.d": "train", "b.d": "test"}
    assert plan.train.on == "a.d"  # `c` is `a` once more


def test_parameters_pass_through_files_in_a_row(tmp_path: Path) -> None:
    files = {
        "top.lzn": 'import "middle.lzn" { steps: 3 }\nlet seven = middle.seven\n'
        'import "base.lzn" as other { steps: seven }\n'
        "train { on: other.seen, steps: 2 }\n",
        "middle.lzn": "param steps: integer = 5\nlet same = steps\nlet seven = 7\n"
        'import "base.lzn" { steps: same }\n',
        "base.lzn": DIGITS,
    }
    plan = load(write(tmp_path, files)).plan()
    assert plan.parameters == {"middle.steps": 3, "middle.base.steps": 3, "other.steps": 7}
    deep = load(tmp_path / "top.lzn", params={"middle.base.steps": 4}).plan()
    assert deep.parameters["middle.base.steps"] == 4


def test_the_parameters_of_a_program_are_listed_with_their_values(tmp_path: Path) -> None:
    path = write(tmp_path, {"top.lzn": 'import "base.lzn" { steps: 3 }\n', "base.lzn": DIGITS})
    (bound,) = load(path).linked.parameters
    assert (bound.name, bound.plain, bound.given) == ("base.steps", 3, True)
    assert bound.parameter.takes == "a whole number from 1 to 1_000"
