"""What training tells whoever watches it; the shell draws it, the runtime does not."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lzn_dsl.diagnostics.diagnostic import Diagnostic


@dataclass(frozen=True)
class Start:
    """A training that begins.

    Attributes:
        step: Steps that are done already; above 0 for a run that goes on.
        steps: Steps in all.
        parameters: Number of trained parameters.
        device: The device, in words.
    """

    step: int
    steps: int
    parameters: int
    device: str


@dataclass(frozen=True)
class StepReport:
    """A step that is done.

    Attributes:
        step: Steps that are done, from 1.
        steps: Steps in all.
        losses: Loss of each objective, unweighted; NaN where the step did not come to it.
        total: The weighted sum that was minimised; NaN for a step that was skipped.
        grad_norm: Norm of the gradient before clipping.
        lr: Learning rate of the step.
        rate: Samples per second, lately.
        eta: Seconds left at that rate.
        skipped: Why the step changed nothing; empty for a step that did.
    """

    step: int
    steps: int
    losses: Mapping[str, float]
    total: float
    grad_norm: float
    lr: float
    rate: float
    eta: float
    skipped: str = ""


class Observer(Protocol):
    """Is told of a training's progress. Nothing that it does can change the training."""

    def on_start(self, start: Start) -> None:
        """Training begins or goes on."""

    def on_step(self, report: StepReport) -> None:
        """A step is done. Called for every step: be quick."""

    def on_checkpoint(self, step: int, path: Path) -> None:
        """A checkpoint is on the disk."""

    def on_samples(self, step: int, path: Path) -> None:
        """A grid of samples was written."""

    def on_message(self, message: Diagnostic) -> None:
        """Something that the person should know."""


class Quiet:
    """An observer that ignores everything."""

    def on_start(self, start: Start) -> None:
        """Do nothing."""

    def on_step(self, report: StepReport) -> None:
        """Do nothing."""

    def on_checkpoint(self, step: int, path: Path) -> None:
        """Do nothing."""

    def on_samples(self, step: int, path: Path) -> None:
        """Do nothing."""

    def on_message(self, message: Diagnostic) -> None:
        """Do nothing."""
