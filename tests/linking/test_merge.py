"""What files say of the whole program: the importing file decides, imports must agree."""

from pathlib import Path

import pytest

from helpers.projects import codes, linked
from lzn_dsl.syntax import tree


def said(folder: Path, top: str, **others: str) -> list[str]:
    """Return what the linked program says of itself, line by line; no errors are there."""
    files = {"top.lzn": top} | {f"{name}.lzn": text for name, text in others.items()}
    result = linked(folder, files)
    assert result.found == ()
    return [line for s in result.file.statements for line in _lines(s)]


def _lines(statement: tree.Statement) -> list[str]:
    if isinstance(statement, tree.Train):
        module = f" {statement.module.text}" if statement.module else ""
        return [f"train{module} {s.key.text}: {s.value.span.text}" for s in statement.settings]
    if isinstance(statement, tree.Learn):
        lines = [
            f"{statement.phrase} {s.key.text}: {s.value.span.text}" for s in statement.settings
        ]
        return lines or [str(statement.phrase)]
    if isinstance(statement, tree.Space | tree.Modality | tree.Evaluate):
        return [" ".join(statement.span.text.split())]
    return []


def test_what_an_import_says_holds(tmp_path: Path) -> None:
    base = (
        "space gaussian(dim: 8)\nmodality image = image(decoder: none)\n"
        "train { steps: 5, optimizer: adam(lr: 1) }\nlearn align image with label { weight: 2 }\n"
    )
    assert said(tmp_path, 'import "base.lzn"\n', base=base) == [
        "space gaussian(dim: 8)",
        "modality image = image(decoder: none)",
        "train steps: 5",
        "train optimizer: adam(lr: 1)",
        "align image with label weight: 2",
    ]


def test_the_importing_file_decides_setting_by_setting(tmp_path: Path) -> None:
    base = (
        "space gaussian(dim: 8)\nmodality image = image(decoder: none)\n"
        "train { steps: 5, batch: 10, optimizer: adam(lr: 1) }\n"
        "learn align image with label { weight: 2, alpha: 0 }\n"
    )
    top = (
        'import "base.lzn"\nspace gaussian(dim: 9)\nmodality image = image(encoder: conv)\n'
        "train { optimizer: sgd, steps: 6 }\nlearn align label with image { weight: 3 }\n"
    )
    assert said(tmp_path, top, base=base) == [
        "space gaussian(dim: 9)",
        "modality image = image(encoder: conv)",
        "train optimizer: sgd",
        "train steps: 6",
        "train batch: 10",
        "align label with image weight: 3",
        "align label with image alpha: 0",
    ]


def test_evaluations_add_up(tmp_path: Path) -> None:
    base = "task t = embed image\nevaluate t on unseen with linear_probe\n"
    top = 'import "base.lzn"\nevaluate base.t on seen with linear_probe\n'
    assert said(tmp_path, top, base=base) == [
        "evaluate t on unseen with linear_probe",
        "evaluate base.t on seen with linear_probe",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("train { steps: 5 }", "train { steps: 5.0 }"),
        ("let n = 5\ntrain { steps: n }", "param m: integer = 5\ntrain { steps: m }"),
        ("train { optimizer: adam(lr: 1e-3) }", "train { optimizer: adam( lr: 0.001 ) }"),
        ("train { steps: 5 }", "train { batch: 6 }"),
        ("space gaussian(8)", "space gaussian(8)"),
        ("learn decode image { weight: 2 }", "learn decode image { alpha: 0 }"),
    ],
)
def test_imports_that_agree_are_no_error(tmp_path: Path, one: str, other: str) -> None:
    top = 'import "one.lzn"\nimport "other.lzn"\n'
    assert linked(tmp_path, {"top.lzn": top, "one.lzn": one, "other.lzn": other}).found == ()


@pytest.mark.parametrize(
    ("one", "other", "decision"),
    [
        ("train { steps: 5 }", "train { steps: 6 }", "train { steps: 7 }"),
        ("train { augment: [] }", "train { augment: [flip] }", "train { augment: [] }"),
        ("space gaussian(8)", "space gaussian(dim: 9)", "space gaussian(8)"),
        (
            "modality image = image(decoder: none)",
            "modality image = image",
            "modality image = image",
        ),
        (
            "learn decode image { weight: 2 }",
            "learn decode image { weight: true }",
            "learn decode image { weight: 1 }",
        ),
    ],
)
def test_imports_that_disagree_are_an_error_unless_the_importing_file_decides(
    tmp_path: Path, one: str, other: str, decision: str
) -> None:
    top = 'import "one.lzn"\nimport "other.lzn"\n'
    files = {"top.lzn": top, "one.lzn": one, "other.lzn": other}
    (found,) = linked(tmp_path, files).found
    assert found.code == "LZN239"
    assert found.span is not None
    assert found.span.line == 2
    places = [Path(related.span.source.name).name for related in found.related]
    assert places == ["one.lzn", "other.lzn"]
    assert linked(tmp_path, files | {"top.lzn": top + decision}).found == ()


def test_what_is_said_of_a_module_is_taken_setting_by_setting(tmp_path: Path) -> None:
    base = (
        "train { steps: 5, optimizer: adam(lr: 1) }\n"
        "train image.decoder { lr: 2, until: 0.5 }\ntrain image.encoder { lr: 3 }\n"
    )
    top = 'import "base.lzn"\ntrain image.decoder { lr: 4 }\ntrain { steps: 6 }\n'
    assert said(tmp_path, top, base=base) == [
        "train image.decoder lr: 4",
        "train image.decoder until: 0.5",
        "train steps: 6",
        "train optimizer: adam(lr: 1)",
        "train image.encoder lr: 3",
    ]


def test_two_imports_may_disagree_on_a_module(tmp_path: Path) -> None:
    files = {
        "top.lzn": 'import "one.lzn"\nimport "other.lzn"\n',
        "one.lzn": "train image.decoder { lr: 1 }\n",
        "other.lzn": "train image.decoder { lr: 2 }\ntrain image.encoder { lr: 3 }\n",
    }
    (found,) = linked(tmp_path, files).found
    assert found.summary == "two imported files disagree on `train image.decoder.lr`"
    assert found.hint == "decide in this file: `train image.decoder { lr: 1 }`"


def test_a_file_between_decides_for_those_above(tmp_path: Path) -> None:
    files = {
        "top.lzn": 'import "left.lzn"\nimport "right.lzn"\n',
        "left.lzn": 'import "base.lzn"\ntrain { steps: 6 }\n',
        "right.lzn": 'import "base.lzn"\n',
        "base.lzn": "train { steps: 5, batch: 7 }\n",
    }
    assert codes(linked(tmp_path, files).found) == ["LZN239"]
    files["right.lzn"] += "train { steps: 6 }\n"
    assert linked(tmp_path, files).found == ()


def test_own_data_is_trained_on_before_that_of_imports(tmp_path: Path) -> None:
    top = 'import "base.lzn"\ndata mine = digits(split: train)\n'
    result = linked(tmp_path, {"top.lzn": top, "base.lzn": "data d = digits\ngenerate image\n"})
    names = [s.name.text for s in result.file.statements if isinstance(s, tree.Data)]
    assert names == ["mine", "base.d"]


def test_what_a_file_says_twice_is_left_for_the_checker(tmp_path: Path) -> None:
    base = "train { steps: 1, steps: 2 }\ntrain { batch: 3 }\nspace gaussian\nspace gaussian(8)\n"
    files = {"top.lzn": 'import "base.lzn"\n', "base.lzn": base}
    kinds = [type(s) for s in linked(tmp_path, files).file.statements]
    assert kinds.count(tree.Train) == kinds.count(tree.Space) == 2
