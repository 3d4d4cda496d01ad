"""A run that is stopped by a signal saves, says so, and exits with the signal's code."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_stopped_run_goes_on(
    tiny_spec: Path, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    folder = tmp_path / "run"
    path = os.pathsep.join([str(ROOT), str(ROOT / "runtime")])
    command = ["run", str(tiny_spec), "--out", str(folder), "--set", "train.steps=100_000"]
    running = subprocess.Popen(
        [sys.executable, "-m", "lzn_dsl", *command],
        env={**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    for line in running.stdout:
        if line.startswith("step "):
            break
    running.send_signal(number)
    _, errors = running.communicate(timeout=120)
    assert running.returncode == code, errors
    assert "run the same command to go on" in errors
    assert list((folder / "checkpoints").glob("step-*"))
