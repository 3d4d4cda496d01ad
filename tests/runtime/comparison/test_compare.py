"""Runs in folders become programs, columns and cells."""

from pathlib import Path

import pytest

from helpers.run_folders import plan_of, result, run_folder
from lzn_dsl.diagnostics.diagnostic import SpecError, StorageError
from lzn_runtime.comparison.compare import compare_runs
from lzn_runtime.comparison.runs import load_runs
from lzn_runtime.comparison.table import training_time


def test_runs_are_found_in_folders_of_folders_in_natural_order(tmp_path: Path) -> None:
    for name in ("one/seed-10", "one/seed-9", "one/.hidden", "two"):
        run_folder(tmp_path / name, plan_of())
    (tmp_path / "other").mkdir()
    run_folder(tmp_path / "two" / "inside", plan_of())  # part of the run `two`
    found = [str(run.folder.relative_to(tmp_path)) for run in load_runs([tmp_path])]
    assert found == ["one/seed-9", "one/seed-10", "two"]
    assert len(load_runs([tmp_path, tmp_path / "two"])) == 3  # none twice


def test_a_folder_without_runs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="LZN708"):
        load_runs([tmp_path])
    with pytest.raises(StorageError, match="LZN708"):
        load_runs([tmp_path / "gone"])


def test_runs_that_differ_in_seed_and_bookkeeping_are_one_program(tmp_path: Path) -> None:
    run_folder(tmp_path / "a", plan_of(seed=1), [result(0.8)])
    run_folder(tmp_path / "b", plan_of(seed=0, log_every=7, keep=9, workers=2), [result(0.6)])
    run_folder(tmp_path / "c", plan_of("two", dim=5), [result(0.3)])
    found = compare_runs(tmp_path)
    assert [(p.label, p.seeds) for p in found.programs] == [("one", (0, 1)), ("two", (0,))]
    assert [(row.path, row.values[1]) for row in found.settings] == [("space.dim", "5")]
    cell = found.cell("one", "accuracy", "name")
    assert [m.result.value for m in cell.measured] == [0.6, 0.8]
    assert cell.spread.mean == pytest.approx(0.7)
    with pytest.raises(ValueError, match="0 cells"):
        found.cell("one", "frechet", "draw")


def test_programs_are_called_by_their_settings_where_their_files_have_one_name(
    tmp_path: Path,
) -> None:
    run_folder(tmp_path / "a", plan_of(batch=64))
    run_folder(tmp_path / "b", plan_of(batch=32))
    assert [p.label for p in compare_runs(tmp_path).programs] == [
        "one (batch 64)",
        "one (batch 32)",
    ]
    named = compare_runs(tmp_path, labels=["big", "small"])
    assert [p.label for p in named.programs] == ["big", "small"]
    with pytest.raises(SpecError, match="LZN902") as refused:
        compare_runs(tmp_path, labels=["big"])
    assert "1 labels for 2 programs" in str(refused.value)


def test_the_table_has_the_last_step_or_the_one_that_is_asked_for(tmp_path: Path) -> None:
    steps = [result(0.1, step=0), result(0.7, step=20), result(0.5, step=10)]
    run_folder(tmp_path / "a", plan_of(), steps)
    assert compare_runs(tmp_path).cell("one", "accuracy", "name").measured[0].step == 20
    early = compare_runs(tmp_path, step=10).cell("one", "accuracy", "name")
    assert early.spread.mean == 0.5
    assert compare_runs(tmp_path, step=5).columns == ()
    [(column, [curve])] = compare_runs(tmp_path).metric_curves.items()
    assert str(column) == "accuracy of name on unseen"
    assert curve.steps == (0, 10, 20)
    assert [each.mean for each in curve.spreads] == [0.1, 0.5, 0.7]


def test_results_that_differ_in_settings_alone_get_columns_of_their_own(tmp_path: Path) -> None:
    five, twenty = {"k": 5, "weight": 1}, {"k": 20, "weight": 1}
    results = [
        result(0.5, name="knn", task="gist", settings=five, step=20),
        result(0.6, name="knn", task="gist", settings=twenty, step=20),
    ]
    run_folder(tmp_path / "a", plan_of(), results)
    run_folder(tmp_path / "b", plan_of("two", dim=5), results[1:])
    found = compare_runs(tmp_path)
    assert [c.name for c in found.columns] == ["knn(k: 5)", "knn(k: 20)"]
    assert found.cell("one", "knn(k: 20)", "gist").spread.mean == 0.6
    assert found.cells[1][0] is None


def test_losses_become_a_curve_over_the_steps_that_all_seeds_logged(tmp_path: Path) -> None:
    run_folder(tmp_path / "a", plan_of(seed=0), losses={1: 4.0, 10: 2.0, 20: 1.0})
    run_folder(tmp_path / "b", plan_of(seed=1), losses={1: 2.0, 20: 3.0})
    [curve] = compare_runs(tmp_path).loss_curves["decode image"]
    assert curve.steps == (1, 20)
    assert [(s.low, s.mean, s.high) for s in curve.spreads] == [(2.0, 3.0, 4.0), (1.0, 2.0, 3.0)]


def test_the_time_of_training_is_that_of_the_runs_that_know_it(tmp_path: Path) -> None:
    run_folder(tmp_path / "a", plan_of(seed=0), seconds=4.0)
    run_folder(tmp_path / "b", plan_of(seed=1), seconds=6.0)
    run_folder(tmp_path / "c", plan_of("two", dim=5))
    one, two = compare_runs(tmp_path).programs
    found = training_time(one)
    assert found is not None
    assert (found.mean, found.count) == (5.0, 2)
    assert training_time(two) is None


def test_texts_that_would_command_a_terminal_are_left_out(tmp_path: Path) -> None:
    odd = {"versions": {"torch": "2.0\x1b[2J", "python": "3.11"}, "host": {}}
    run_folder(tmp_path / "a", plan_of(), [result(0.5, task="na\x1bme")], environment=odd)
    [run] = load_runs([tmp_path])
    assert run.versions == {"python": "3.11"}
    assert run.results == ()
