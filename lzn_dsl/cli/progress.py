"""Progress of long work: bars on a terminal, plain lines elsewhere."""

import math
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from lzn_dsl.cli.console import print_diagnostics
from lzn_dsl.diagnostics.diagnostic import Diagnostic

if TYPE_CHECKING:
    from lzn_runtime.evaluation.result import MetricResult
    from lzn_runtime.training.observer import Start, StepReport

_SECONDS_BETWEEN_LINES = 10.0


def progress(*, quiet: bool) -> "Progress":
    """Return what shows a run: nothing, bars, or lines where there is no terminal."""
    if quiet:
        return Progress()
    return _Bars() if sys.stderr.isatty() else _Lines(typer.echo)


class Progress:
    """Shows warnings only; the base of what shows more."""

    def on_start(self, start: "Start") -> None:
        """Show nothing."""

    def on_step(self, report: "StepReport") -> None:
        """Show nothing."""

    def on_checkpoint(self, step: int, path: Path) -> None:
        """Show nothing."""

    def on_samples(self, step: int, path: Path) -> None:
        """Show nothing."""

    def on_phase(self, name: str) -> None:
        """Show nothing."""

    def on_weights(self, step: int, *, number: int, total: int) -> None:
        """Show nothing."""

    def on_metric(self, number: int, total: int, name: str) -> None:
        """Show nothing."""

    def on_result(self, result: "MetricResult") -> None:
        """Show nothing."""

    def on_finished(self, results: "list[MetricResult]", report: Path, seconds: float) -> None:
        """Show nothing."""

    def on_message(self, message: Diagnostic) -> None:
        """Show a warning."""
        print_diagnostics((message,))

    def close(self) -> None:
        """Leave the terminal as it was."""


class _Lines(Progress):
    """Writes a line now and then."""

    def __init__(self, write: Callable[[str], Any]) -> None:
        self._write = write
        self._last = 0.0

    def on_start(self, start: "Start") -> None:
        """Say what trains, and where."""
        self._write(_describe(start))

    def on_step(self, report: "StepReport") -> None:
        """Say how far it is, at most every ten seconds."""
        now = time.monotonic()
        if report.step < report.steps and now - self._last < _SECONDS_BETWEEN_LINES:
            return
        self._last = now
        self._write(f"step {report.step}/{report.steps}  {_describe_step(report)}")

    def on_phase(self, name: str) -> None:
        """Say what begins."""
        self._write(name)

    def on_weights(self, step: int, *, number: int, total: int) -> None:
        """Say whose weights are measured."""
        which = f"step {step}" if step else "the untrained model"
        self._write(f"{which} ({number} of {total})" if total > 1 else which)

    def on_metric(self, number: int, total: int, name: str) -> None:
        """Say what is measured."""
        self._write(f"measuring {name} ({number} of {total})")

    def on_result(self, result: "MetricResult") -> None:
        """Say what was measured."""
        self._write(f"  {describe_result(result)}")

    def on_finished(self, results: "list[MetricResult]", report: Path, seconds: float) -> None:
        """Say that it is done, and how long it took."""
        del results, report
        self._write(f"done in {_time(seconds)}")


class _Bars(_Lines):
    """Draws a bar with losses, rate and time left while it trains."""

    def __init__(self) -> None:
        from rich import progress as bars
        from rich.console import Console

        console = Console(stderr=True, highlight=False)
        super().__init__(lambda text: console.print(text, markup=False))
        self._progress = bars.Progress(
            bars.TextColumn("training"),
            bars.BarColumn(),
            bars.MofNCompleteColumn(),
            bars.TextColumn("{task.description}"),
            console=console,
        )
        self._bar = self._progress.add_task("", total=None)

    def on_start(self, start: "Start") -> None:
        """Say what trains, and open the bar."""
        super().on_start(start)
        self._progress.update(self._bar, total=start.steps, completed=start.step)
        self._progress.start()

    def on_step(self, report: "StepReport") -> None:
        """Move the bar."""
        self._progress.update(self._bar, completed=report.step, description=_describe_step(report))
        if report.step == report.steps:
            self._progress.stop()

    def on_phase(self, name: str) -> None:
        """Say what begins; the training is done."""
        self._progress.stop()
        super().on_phase(name)

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._progress.stop()


def describe_result(result: "MetricResult") -> str:
    """Show a metric's number on a line: `accuracy of name on unseen: 99.2 %`."""
    share = result.unit == "share"
    number = f"{100 * result.value:.1f} %" if share else f"{result.value:.4g} {result.unit}"
    return f"{result.name} of {result.task} on {result.data}: {number}"


def _describe(start: "Start") -> str:
    goes_on = f", from step {start.step}" if start.step else ""
    return f"training {start.parameters:_} parameters on {start.device}{goes_on}"


def _describe_step(report: "StepReport") -> str:
    losses = "  ".join(f"{name} {value:.3f}" for name, value in report.losses.items())
    return f"{losses}  {report.rate:.0f} samples/s  {_time(report.eta)} left"


def _time(seconds: float) -> str:
    if not math.isfinite(seconds) or seconds < 0:
        return "?"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"
