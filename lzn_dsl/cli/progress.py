"""Progress of long work: bars on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from lzn_dsl.cli.console import print_diagnostics, use_color
from lzn_dsl.diagnostics.diagnostic import Diagnostic

if TYPE_CHECKING:
    from lzn_runtime.training.observer import Observer, Start, StepReport

_SECONDS_BETWEEN_LINES = 10.0


def observer(*, quiet: bool) -> "Observer":
    """Return what shows a run: nothing, bars, or lines where there is no terminal."""
    if quiet:
        return _Silent()
    return _Bars() if use_color(sys.stderr) else _Lines(typer.echo)


class _Silent:
    """Shows warnings only."""

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

    def on_message(self, message: Diagnostic) -> None:
        """Show a warning."""
        print_diagnostics((message,))


class _Lines(_Silent):
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
        losses = ", ".join(f"{name} {value:.3f}" for name, value in report.losses.items())
        self._write(
            f"step {report.step}/{report.steps}  {losses}  "
            f"{report.rate:.0f} samples/s  {_time(report.eta)} left"
        )

    def on_phase(self, name: str) -> None:
        """Say what begins."""
        self._write(name)


class _Bars(_Silent):
    """Draws a bar with losses, rate and time left."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self._console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("[bold]{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}"),
            console=self._console,
            transient=False,
        )
        self._task: Any = None

    def on_start(self, start: "Start") -> None:
        """Open the bar."""
        self._console.print(_describe(start), highlight=False)
        self._progress.start()
        self._task = self._progress.add_task(
            "training", total=start.steps, completed=start.step, note=""
        )

    def on_step(self, report: "StepReport") -> None:
        """Move the bar."""
        losses = "  ".join(f"{name} {value:.3f}" for name, value in report.losses.items())
        note = f"{losses}  {report.rate:.0f}/s  {_time(report.eta)} left"
        self._progress.update(self._task, completed=report.step, note=note)
        if report.step == report.steps:
            self._progress.stop()

    def on_phase(self, name: str) -> None:
        """Say what begins; the bar is done."""
        self._progress.stop()
        self._console.print(name, highlight=False)

    def on_message(self, message: Diagnostic) -> None:
        """Show a warning above the bar."""
        print_diagnostics((message,))


def _describe(start: "Start") -> str:
    goes_on = f", from step {start.step}" if start.step else ""
    return f"training {start.parameters:_} parameters on {start.device}{goes_on}"


def _time(seconds: float) -> str:
    if seconds != seconds or seconds < 0:
        return "?"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"
