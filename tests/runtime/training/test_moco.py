"""What a contrast remembers is part of a training: saved, resumed, and put back."""

import math
import signal
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from helpers.runs import Recorder, digest
from lzn_dsl.planning.plan import Plan
from lzn_dsl.registry.plugins import default_registry
from lzn_dsl.spec import load
from lzn_runtime.compile.losses import Losses
from lzn_runtime.compile.training_step import TrainingStep
from lzn_runtime.training.loop import train
from lzn_runtime.training.observer import StepReport
from lzn_runtime.training.run_folder import RunFolder
from lzn_runtime.training.signals import Interrupted

REGISTRY = default_registry()
TEXT = """
space gaussian(dim: 8)
modality image = image(encoder: conv(widths: [8, 8]), decoder: none)
task gist = embed image using moco(queue: 24)
train { batch: 10, steps: 4, support: 0, checkpoint_every: 1, keep: 9, sample_every: 100 }
"""


def _plan() -> Plan:
    return load(TEXT, registry=REGISTRY).plan()


def _stop(report: StepReport) -> None:
    if report.step == 2:
        signal.raise_signal(signal.SIGTERM)


def _train(plan: Plan, path: Path, recorder: Recorder | None = None) -> Recorder:
    recorder = recorder or Recorder()
    train(plan, REGISTRY, RunFolder(path), observer=recorder, device="cpu")
    return recorder


def _weights(path: Path, step: int) -> dict[str, torch.Tensor]:
    return load_file(path / "checkpoints" / f"step-{step:08d}" / "model.safetensors")


def test_a_run_goes_on_in_the_middle_of_the_queue(tmp_path: Path) -> None:
    _train(_plan(), tmp_path / "whole")
    with pytest.raises(Interrupted):
        _train(_plan(), tmp_path / "parts", Recorder(during=_stop))
    _train(_plan(), tmp_path / "parts")
    assert digest(tmp_path / "parts", 4) == digest(tmp_path / "whole", 4)
    weights = _weights(tmp_path / "whole", 3)
    assert int(weights["contrast image.place"]) == 30 % 24
    assert weights["contrast image.queue"].shape == (24, 8)
    averages = [n for n in weights if n.startswith("contrast image.") and "/" in n]
    encoder = [n for n in weights if n.startswith("image.encoder.")]
    assert len(averages) == len(encoder)


def test_a_skipped_step_puts_queue_and_average_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = TrainingStep.__call__

    def spoiled(self: TrainingStep, batch: object, indices: object, step: int) -> Losses:
        losses = original(self, batch, indices, step)  # type: ignore[arg-type]  # passed on as is
        return Losses(losses.total * math.nan, losses.parts) if step == 2 else losses

    monkeypatch.setattr(TrainingStep, "__call__", spoiled)
    recorder = _train(_plan(), tmp_path)
    assert [bool(report.skipped) for report in recorder.reports] == [False, False, True, False]
    assert digest(tmp_path, 3) == digest(tmp_path, 2)
    before, after = _weights(tmp_path, 3), _weights(tmp_path, 4)
    assert not torch.equal(before["contrast image.queue"], after["contrast image.queue"])
