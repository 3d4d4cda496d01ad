"""What else differs between runs is warned of, and nothing where only the programs differ."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from helpers.run_folders import plan_of, result, run_folder
from lzn_dsl.diagnostics.diagnostic import Severity
from lzn_runtime.comparison.compare import compare_runs


def doubts(folder: Path) -> list[str]:
    found = compare_runs(folder).doubts
    assert all((d.code, d.severity) == ("LZN809", Severity.WARNING) for d in found)
    return [f"{d.summary} | {' | '.join(d.notes)}" for d in found]


def test_programs_alone_are_no_doubt(tmp_path: Path) -> None:
    run_folder(tmp_path / "a", plan_of(), [result(0.5, samples=100)])
    run_folder(tmp_path / "b", plan_of("two", dim=5), [result(0.5, samples=100)])
    assert doubts(tmp_path) == []


@pytest.mark.parametrize(
    ("train", "told"),
    [
        ({"batch": 32}, "the runs differ in batch | one: 64 | two: 32"),
        ({"steps": 40}, "the runs differ in steps | one: 20 | two: 40"),
        ({"seed": 3}, "not the same seeds | one: 0 | two: 3"),
    ],
)
def test_other_training_is_told(tmp_path: Path, train: dict[str, Any], told: str) -> None:
    run_folder(tmp_path / "a", plan_of(batch=64, steps=20))
    run_folder(tmp_path / "b", plan_of("two", **{"dim": 5, "batch": 64, "steps": 20} | train))
    assert doubts(tmp_path) == [told]


def test_other_versions_and_machines_are_told(tmp_path: Path) -> None:
    run_folder(tmp_path / "a", plan_of())
    other = {"versions": {"torch": "2.1"}, "host": {"device": "cuda"}}
    run_folder(tmp_path / "b", plan_of(seed=1), environment=other)
    assert doubts(tmp_path) == [
        "the runs differ in the version of torch | one: 2.0, 2.1",
        "the runs differ in their machine (device) | one: cpu, cuda",
    ]


def test_an_unfinished_run_and_a_repeated_seed_are_told(tmp_path: Path) -> None:
    run_folder(tmp_path / "a", plan_of(steps=20))
    run_folder(tmp_path / "b", plan_of(steps=20), step=10)
    assert doubts(tmp_path) == [
        f"`{tmp_path / 'b'}` is not finished: step 10 of 20 | ",
        "`one` has several runs of seed 0, which are no spread | ",
    ]


def test_other_conditions_of_a_metric_are_told_by_column(tmp_path: Path) -> None:
    first = result(0.5, step=10, samples=1000, settings={"top_k": 5})
    run_folder(tmp_path / "a", plan_of(), [first, result(0.6, step=20, task="gist")])
    second = result(0.5, step=20, samples=500, settings={"top_k": 1})
    run_folder(tmp_path / "b", plan_of("two", dim=5), [second])
    assert doubts(tmp_path) == [
        "accuracy of name on unseen: not the same step | one: 10 | two: 20",
        "accuracy of name on unseen: not the same number of samples | one: 1,000 | two: 500",
        "accuracy of name on unseen: not the same `top_k` | one: 5 | two: 1",
    ]


def judged(sha256: str) -> dict[str, JsonValue]:
    return {"name": "classifier", "sha256": sha256, "accuracy": {"value": 0.9}}


def test_an_extractor_of_each_seed_is_no_doubt_where_programs_share_them(tmp_path: Path) -> None:
    for title, dim in (("one", 4), ("two", 5)):
        for seed in (0, 1):
            by = judged(f"{seed} is the seed")
            plan = plan_of(title, seed=seed, dim=dim)
            run_folder(tmp_path / title / str(seed), plan, [result(0.5, extractor=by)])
    assert doubts(tmp_path) == []
    assert compare_runs(tmp_path).own_extractors == ("accuracy of name on unseen",)


def test_another_extractor_at_one_seed_is_told(tmp_path: Path) -> None:
    run_folder(tmp_path / "a", plan_of(), [result(0.5, extractor=judged("aaaa"))])
    run_folder(tmp_path / "b", plan_of("two", dim=5), [result(0.5, extractor=judged("bbbb"))])
    assert doubts(tmp_path) == [
        "accuracy of name on unseen: not the same extractor "
        "| one: classifier aaaa | two: classifier bbbb"
    ]
    assert compare_runs(tmp_path).own_extractors == ()
