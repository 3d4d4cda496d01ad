"""`lzn bench latent`: its tables, its JSON, and what it refuses."""

import json
import math
from typing import Any

import pytest
from typer.testing import CliRunner

from lzn_dsl.cli.app import app
from lzn_runtime.benchmarks.latent import tables
from lzn_runtime.benchmarks.latent.tables import Row, exponent
from lzn_runtime.benchmarks.latent.timing import flop


@pytest.fixture(scope="module")
def found() -> Any:
    result = CliRunner().invoke(app, ["bench", "latent", "--quick", "--json", "--threads", "1"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_quick_benchmark_fills_every_table(found: Any) -> None:
    assert found["conditions"]["counted FLOP"] == "14 n^2 q steps"
    assert found["conditions"]["product GFLOP/s"] > 0
    measured = found["tables"]
    assert [row["n"] for row in measured["cost"]] == [256, 512]
    assert [row["n"] for row in measured["memory"]] == [256, 512]
    assert all(row["peak MB"] > 0 for row in measured["memory"])
    by_name = {row["formulation"]: row for row in measured["published"]}
    # Both are the same scheme: the error is that of Euler's method, the time is not.
    assert by_name["published Euler"]["error"] == pytest.approx(by_name["Euler"]["error"], rel=0.1)
    assert by_name["LocalizationPEC"]["error"] < by_name["published Euler"]["error"]
    for row in measured["accuracy"]:
        assert 0 <= row["round trip"] <= 1
        assert row["error"] > 0


def test_ten_steps_are_as_accurate_as_forty_of_the_published_scheme(found: Any) -> None:
    rows = {(row["anchors"], row["solver"]): row for row in found["tables"]["accuracy"]}
    kinds = {anchors for anchors, _ in rows}
    assert len(kinds) == 9
    for kind in kinds:
        ours, published = rows[kind, "LocalizationPEC 10"], rows[kind, "Euler 40"]
        assert ours["error"] <= published["error"]
        assert ours["round trip"] >= published["round trip"]
        assert rows[kind, "LocalizationPEC 20"]["round trip"] >= 0.98


def test_tables_are_printed_with_the_fitted_exponent() -> None:
    result = CliRunner().invoke(app, ["bench", "latent", "--quick", "--table", "cost"])
    assert result.exit_code == 0, result.output
    head = "| n | points | seconds | GFLOP/s | product GFLOP/s | share | best product GFLOP/s |"
    assert head in result.stdout
    assert "seconds grow as n^" in result.stdout


def test_a_share_of_the_points_stands_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_PAIRS", 128 * 256)
    half, whole = tables.cost([256, 128], dim=16, steps=2, clock="wall")
    assert (half["points"], whole["points"]) == (128, 128)
    for row in (half, whole):
        n, seconds = float(row["n"]), float(row["seconds"])
        assert 0 < float(row["GFLOP/s"]) <= flop(int(n), 16, 2) / seconds / 1e9 * (1 + 1e-9)
        assert 0 < float(row["product GFLOP/s"]) <= float(row["best product GFLOP/s"])


def test_the_exponent_is_the_slope_of_logarithms() -> None:
    rows: list[Row] = [{"n": n, "seconds": 3.0 * n**1.5} for n in (2, 8, 64)]
    assert exponent(rows) == pytest.approx(1.5)
    assert math.isnan(exponent(rows[:1]))


def test_time_of_all_threads_is_no_measure_of_two() -> None:
    result = CliRunner().invoke(app, ["bench", "latent", "--clock", "cpu", "--threads", "2"])
    assert result.exit_code == 2
    assert "--threads 1" in result.output
