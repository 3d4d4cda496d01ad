"""The average, the schedules, the optimizers and their state, the log, the pace."""

import json
import math
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from torch import nn

from helpers.plans import registry
from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError
from lzn_dsl.registry.builtin.schedules import ConstantSettings, CosineSettings
from lzn_dsl.registry.entry import Kind
from lzn_runtime.loading import load_factory
from lzn_runtime.training.ema import update_average
from lzn_runtime.training.metrics_log import MetricsLog, read_metrics
from lzn_runtime.training.observer import StepReport
from lzn_runtime.training.optimizer_state import load_optimizer_tensors, optimizer_tensors
from lzn_runtime.training.schedules import constant, cosine


def _filled(value: float) -> nn.BatchNorm1d:
    module = nn.BatchNorm1d(3)
    with torch.no_grad():
        for tensor in (*module.parameters(), module.running_mean):
            assert tensor is not None
            tensor.fill_(value)
    return module


def test_average_starts_fast_and_slows_down_to_its_decay() -> None:
    average, model, want = _filled(0.0), _filled(1.0), 0.0
    for updates in range(200):
        update_average(average, model, decay=0.9, updates=updates)
        decay = min(0.9, (2 + updates) / (11 + updates))
        want = decay * want + (1 - decay)
        torch.testing.assert_close(average.weight, torch.full((3,), want))
    assert torch.equal(average.get_buffer("running_mean"), model.get_buffer("running_mean"))


def test_average_leaves_buffers_that_are_no_state_alone() -> None:
    average, model = _filled(0.0), _filled(1.0)
    average.register_buffer("support", torch.zeros(2), persistent=False)
    update_average(average, model, decay=0.5, updates=5)
    assert torch.equal(average.get_buffer("support"), torch.zeros(2))


def test_decay_outside_its_range_is_refused() -> None:
    with pytest.raises(ValueError, match=r"decay must be in \[0, 1\), got 1"):
        update_average(_filled(0.0), _filled(1.0), decay=1.0, updates=0)


def test_constant_schedule_rises_and_stays() -> None:
    share = constant(ConstantSettings(warmup=3), steps=10)
    assert [share(step) for step in range(5)] == pytest.approx([0.25, 0.5, 0.75, 1.0, 1.0])


def test_cosine_schedule_rises_and_falls_to_its_final_share() -> None:
    share = cosine(CosineSettings(warmup=4, final=0.2), steps=105)
    values = [share(step) for step in range(105)]
    assert values[:5] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    assert values[54] == pytest.approx(0.6)
    assert values[-1] == pytest.approx(0.2)
    assert all(a >= b for a, b in pairwise(values[4:]))


@pytest.mark.parametrize("steps", [1, 2, 3])
@pytest.mark.parametrize("warmup", [0, 1, 5])
def test_cosine_schedule_is_sound_for_few_steps(steps: int, warmup: int) -> None:
    share = cosine(CosineSettings(warmup=warmup), steps=steps)
    assert all(0 <= share(step) <= 1 for step in range(steps))


@pytest.mark.parametrize("name", ["adam", "adamw", "sgd"])
def test_optimizer_goes_on_from_its_named_state(name: str) -> None:
    entry = registry().get(Kind.OPTIMIZER, name)

    def build(seed: int) -> tuple[nn.Linear, torch.optim.Optimizer]:
        model = nn.Linear(3, 2)
        with torch.no_grad():
            model.weight.copy_(torch.arange(6.0).view(2, 3) + seed)
            model.bias.zero_()
        optimizer = load_factory(entry)(entry.settings(), model.parameters())
        assert isinstance(optimizer, torch.optim.Optimizer)
        return model, optimizer

    def step(model: nn.Linear, optimizer: torch.optim.Optimizer) -> None:
        optimizer.zero_grad()
        model(torch.ones(1, 3)).square().sum().backward()
        optimizer.step()

    model, optimizer = build(0)
    assert optimizer_tensors(optimizer, model) == {}
    for _ in range(3):
        step(model, optimizer)
    saved = {k: v.clone() for k, v in optimizer_tensors(optimizer, model).items()}
    assert any(key.startswith("weight/") for key in saved)
    other, resumed = build(1)
    other.load_state_dict(model.state_dict())
    load_optimizer_tensors(resumed, other, saved)
    for _ in range(3):
        step(model, optimizer)
        step(other, resumed)
    assert torch.equal(model.weight, other.weight)


def test_optimizer_state_of_another_model_is_refused() -> None:
    model = nn.Linear(3, 2)
    optimizer = torch.optim.Adam(model.parameters())
    with pytest.raises(ValueError, match="`gone`, which the model lacks"):
        load_optimizer_tensors(optimizer, model, {"gone/exp_avg": torch.zeros(2)})
    with pytest.raises(ValueError, match=r"`bias/exp_avg` has shape \(3,\)"):
        load_optimizer_tensors(optimizer, model, {"bias/exp_avg": torch.zeros(3)})


def _report(step: int, total: float = 1.0) -> StepReport:
    return StepReport(
        step=step, steps=9, losses={"a": total}, total=total, grad_norm=2.0, lr=0.1, rate=3.0, eta=1
    )


def test_log_is_cut_back_to_a_step_and_mended(tmp_path: Path) -> None:
    path, messages = tmp_path / "metrics.jsonl", list[Diagnostic]()
    log = MetricsLog(path, warn=messages.append)
    for step in range(1, 6):
        log.write(_report(step))
    with path.open("ab") as file:
        file.write(b'{"step": 3, "to')
    MetricsLog(path, warn=messages.append).cut(3)
    assert [json.loads(line)["step"] for line in path.read_text().splitlines()] == [1, 2, 3]
    assert messages == []


def test_log_that_cannot_be_cut_is_a_coded_error(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.mkdir()
    with pytest.raises(StorageError, match="LZN708"):
        MetricsLog(path, warn=lambda message: None).cut(3)


def test_log_has_no_numbers_that_are_not_json(tmp_path: Path) -> None:
    log = MetricsLog(tmp_path / "metrics.jsonl", warn=lambda message: None)
    log.write(_report(1, math.nan))
    (line,) = read_metrics(tmp_path / "metrics.jsonl")
    assert (line["total"], line["losses"]) == (None, {"a": None})


def test_lines_that_cannot_be_read_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_bytes(b'{"step": 1}\n\xff\xfe\n[1]\n{"st')
    assert read_metrics(path) == [{"step": 1}]
    assert read_metrics(tmp_path / "none") == []
