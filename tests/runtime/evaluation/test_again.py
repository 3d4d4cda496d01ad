"""A trained run is measured again: other steps, other metrics, the untrained model."""

import shutil
from pathlib import Path

import pytest
import torch

import lzn_dsl
from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError
from lzn_dsl.registry.plugins import default_registry
from lzn_runtime.compile.model import build_model
from lzn_runtime.evaluation.again import QuietSteps, evaluate_run, weights_at
from lzn_runtime.evaluation.context import Datasets
from lzn_runtime.evaluation.record import read_results
from lzn_runtime.training.run_folder import RunFolder


@pytest.fixture
def run(tiny_run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_run, tmp_path / "run"))


class Notes(QuietSteps):
    def __init__(self) -> None:
        self.steps: list[int] = []
        self.messages: list[Diagnostic] = []

    def on_weights(self, step: int, *, number: int, total: int) -> None:
        self.steps.append(step)

    def on_message(self, message: Diagnostic) -> None:
        self.messages.append(message)


def values(folder: Path, name: str) -> dict[int | None, float]:
    return {r.step: r.value for r in read_results(folder) if r.name == name}


def test_measured_again_the_newest_checkpoint_says_the_same_and_replaces(run: Path) -> None:
    before = read_results(run)
    again = evaluate_run(run, device="cpu")
    assert [(r.name, r.step, r.value) for r in again] == [(r.name, r.step, r.value) for r in before]
    assert [(r.name, r.value) for r in read_results(run)] == [(r.name, r.value) for r in before]


def test_every_checkpoint_and_the_untrained_model_are_measured(run: Path) -> None:
    notes = Notes()
    found = lzn_dsl.evaluate_run(run, tasks=["name"], every_checkpoint=True, observer=notes)
    assert notes.steps == [0, 3, 6]
    assert [r.step for r in found] == [0, 3, 6]
    assert values(run, "accuracy") == {r.step: r.value for r in found}
    assert set(values(run, "reconstruction")) == {6}  # what was there stays


def test_step_0_has_the_weights_that_plan_and_seed_decide(run: Path) -> None:
    place, registry = RunFolder(run), default_registry()
    plan = place.read_plan()
    datasets = Datasets(plan, registry, Path())
    untrained = weights_at(place, 0, registry, datasets, device="cpu")
    initial = build_model(plan, registry, device=torch.device("cpu")).state_dict()
    assert all(torch.equal(v, initial[n]) for n, v in untrained.model.state_dict().items())
    support = untrained.model.support("image")
    assert support is not None
    assert len(support) == plan.train.support
    trained = weights_at(place, None, registry, datasets, device="cpu")
    assert (untrained.step, trained.step) == (0, 6)
    rows, same = untrained.model.support_rows(), trained.model.support_rows()
    assert rows is not None
    assert same is not None
    assert torch.equal(rows, same)


def test_a_metric_that_the_program_does_not_name_is_measured(run: Path) -> None:
    text = "gist on unseen with linear_probe(train_samples: 200, max_steps: 20)"
    [found] = evaluate_run(run, text, steps=[3])
    assert (found.name, found.step) == ("linear_probe", 3)
    settings = found.details["settings"]
    assert isinstance(settings, dict)
    assert settings["train_samples"] == 200
    [other] = evaluate_run(run, text.replace("200", "100"), steps=[3])
    kept = [r for r in read_results(run) if r.name == "linear_probe"]
    assert kept == [found, other]


def test_a_step_without_a_checkpoint_is_refused(run: Path) -> None:
    with pytest.raises(StorageError, match="LZN718") as refused:
        evaluate_run(run, steps=[4])
    assert refused.value.diagnostics[0].notes == ("steps with a checkpoint: 3, 6",)


def test_a_damaged_checkpoint_is_left_out_of_all_and_refused_alone(run: Path) -> None:
    weights = run / "checkpoints" / "step-00000003" / "ema.safetensors"
    content = weights.read_bytes()
    weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    notes = Notes()
    found = evaluate_run(run, tasks=["name"], every_checkpoint=True, observer=notes)
    assert [r.step for r in found] == [0, 6]
    assert [m.code for m in notes.messages] == ["LZN718"]
    assert weights.exists()
    with pytest.raises(StorageError, match="LZN718"):
        evaluate_run(run, steps=[3])


def test_relative_data_starts_where_the_run_started(
    run: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert evaluate_run(run, tasks=["name"])[0].value == values(run, "accuracy")[6]
