"""Training in a process of its own that is stopped, killed, or not alone."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from helpers.plans import digits_plan
from helpers.runs import Recorder, digest, logged, run
from lzn_dsl.diagnostics.diagnostic import StorageError
from lzn_dsl.planning.plan import Plan
from lzn_runtime.training.lock import lock

ROOT = Path(__file__).parents[3]
STEPS = 6


def _plan() -> Plan:
    settings = {"steps": STEPS, "batch": 16, "checkpoint_every": 3}
    return digits_plan(settings, augment=True, tasks=["name"])


@contextmanager
def _training(folder: Path, steps: int) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    paths = [ROOT, ROOT / "runtime", ROOT / "tests"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    script = ROOT / "tests" / "helpers" / "train_digits.py"
    with subprocess.Popen(
        [sys.executable, str(script), str(folder), str(steps)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout
        finally:
            process.kill()


def _wait_for_step(output: IO[str], step: int) -> None:
    for line in output:
        if int(line) >= step:
            return
    raise AssertionError("the training ended early")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_stopped_or_killed_process_is_followed_by_one_that_ends_the_same(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    stopped, whole = tmp_path / "stopped", tmp_path / "whole"
    with _training(stopped, 1000) as (process, output):
        _wait_for_step(output, 4)
        process.send_signal(number)
        assert process.wait(timeout=60) == code
    done = max(int(p.name[5:]) for p in (stopped / "checkpoints").glob("step-*"))
    assert done == 3 if code == -9 else done >= 4
    plan = _plan()
    longer = plan.model_copy(update={"train": plan.train.model_copy(update={"steps": 1000})})
    steps = done + 2
    for folder in (stopped, whole):
        _run_until(longer, folder, steps)
    assert digest(stopped, steps) == digest(whole, steps)
    assert logged(stopped) == logged(whole)


def _run_until(plan: Plan, folder: Path, step: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(
            plan,
            folder,
            Recorder(
                during=lambda report: (
                    signal.raise_signal(signal.SIGINT) if report.step == step else None
                )
            ),
        )


def test_folder_in_use_is_refused_by_its_holder_and_free_after_a_kill(tmp_path: Path) -> None:
    with _training(tmp_path, 1000) as (process, output):
        _wait_for_step(output, 1)
        with pytest.raises(StorageError, match="LZN704") as caught:
            run(_plan(), tmp_path)
        assert f"process {process.pid} on" in caught.value.diagnostics[0].notes[0]
        process.kill()
        process.wait(timeout=60)
    with lock(tmp_path):
        pass


def test_lock_is_held_once_in_one_process_too(tmp_path: Path) -> None:
    with lock(tmp_path), pytest.raises(StorageError, match="LZN704"), lock(tmp_path):
        pass
    with lock(tmp_path):
        pass


def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"LZN708.*cannot be written"), lock(tmp_path / "gone"):
        pass
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"LZN708.*cannot be made"):
        run(_plan(), tmp_path / "file" / "run")
