"""Measured seconds of whole training steps, as the training loop does them."""

import tempfile
from pathlib import Path
from statistics import median

from lzn_dsl.spec import Spec
from lzn_runtime.benchmarks.latent.timing import now
from lzn_runtime.benchmarks.scaling.clock import CLOCK
from lzn_runtime.training.loop import train
from lzn_runtime.training.observer import Quiet, StepReport
from lzn_runtime.training.run_folder import RunFolder


class _Clock(Quiet):
    """Notes when each step is done."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def on_step(self, report: StepReport) -> None:
        del report
        self.times.append(now(CLOCK))


def measure_step(spec: Spec, *, warm_up: int = 3) -> float:
    """Train the program from its start; return the median seconds of the steps after `warm_up`.

    What it writes is thrown away. Let it have a few more steps than `warm_up` and two, and no
    checkpoint nor samples before its last step.
    """
    clock = _Clock()
    with tempfile.TemporaryDirectory() as folder:
        train(
            spec.plan(),
            spec.registry,
            RunFolder(Path(folder)),
            observer=clock,
            data_folder=spec.folder,
            device="cpu",
        )
    between = [after - before for before, after in zip(clock.times, clock.times[1:], strict=False)]
    return median(between[warm_up:])
