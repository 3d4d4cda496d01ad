"""A run that was stopped and goes on ends with the bits of one that was not."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpers.plans import digits_plan
from helpers.runs import Recorder, digest, logged, run
from lzn_dsl.diagnostics.diagnostic import StorageError
from lzn_dsl.planning.plan import Plan
from lzn_runtime.training.observer import StepReport
from lzn_runtime.training.signals import Interrupted

STEPS = 6


def _plan(**train: object) -> Plan:
    settings = {"steps": STEPS, "batch": 16, "checkpoint_every": 3, **train}
    return digits_plan(settings, augment=True, tasks=["name"])


def _stop_at(step: int, number: int = signal.SIGTERM) -> Callable[[StepReport], None]:
    def during(report: StepReport) -> None:
        if report.step == step:
            signal.raise_signal(number)

    return during


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("undisturbed")
    run(_plan(), path)
    return path


@pytest.mark.parametrize("step", [1, 2, 3, 5])
def test_interrupted_run_goes_on_to_the_same_bits(
    undisturbed: Path, tmp_path: Path, step: int
) -> None:
    with pytest.raises(Interrupted) as caught:
        run(_plan(), tmp_path, Recorder(during=_stop_at(step)))
    assert (caught.value.exit_code, caught.value.step) == (143, step)
    assert caught.value.checkpoint.is_dir()
    run(_plan(), tmp_path)
    assert digest(tmp_path, STEPS) == digest(undisturbed, STEPS)
    assert logged(tmp_path) == logged(undisturbed)


def test_many_interruptions_change_nothing(undisturbed: Path, tmp_path: Path) -> None:
    for step in range(1, STEPS + 1):
        with pytest.raises(Interrupted):
            run(_plan(), tmp_path, Recorder(during=_stop_at(step, signal.SIGINT)))
    model = run(_plan(), tmp_path)
    assert model.step == STEPS
    assert digest(tmp_path, STEPS) == digest(undisturbed, STEPS)
    assert logged(tmp_path) == logged(undisturbed)


def test_workers_change_nothing(undisturbed: Path, tmp_path: Path) -> None:
    with pytest.raises(Interrupted):
        run(_plan(workers=2), tmp_path, Recorder(during=_stop_at(2)))
    run(_plan(workers=0), tmp_path)
    assert digest(tmp_path, STEPS) == digest(undisturbed, STEPS)


def test_pictures_and_saves_change_nothing(undisturbed: Path, tmp_path: Path) -> None:
    plan = digits_plan(
        {"steps": STEPS, "batch": 16, "checkpoint_every": 1, "sample_every": 2, "support": 30},
        augment=True,
    )
    run(plan, tmp_path)
    for part in ("model", "ema", "optimizer"):
        name = f"checkpoints/step-{STEPS:08d}/{part}.safetensors"
        assert (tmp_path / name).read_bytes() == (undisturbed / name).read_bytes()


class Crash(BaseException):
    """Ends a run with nothing saved, as a kill does."""


def test_crash_loses_the_steps_since_the_last_checkpoint_and_no_more(
    undisturbed: Path, tmp_path: Path
) -> None:
    def crash(report: StepReport) -> None:
        if report.step == 5:
            raise Crash

    with pytest.raises(Crash):
        run(_plan(), tmp_path, Recorder(during=crash))
    assert [line["step"] for line in logged(tmp_path)] == [1, 2, 3, 4, 5]
    recorder = Recorder()
    run(_plan(), tmp_path, recorder)
    assert [report.step for report in recorder.reports] == [4, 5, 6]
    assert digest(tmp_path, STEPS) == digest(undisturbed, STEPS)
    assert logged(tmp_path) == logged(undisturbed)


def test_finished_run_is_not_trained_again(undisturbed: Path) -> None:
    before, recorder = digest(undisturbed, STEPS), Recorder()
    run(_plan(), undisturbed, recorder)
    assert recorder.reports == []
    assert digest(undisturbed, STEPS) == before


def test_longer_training_goes_on(tmp_path: Path) -> None:
    run(_plan(steps=3), tmp_path)
    recorder = Recorder()
    model = run(_plan(steps=5), tmp_path, recorder)
    assert [report.step for report in recorder.reports] == [4, 5]
    assert model.step == 5


def test_shorter_training_is_refused(tmp_path: Path) -> None:
    run(_plan(steps=3), tmp_path)
    with pytest.raises(StorageError, match=r"LZN712.*has 3 steps, the program asks 2"):
        run(_plan(steps=2), tmp_path)


def test_support_of_another_size_is_made_without_training(tmp_path: Path) -> None:
    run(_plan(steps=3), tmp_path)
    recorder = Recorder()
    model = run(_plan(steps=3, support=17), tmp_path, recorder)
    assert recorder.reports == []
    assert recorder.checkpoints == [3]
    support = model.model.support("image")
    assert support is not None
    assert support.shape == (17, 8)


def test_another_program_is_refused_by_name(tmp_path: Path) -> None:
    run(_plan(steps=3), tmp_path)
    before = digest(tmp_path, 3)
    with pytest.raises(StorageError) as caught:
        run(_plan(steps=3, batch=17, clip=2.0), tmp_path)
    (found,) = caught.value.diagnostics
    assert found.code == "LZN703"
    assert found.notes == ("train.batch: 16, now 17", "train.clip: 1.0, now 2.0")
    assert digest(tmp_path, 3) == before


def test_fresh_start_keeps_the_old_checkpoints_beside_the_new(tmp_path: Path) -> None:
    run(_plan(steps=3), tmp_path)
    old = digest(tmp_path, 3)
    recorder = Recorder()
    run(_plan(steps=3, batch=17), tmp_path, recorder, fresh=True)
    assert [report.step for report in recorder.reports] == [1, 2, 3]
    assert digest(tmp_path, 3) != old
    (tmp_path / "checkpoints").rename(tmp_path / "new")
    (tmp_path / "checkpoints-before-1").rename(tmp_path / "checkpoints")
    assert digest(tmp_path, 3) == old


@pytest.fixture
def handlers() -> Iterator[None]:
    before = [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)]
    yield
    assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)] == before


@pytest.mark.usefixtures("handlers")
def test_second_signal_is_immediate_and_handlers_are_put_back(tmp_path: Path) -> None:
    def twice(report: StepReport) -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt) as caught:
        run(_plan(), tmp_path, Recorder(during=twice))
    assert not isinstance(caught.value, Interrupted)
    assert not (tmp_path / "checkpoints").exists()
