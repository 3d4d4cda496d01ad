"""Running tiny plans in tests: an observer that records, and digests of what a run saved."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from helpers.plans import registry
from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.planning.plan import Plan
from lzn_runtime.trained_model import TrainedModel
from lzn_runtime.training.loop import train
from lzn_runtime.training.observer import Quiet, StepReport
from lzn_runtime.training.run_folder import RunFolder


@dataclass
class Recorder(Quiet):
    """Keeps what it is told; `during` is called after each step."""

    during: Callable[[StepReport], None] | None = None
    reports: list[StepReport] = field(default_factory=list)
    messages: list[Diagnostic] = field(default_factory=list)
    checkpoints: list[int] = field(default_factory=list)
    samples: list[Path] = field(default_factory=list)

    def on_step(self, report: StepReport) -> None:
        self.reports.append(report)
        if self.during is not None:
            self.during(report)

    def on_message(self, message: Diagnostic) -> None:
        self.messages.append(message)

    def on_checkpoint(self, step: int, path: Path) -> None:
        self.checkpoints.append(step)

    def on_samples(self, step: int, path: Path) -> None:
        self.samples.append(path)

    def codes(self) -> list[str]:
        return [message.code for message in self.messages]


def run(
    plan: Plan, path: Path, observer: Recorder | None = None, *, fresh: bool = False
) -> TrainedModel:
    """Train a plan on the CPU."""
    return train(
        plan,
        registry(),
        RunFolder(path),
        observer=observer or Recorder(),
        device="cpu",
        fresh=fresh,
    )


def digest(path: Path, step: int) -> str:
    """Hash of all tensors of a checkpoint."""
    total = hashlib.sha256()
    for file in sorted((path / "checkpoints" / f"step-{step:08d}").glob("*.safetensors")):
        total.update(file.name.encode() + file.read_bytes())
    return total.hexdigest()


def logged(path: Path) -> list[dict[str, object]]:
    """The log of a run without its timings."""
    lines = [json.loads(line) for line in (path / "metrics.jsonl").read_text().splitlines()]
    return [{k: v for k, v in line.items() if k != "samples_per_second"} for line in lines]
