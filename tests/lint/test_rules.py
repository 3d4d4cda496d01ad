"""Each rule fires on the wrong program of its code, alone, and is quiet on the right one."""

import re
from pathlib import Path

import pytest

from lzn_dsl.diagnostics.codes import CODES
from lzn_dsl.diagnostics.diagnostic import Severity
from lzn_dsl.lint.lint import lint
from lzn_dsl.lint.selection import Selection, rules
from lzn_dsl.spec import load

SHOWN = [code for code in rules() if CODES[code].wrong]
HELD_OUT = "data figures = digits(split: train)\ndata unseen = digits(split: test)\n"


def codes(text: str, *more: str) -> list[str]:
    """Return the codes of what the linter says, with some pedantic rules as well."""
    return [d.code for d in lint(load(text), Selection(extend=more).codes())]


@pytest.mark.parametrize("code", SHOWN)
def test_the_wrong_program_earns_its_code_and_no_other(code: str) -> None:
    found = lint(load(CODES[code].wrong), Selection(extend=[code]).codes())
    assert {d.code for d in found} == {code}
    assert all(d.severity is Severity.WARNING and d.span for d in found)


@pytest.mark.parametrize("code", SHOWN)
def test_the_right_program_earns_nothing(code: str) -> None:
    assert codes(CODES[code].right, code) == []


def test_each_rule_is_explained_with_a_reason_and_each_explained_one_is_a_rule() -> None:
    assert set(rules()) == {code for code in CODES if code.startswith("LZNW")}
    for code in rules():
        explained = CODES[code]
        assert re.fullmatch(r"LZNW[0-9]{3}", code)
        assert not explained.title.endswith(".")
        assert explained.explanation.endswith(".")
        assert len(explained.explanation) > 120
        assert explained.explanation.count("`") % 2 == 0
        assert bool(explained.wrong) == bool(explained.right) == (code != "LZNW105")


def test_pedantic_rules_are_those_of_the_last_hundred() -> None:
    assert {c for c, r in rules().items() if r.pedantic} == {c for c in rules() if c >= "LZNW9"}


@pytest.mark.parametrize(
    ("base", "width", "found"),
    [
        ("let width = 16\n", "16", ["LZNW105"]),
        ("let width = 16\n", "base.width", []),
        ("space gaussian(dim: 16)\n", "16", []),
        ("task free = generate image\n", "16", []),
    ],
)
@pytest.mark.parametrize("alias", ["", " as base"])
def test_an_import_of_which_nothing_is_used(
    tmp_path: Path, base: str, width: str, found: list[str], alias: str
) -> None:
    (tmp_path / "base.lzn").write_text(base)
    (tmp_path / "main.lzn").write_text(
        f'import "base.lzn"{alias}\n'
        f"modality image = image(decoder: flow(unet(width: {width})))\n"
        "generate image from label\n"
    )
    said = lint(load(tmp_path / "main.lzn"), Selection().codes())
    assert [d.code for d in said] == found


def test_findings_are_those_of_the_file_itself(tmp_path: Path) -> None:
    (tmp_path / "base.lzn").write_text("let spare = 3\ntask free = generate image { alpha: 0 }\n")
    main = tmp_path / "main.lzn"
    main.write_text('import "base.lzn"\ntrain { batch: 64 }\ngenerate image from label\n')
    assert lint(load(main), Selection().codes()) == ()
    said = lint(load(tmp_path / "base.lzn"), Selection().codes())
    assert [d.code for d in said] == ["LZNW101", "LZNW206"]


def test_a_file_without_tasks_may_have_names_for_others() -> None:
    text = (
        "let width = 16\nparam depth: integer = 2\nverb blur x: image -> x = encode x |> decode x\n"
    )
    assert codes(text) == []


def test_errors_come_first_and_only_rules_about_the_text_run() -> None:
    assert codes("let width = 3\ngenerate imge from label { alpha: 0 }\n") == ["LZN201", "LZNW101"]


def test_a_text_with_mistakes_is_not_linted() -> None:
    assert codes("let width = 3\ntask = 3\ngenerate image from label\n") == ["LZN120"]


@pytest.mark.parametrize(
    ("rest", "found"),
    [
        ("data more = digits(split: train)\nevaluate name on more with accuracy\n", ["LZNW302"]),
        (
            "data more = digits(split: test, holdout: 0.3)\nevaluate name on more with accuracy\n",
            ["LZNW303"],
        ),
        ("evaluate name on unseen with accuracy\n", []),
    ],
    ids=["same split", "other cut", "held out"],
)
def test_datasets_of_the_same_files_are_compared(rest: str, found: list[str]) -> None:
    text = "data figures = digits(split: train)\ndata unseen = digits(split: test)\n"
    text = f"{text}task name = classify image as label\n{rest}"
    assert [c for c in codes(text) if c != "LZNW103"] == found


@pytest.mark.parametrize(
    ("dim", "found"), [(3, ["LZNW306"]), (4, []), (128, []), (129, ["LZNW307"])]
)
def test_dimensions_fit_classes_and_batch_at_their_limits(dim: int, found: list[str]) -> None:
    assert codes(f"space gaussian(dim: {dim})\nclassify image as label\n") == found


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ("support: 0", ["LZNW308"]),
        ("support: 9", ["LZNW308"]),
        ("support: 10", []),
        ("optimizer: sgd(lr: 50)", ["LZNW402"]),
        ("optimizer: adamw(lr: 0.03)", []),
        ("steps: 11, batch: 130, optimizer: adam(lr: 1e-5)", ["LZNW304", "LZNW403"]),
        ("schedule: constant(warmup: 999)", []),
        ("schedule: constant(warmup: 1_000)", ["LZNW401"]),
    ],
)
def test_settings_of_training_at_their_limits(settings: str, found: list[str]) -> None:
    assert sorted(codes(f"classify image as label\ntrain {{ {settings} }}\n")) == found


@pytest.mark.parametrize(
    ("settings", "found"),
    [("cutoff: 0.2, until: 0.25", 1), ("cutoff: 0.9", 0), ("cutoff: 0.95", 1), ("until: 0.3", 0)],
)
def test_steps_that_an_alignment_looks_at_are_counted_as_the_loss_does(
    settings: str, found: int
) -> None:
    text = f"classify image as label\nlearn align image with label {{ {settings} }}\n"
    assert codes(text) == ["LZNW404"] * found


def test_a_program_without_evaluations_is_told_once() -> None:
    text = f"{HELD_OUT}task name = classify image as label\ntask draw = generate image from label\n"
    assert sorted(codes(text)) == ["LZNW103", "LZNW201"]


def test_settings_that_equal_their_default_are_found_at_any_depth() -> None:
    text = (
        "let same = unet\n"
        "space gaussian(32)\n"
        "modality image = image(encoder: conv([32, 64, 64], blocks: 1), decoder: flow(same))\n"
        "task draw = generate image from label { alpha: 1, sampler: none }\n"
        "learn align image with label { log: true, alpha: 0.4 }\n"
        "train { optimizer: adam(lr: 1e-3), schedule: cosine, augment: [], batch: 64 }\n"
    )
    found = lint(load(text), Selection(["LZNW901"]).codes())
    assert [d.span.text for d in found if d.span] == [
        "32", "[32, 64, 64]", "blocks: 1", "alpha: 1", "sampler: none", "log: true", "lr: 1e-3",
        "schedule: cosine", "augment: []",
    ]  # fmt: skip


def test_a_high_rate_of_one_module_is_found_at_its_name() -> None:
    text = (
        f"{HELD_OUT}task name = classify image as label\nevaluate name on unseen with accuracy\n"
        "train image.encoder { lr: 0.5 }\ntrain label.encoder { lr: 1e-4 }\n"
    )
    (found,) = lint(load(text), Selection().codes())
    assert found.code == "LZNW402"
    assert found.span is not None
    assert found.span.text == "image.encoder"


def test_settings_of_methods_and_modules_that_equal_their_default_are_found() -> None:
    text = (
        "let cool = 0.3\n"
        "task gist = embed image using simclr(temperature: 0.2, weight: 2)\n"
        "task name = classify image as label using cross_entropy(smoothing: cool)\n"
        "train image.encoder { lr: 1, schedule: none, until: 1 }\n"
    )
    found = lint(load(text), Selection(extend=["LZNW901"]).codes())
    assert [d.span.text for d in found if d.code in ("LZNW101", "LZNW901") and d.span] == [
        "temperature: 0.2", "schedule: none", "until: 1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("phrase", "settings", "found"),
    [
        ("classify image as label", "alpha: 0.5", ["LZNW206"]),
        ("classify image as label", "sampler: euler(steps: 50)", ["LZNW206"]),
        ("embed image", "alpha: 0", ["LZNW206"]),
        ("generate image", "sampler: euler(steps: 50)", []),
        ("reconstruct image", "alpha: 0, sampler: euler(steps: 50)", []),
        ("decode(blend(encode image, center of image, 0.5), image)", "alpha: 0", []),
        ("encode label |> rank image", "alpha: 0", []),
    ],
)
def test_settings_of_tasks_count_where_a_step_looks_at_them(
    phrase: str, settings: str, found: list[str]
) -> None:
    text = f"task t = {phrase} {{ {settings} }}\nlearn align image with label\n"
    assert codes(text) == found


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("encode label |> rank image", ["LZNW308"]),
        ("generate image from label", []),
        ("embed image", []),
        ("translate image to label", ["LZNW308"]),
    ],
)
def test_support_is_asked_for_where_zones_are_looked_for(phrase: str, found: list[str]) -> None:
    text = f"task t = {phrase}\nlearn align image with label\ntrain {{ support: 0 }}\n"
    assert codes(text) == found
