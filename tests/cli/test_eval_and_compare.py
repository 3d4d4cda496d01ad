"""`lzn eval`, `lzn compare` and `lzn run --seeds`: what they print, and how they exit."""

import json
import shutil
from pathlib import Path

import pytest

from helpers.run_folders import plan_of, result, run_folder
from helpers.shell import Shell


@pytest.fixture
def run(tiny_run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_run, tmp_path / "run"))


def test_eval_prints_a_row_for_each_step(lzn: Shell, run: Path) -> None:
    text = lzn("eval", str(run), "--task", "name", "--step", "0", "--step", "6", "-q")
    lines = text.splitlines()
    assert [line.split()[0] for line in lines if line[:1].isdigit()] == ["0", "6"]
    assert lines[0].split() == ["step", "accuracy"]
    assert lines[-1] == "averaged weights, as in use"


def test_eval_as_json_is_nothing_but_json(lzn: Shell, run: Path) -> None:
    found = json.loads(lzn("eval", str(run), "name on unseen with accuracy", "--json"))
    [measured] = found["results"]
    assert (measured["name"], measured["step"]) == ("accuracy", 6)
    assert found["weights"] == "averaged"


def test_eval_of_what_is_not_there_exits_by_its_kind(lzn: Shell, run: Path, tmp_path: Path) -> None:
    lzn("eval", str(run), "--metric", "acuracy", code=2)
    assert "did you mean `accuracy`?" in lzn.err
    lzn("eval", str(run), "gist on unseen with accuracy", code=2)
    assert "error[LZN308]" in lzn.err
    lzn("eval", str(run), "--step", "4", code=5)
    assert "error[LZN718]" in lzn.err
    lzn("eval", str(tmp_path), code=5)
    assert "error[LZN708]" in lzn.err
    lzn("eval", str(run), "--device", "abacus", code=2)


def two_programs(folder: Path) -> None:
    for title, dim in (("one", 4), ("two", 5)):
        for seed in (0, 1):
            plan = plan_of(title, seed=seed, dim=dim)
            run_folder(folder / title / f"seed-{seed}", plan, [result(0.5 + seed / 10)])


def test_compare_prints_in_three_forms(lzn: Shell, tmp_path: Path) -> None:
    two_programs(tmp_path)
    text = lzn("compare", str(tmp_path))
    assert "55.0 +-7.1" in text
    assert lzn.err == ""
    named = ("--label", "small", "--label", "large")
    assert "| small | 2 seeds |" in lzn("compare", str(tmp_path), *named, "--format", "md")
    data = json.loads(lzn("compare", str(tmp_path), "--json"))
    assert data == json.loads(lzn("compare", str(tmp_path), "--format", "json"))
    assert [program["label"] for program in data["programs"]] == ["one", "two"]


def test_compare_writes_a_folder(lzn: Shell, tmp_path: Path) -> None:
    two_programs(tmp_path / "runs")
    out = tmp_path / "out"
    assert lzn("compare", str(tmp_path / "runs"), "--out", str(out), "-q") == ""
    assert lzn.err == f"wrote 4 files: {out / 'compare.html'}\n"
    assert (out / "plots" / "value-accuracy-of-name-on-unseen.svg").exists()


def test_compare_warns_of_what_else_differs(lzn: Shell, tmp_path: Path) -> None:
    run_folder(tmp_path / "a", plan_of(), [result(0.5, samples=100)])
    run_folder(tmp_path / "b", plan_of(seed=1), [result(0.5, samples=50)])
    lzn("compare", str(tmp_path))
    assert "warning[LZN809]: accuracy of name on unseen: not the same number of samples" in lzn.err


def test_compare_of_what_cannot_be_exits_by_its_kind(lzn: Shell, tmp_path: Path) -> None:
    lzn("compare", str(tmp_path), code=5)
    assert "error[LZN708]" in lzn.err
    run_folder(tmp_path / "a", plan_of())
    lzn("compare", str(tmp_path), "--label", "a", "--label", "b", code=2)
    assert "error[LZN902]" in lzn.err


def test_run_of_several_seeds_compares_them_and_goes_on(
    lzn: Shell, tiny_spec: Path, tmp_path: Path
) -> None:
    command = ("run", str(tiny_spec), "--out", str(tmp_path / "runs"), "--set", "train.steps=2")
    text = lzn(*command, "--seeds", "3..4")
    assert "seed 3\n" in text
    assert "  2 seeds" in text
    assert {p.name for p in (tmp_path / "runs").iterdir()} == {"seed-3", "seed-4"}
    plan = json.loads((tmp_path / "runs" / "seed-4" / "plan.json").read_text())
    assert plan["train"]["seed"] == 4
    assert "from step 2" in lzn(*command, "--seeds", "4")
    assert (tmp_path / "runs" / "seed-4" / "sessions.json").exists()


@pytest.mark.parametrize("seeds", ["", "a", "1,", "2..1", "-1", "0..5000", "1.5"])
def test_run_refuses_what_names_no_seeds(lzn: Shell, tiny_spec: Path, seeds: str) -> None:
    lzn("run", str(tiny_spec), f"--seeds={seeds}", code=2)
    assert "LZN902" in lzn.err


def test_run_of_seeds_refuses_a_second_seed_and_the_folder_of_a_run(
    lzn: Shell, tiny_spec: Path, tiny_run: Path
) -> None:
    lzn("run", str(tiny_spec), "--seeds", "1", "--set", "train.seed=2", code=2)
    lzn("run", str(tiny_spec), "--seeds", "1", "--out", str(tiny_run), code=5)
    assert "is the folder of one run" in lzn.err
