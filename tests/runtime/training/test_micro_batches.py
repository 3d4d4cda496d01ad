"""A training in micro-batches: the same as without, and resumed to the same bits."""

import signal
from pathlib import Path

import pytest

from helpers.plans import digits_plan
from helpers.runs import Recorder, digest, logged, run
from lzn_dsl.planning.plan import Plan
from lzn_runtime.training.observer import StepReport
from lzn_runtime.training.signals import Interrupted

STEPS = 6


def _plan(slices: int) -> Plan:
    settings = {"steps": STEPS, "batch": 17, "checkpoint_every": 3, "micro_batches": slices}
    return digits_plan(settings, augment=True, tasks=["name"])


def _stop_after_two(report: StepReport) -> None:
    if report.step == 2:
        signal.raise_signal(signal.SIGTERM)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("undisturbed")
    run(_plan(3), path)
    return path


def test_interrupted_run_goes_on_to_the_same_bits(undisturbed: Path, tmp_path: Path) -> None:
    with pytest.raises(Interrupted):
        run(_plan(3), tmp_path, Recorder(during=_stop_after_two))
    run(_plan(3), tmp_path)
    assert digest(tmp_path, STEPS) == digest(undisturbed, STEPS)
    assert logged(tmp_path) == logged(undisturbed)


def test_a_run_may_go_on_in_other_slices_with_the_same_losses(
    undisturbed: Path, tmp_path: Path
) -> None:
    with pytest.raises(Interrupted):
        run(_plan(1), tmp_path, Recorder(during=_stop_after_two))
    run(_plan(5), tmp_path)
    losses = [[line["total"] for line in logged(path)] for path in (tmp_path, undisturbed)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-3)
