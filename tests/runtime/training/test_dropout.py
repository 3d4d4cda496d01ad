"""A training with dropout: resumed to the same bits, and the same in slices."""

import signal
from pathlib import Path

import pytest

from helpers.runs import Recorder, digest, logged
from lzn_dsl.planning.plan import Plan
from lzn_dsl.registry.plugins import default_registry
from lzn_dsl.spec import load
from lzn_runtime.training.loop import train
from lzn_runtime.training.observer import StepReport
from lzn_runtime.training.run_folder import RunFolder
from lzn_runtime.training.signals import Interrupted

STEPS = 4


def _plan(*, slices: int = 1, dropout: float = 0.3) -> Plan:
    network = f"ncsnpp(8, mults: [1], blocks: 1, attention: [], dropout: {dropout})"
    text = (
        f"space gaussian(8)\nmodality image = image(encoder: {network}, decoder: flow({network}))\n"
        f"generate image from label\ntrain {{ steps: {STEPS}, batch: 13, micro_batches: {slices},"
        " checkpoint_every: 2, support: 0, log_every: 1 }\n"
    )
    return load(text).plan()


def _run(plan: Plan, path: Path, observer: Recorder | None = None) -> None:
    folder = RunFolder(path)
    train(plan, default_registry(), folder, observer=observer or Recorder(), device="cpu")


def _stop_after_three(report: StepReport) -> None:
    if report.step == 3:
        signal.raise_signal(signal.SIGTERM)


def test_an_interrupted_run_goes_on_to_the_same_bits_and_slices_to_the_same_losses(
    tmp_path: Path,
) -> None:
    whole, parts, sliced, dry = (tmp_path / name for name in ("whole", "parts", "sliced", "dry"))
    _run(_plan(), whole)
    with pytest.raises(Interrupted):
        _run(_plan(), parts, Recorder(during=_stop_after_three))
    _run(_plan(), parts)
    assert digest(parts, STEPS) == digest(whole, STEPS)
    assert logged(parts) == logged(whole)
    _run(_plan(slices=3), sliced)
    _run(_plan(dropout=0.0), dry)
    losses = {path: [line["total"] for line in logged(path)] for path in (whole, sliced, dry)}
    assert losses[sliced] == pytest.approx(losses[whole], rel=1e-3)
    assert losses[dry] != pytest.approx(losses[whole], rel=1e-3)
