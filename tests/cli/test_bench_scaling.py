"""`lzn bench scaling`: the model of any program, its JSON, and what it refuses."""

import json
from pathlib import Path

from typer.testing import CliRunner

from lzn_dsl.cli.app import app

SPECS = Path(__file__).parents[2] / "specs"


def test_any_program_is_modelled() -> None:
    spec = str(SPECS / "digits.lzn")
    result = CliRunner().invoke(app, ["bench", "scaling", spec, "--gpu", "a100", "--json"])
    assert result.exit_code == 0, result.output
    tables = json.loads(result.stdout)
    assert "A100" in tables["machines"][0]["GPU"]
    assert [row["GPUs"] for row in tables["steps"]] == [1, 8, 32, 128]
    assert {row["configuration"] for row in tables["steps"]} == {"digits"}
    assert "machine" not in tables  # nothing was measured
    assert "counts" not in tables


def test_counts_are_those_of_the_program() -> None:
    spec = str(SPECS / "digits.lzn")
    result = CliRunner().invoke(app, ["bench", "scaling", spec, "--counts", "--json"])
    assert result.exit_code == 0, result.output
    networks = [row["network"] for row in json.loads(result.stdout)["counts"]]
    assert networks == ["digits encoder", "digits decoder"]


def test_without_a_program_it_is_the_papers_configurations() -> None:
    result = CliRunner().invoke(app, ["bench", "scaling"])
    assert result.exit_code == 0, result.output
    assert "\nsteps\n\n| configuration | GPUs |" in result.stdout
    assert "| cifar10 | 128 |" in result.stdout


def test_an_objective_that_the_model_does_not_know_is_refused(tmp_path: Path) -> None:
    spec = tmp_path / "other.lzn"
    spec.write_text("task gist = embed image using simclr\n", encoding="ascii")
    result = CliRunner().invoke(app, ["bench", "scaling", str(spec)])
    assert result.exit_code == 2
    assert "the model knows alignments and decoders" in result.output
