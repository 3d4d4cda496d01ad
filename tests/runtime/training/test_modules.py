"""Modules with rates, schedules and ends of their own."""

import signal
from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from helpers.plans import component, digits_plan, registry
from helpers.runs import Recorder, digest, logged, run
from lzn_dsl.planning.plan import Plan
from lzn_dsl.registry.entry import Kind
from lzn_runtime.compile.freezing import active_ops, trained_modules
from lzn_runtime.compile.losses import Losses
from lzn_runtime.compile.model import build_model
from lzn_runtime.compile.parts import make_optimizer, make_schedule
from lzn_runtime.compile.training_step import TrainingStep
from lzn_runtime.training.advance import Hyperparameters, advance
from lzn_runtime.training.observer import StepReport
from lzn_runtime.training.rates import MODULE, Rates
from lzn_runtime.training.signals import Interrupted
from lzn_runtime.training.training_state import TrainingState

STEPS = 6
ENCODER, DECODER, ANCHORS = "image.encoder", "image.decoder", "label.encoder"
CONSTANT = component(Kind.SCHEDULE, "constant")


def _module(lr: float = 3e-3, until: float = 1.0, warmup: int = 0) -> dict[str, object]:
    schedule = component(Kind.SCHEDULE, "constant", warmup=warmup)
    return {"lr": lr, "schedule": schedule, "until": until}


def _plan(modules: Mapping[str, object], **train: object) -> Plan:
    settings = {"steps": STEPS, "batch": 16, "checkpoint_every": 1, "keep": 20, **train}
    settings = {"schedule": CONSTANT, **settings, "modules": dict(modules)}
    return digits_plan(settings, tasks=["name", "draw"])


def _tensors(path: Path, step: int, part: str, module: str) -> dict[str, Tensor]:
    stored = load_file(path / "checkpoints" / f"step-{step:08d}" / f"{part}.safetensors")
    return {name: value for name, value in stored.items() if name.startswith(f"{module}.")}


def _same(path: Path, module: str, part: str, first: int, last: int) -> bool:
    one, other = (_tensors(path, step, part, module) for step in (first, last))
    assert one
    assert one.keys() == other.keys()
    return all(torch.equal(value, other[name]) for name, value in one.items())


@pytest.fixture(scope="module")
def half_frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("half_frozen")
    run(_plan({DECODER: _module(until=0.5)}), path)
    return path


@pytest.mark.parametrize("part", ["model", "ema", "optimizer"])
def test_a_frozen_module_keeps_its_bits(half_frozen: Path, part: str) -> None:
    assert not _same(half_frozen, DECODER, part, 2, 3)
    assert _same(half_frozen, DECODER, part, 3, STEPS)
    for module in (ENCODER, ANCHORS):
        assert not _same(half_frozen, module, part, 3, STEPS)


def test_the_loss_of_a_frozen_decoder_goes_on_for_the_encoder(half_frozen: Path) -> None:
    losses = [line["losses"] for line in logged(half_frozen)]
    assert all(isinstance(table, dict) and "decode image" in table for table in losses)


def test_losses_of_frozen_modules_alone_are_not_computed(tmp_path: Path) -> None:
    run(_plan({DECODER: _module(until=0.5), ENCODER: _module(until=1 / 3)}), tmp_path)
    losses = [line["losses"] for line in logged(tmp_path)]
    has = [isinstance(table, dict) and sorted(table) for table in losses]
    both = ["align image with label", "decode image"]
    assert has == [both] * 3 + [["align image with label"]] * 3


@pytest.mark.parametrize("step", [2, 3, 4])
def test_a_run_stopped_around_the_freezing_ends_with_the_same_bits(
    half_frozen: Path, tmp_path: Path, step: int
) -> None:
    def during(report: StepReport) -> None:
        if report.step == step:
            signal.raise_signal(signal.SIGTERM)

    plan = _plan({DECODER: _module(until=0.5)})
    with pytest.raises(Interrupted):
        run(plan, tmp_path, Recorder(during=during))
    run(plan, tmp_path)
    assert digest(tmp_path, STEPS) == digest(half_frozen, STEPS)
    assert logged(tmp_path) == logged(half_frozen)


def test_modules_with_the_rate_of_all_change_nothing(tmp_path: Path) -> None:
    run(_plan({}), tmp_path / "plain")
    same = dict.fromkeys([DECODER, ANCHORS], _module())
    run(_plan(same), tmp_path / "grouped")
    assert digest(tmp_path / "plain", STEPS) == digest(tmp_path / "grouped", STEPS)


def test_each_module_has_its_rate_and_schedule() -> None:
    plan = _plan({DECODER: _module(lr=2e-3, warmup=3), ANCHORS: _module(lr=1e-4)}, steps=10)
    model = build_model(plan, registry(), device=torch.device("cpu"))
    optimizer = make_optimizer(plan, registry(), model)
    rates = Rates(plan, optimizer, model, lambda part: make_schedule(plan, registry(), part))
    names = {parameter: name for name, parameter in model.named_parameters()}
    seen: list[str] = []
    for group, at_start, later in zip(
        optimizer.param_groups, rates.at(0), rates.at(7), strict=True
    ):
        module = group[MODULE]
        held = [names[p] for p in group["params"]]
        seen += held
        assert all(name.startswith(f"{module or ENCODER}.") for name in held)
        low, high = {"": (3e-3, 3e-3), DECODER: (5e-4, 2e-3), ANCHORS: (1e-4, 1e-4)}[module]
        assert (at_start, later) == pytest.approx((low, high))
    assert sorted(seen) == sorted(names.values())
    assert rates.shared(0) == pytest.approx(3e-3)


def test_a_frozen_module_has_no_part_in_the_clipped_norm() -> None:
    plan = _plan({})
    norms = []
    for frozen in (frozenset(), frozenset({DECODER})):
        model = build_model(plan, registry(), device=torch.device("cpu"))
        ema = build_model(plan, registry(), device=torch.device("cpu"))
        state = TrainingState(model, ema, make_optimizer(plan, registry(), model))
        compute = _Squares(plan, model)
        numbers = Hyperparameters((0.0,), 1.0, 0.9, frozen)
        outcome = advance(state, compute, {}, torch.arange(1), numbers)
        norms.append(outcome.grad_norm)
        expected = [
            p
            for name, p in model.named_parameters()
            if not any(name.startswith(f"{module}.") for module in frozen)
        ]
        square = sum(float(p.detach().double().square().sum()) for p in expected)
        assert norms[-1] == pytest.approx(square**0.5, rel=1e-5)
    assert norms[1] < norms[0]


class _Squares(TrainingStep):
    """A loss whose gradient is the weights."""

    def __call__(self, batch: Mapping[str, Tensor], indices: Tensor, step: int) -> Losses:
        total = torch.stack([p.square().sum() / 2 for p in self._model.parameters()]).sum()
        return Losses(total, {"squares": total})


def test_what_objectives_train() -> None:
    align, decode = _plan({}).objectives
    assert trained_modules(align) == {ENCODER, ANCHORS}
    assert trained_modules(decode) == {ENCODER, DECODER}
    flow_alone = decode.model_copy(update={"method": "rectified_flow"})
    assert trained_modules(flow_alone) == {DECODER}


def test_operations_of_losses_that_are_left_out_do_not_run() -> None:
    plan = _plan({})
    assert active_ops(plan, ()) == plan.step
    left = {op.id for op in active_ops(plan, {ENCODER, DECODER})}
    assert "loss decode image" not in left
    assert "latents image 1" not in left
    assert {"batch image", "encode image", "loss align image with label"} <= left
    assert active_ops(plan, {ENCODER, DECODER, ANCHORS}) == ()
