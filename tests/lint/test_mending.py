"""Fixes: made round by round, only where the program is no worse for it."""

import pytest

from lzn_dsl.diagnostics.codes import CODES
from lzn_dsl.lint.lint import lint
from lzn_dsl.lint.mending import mend
from lzn_dsl.lint.selection import Selection, rules
from lzn_dsl.spec import Spec, load

ALL = Selection(["all"]).codes()
SHOWN = [code for code in rules() if CODES[code].wrong]


def plan(spec: Spec, *without: str) -> dict[str, object]:
    """Return what a program comes to, but for where its settings were written."""
    return spec.plan().model_dump(exclude={"origins", *without})


@pytest.mark.parametrize("code", SHOWN)
def test_safe_fixes_leave_the_plan_as_it_was_and_are_made_once(code: str) -> None:
    spec = load(CODES[code].wrong)
    mended = mend(spec, ALL)
    after = load(mended.text)
    # Said twice, or said of a task that does not look at it: it is in the plan and has no effect.
    said = {"LZNW310": "evaluations", "LZNW206": "tasks"}.get(code, "")
    assert plan(after, said) == plan(spec, said)
    again = mend(after, ALL)
    assert again.text == mended.text
    assert again.done == ()
    assert mended.left == lint(after, ALL)


@pytest.mark.parametrize("code", SHOWN)
def test_a_finding_with_a_fix_is_gone_once_the_fix_is_made(code: str) -> None:
    spec = load(CODES[code].wrong)
    fixable = [d for d in lint(spec, frozenset({code})) if d.fixes]
    mended = mend(spec, frozenset({code}), unsafe=True)
    assert len(mended.left) == len(lint(spec, frozenset({code}))) - len(fixable)


def test_several_fixes_are_made_with_the_space_that_they_leave() -> None:
    text = (
        "# Draws.\n"
        "task draw = generate image from label { alpha: 1, sampler: euler() }\n"
        "train {\n"
        "    steps: 1_000   # the default\n"
        "    batch: 64\n"
        "    seed: 0\n"
        "    optimizer: adam(lr: 1e-3)\n"
        "    checkpoint_every: 10000\n"
        "}\n"
    )
    mended = mend(load(text), ALL)
    assert mended.text == (
        "# Draws.\n"
        "task draw = generate image from label { sampler: euler }\n"
        "train {\n"
        "    steps: 1_000   # the default\n"
        "    batch: 64\n"
        "    checkpoint_every: 10_000\n"
        "}\n"
    )
    assert [d.code for d in mended.left] == ["LZNW901"]


def test_unsafe_fixes_correct_names_too() -> None:
    text = "generate imge from lable\ntrain { stpes: 100 }\n"
    assert mend(load(text), ALL).text == text
    mended = mend(load(text), ALL, unsafe=True)
    assert mended.text == "generate image from label\ntrain { steps: 100 }\n"
    assert mended.left == ()


def test_constants_that_only_unused_ones_use_go_too() -> None:
    text = "let a = 1\nlet b = a\ngenerate image from label\n"
    mended = mend(load(text), ALL, unsafe=True)
    assert mended.text == "generate image from label\n"
    assert mended.done == ("remove the constant", "remove the constant")


def test_a_fix_that_would_make_an_error_is_not_made() -> None:
    # The nearest word to the setting is given already: with it, the program had two of them.
    text = "generate image from label\ntrain { steps: 100, stps: 200 }\n"
    mended = mend(load(text), ALL, unsafe=True)
    assert mended.text == text
    assert [d.code for d in mended.left] == ["LZN204"]


def test_comments_that_silence_nothing_are_removed() -> None:
    text = (
        "# lzn: ignore[LZNW101]\n"
        "generate image { alpha: 0 } # lzn: ignore[LZNW304, LZNW206]\n"
        "train { batch: 64 } # lzn: ignore[LZNW305]\n"
    )
    mended = mend(load(text), ALL - {"LZNW904"})
    assert mended.text == (
        "generate image { alpha: 0 } # lzn: ignore[LZNW206]\ntrain { batch: 64 }\n"
    )


def test_many_fixes_are_made_in_a_few_rounds() -> None:
    text = "".join(f"let a{i} = 10000\n" for i in range(500)) + "generate image\n"
    mended = mend(load(text), frozenset({"LZNW902"}))
    assert mended.text == text.replace("10000", "10_000")
    assert len(mended.done) == 500
