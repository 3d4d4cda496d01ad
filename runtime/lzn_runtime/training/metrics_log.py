"""The log of a training: one line of JSON for each logged step, without gaps or repeats.

After a crash the log may be ahead of the newest checkpoint; a run that goes on cuts it back.
"""

import json
import math
import os
from collections.abc import Callable
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Severity, StorageError
from lzn_runtime.pictures.atomic import write_bytes
from lzn_runtime.training.observer import StepReport


class MetricsLog:
    """Appends to `metrics.jsonl`.

    Where the system refuses to write, lines are kept in memory and written when it does not.

    Args:
        path: The file; its folder exists.
        warn: Told once when the system begins to refuse (LZN713).
    """

    def __init__(self, path: Path, *, warn: Callable[[Diagnostic], None]) -> None:
        self._path = path
        self._warn = warn
        self._waiting = b""
        self._failing = False

    def cut(self, step: int) -> None:
        """Remove lines of later steps, and a line that a crash left unfinished.

        Raises StorageError (LZN708) where the system refuses; the log is then as it was.
        """
        try:
            if not self._path.exists():
                return
            lines = self._path.read_bytes()
            kept = [line + b"\n" for line in lines.splitlines() if _step_of(line) <= step]
            if b"".join(kept) != lines:
                write_bytes(self._path, b"".join(kept))
        except OSError as error:
            summary = f"`{self._path}` cannot be cut back to step {step}: {error}"
            raise StorageError(Diagnostic(code="LZN708", summary=summary)) from error

    def write(self, report: StepReport) -> None:
        """Append a step's line."""
        self._waiting += json.dumps(_line(report), allow_nan=False).encode() + b"\n"
        self._flush(sync=False)

    def sync(self) -> None:
        """Flush to the disk, as before a checkpoint is saved."""
        self._flush(sync=True)

    def _flush(self, *, sync: bool) -> None:
        try:
            with self._path.open("ab") as file:
                start = file.tell()
                try:
                    file.write(self._waiting)
                    file.flush()
                except OSError:
                    os.truncate(self._path, start)  # no half lines
                    raise
                self._waiting = b""
                if sync:
                    os.fsync(file.fileno())
        except OSError as error:
            if not self._failing:
                self._warn(
                    Diagnostic(
                        code="LZN713",
                        summary=f"`{self._path}` could not be written: {error}",
                        notes=("training goes on; its lines are kept until that works again",),
                        severity=Severity.WARNING,
                    )
                )
            self._failing = True
        else:
            self._failing = False


def read_metrics(path: Path) -> list[dict[str, object]]:
    """Return the lines of a log, for reports; a line that cannot be read is left out."""
    if not path.exists():
        return []
    lines = []
    for line in path.read_bytes().splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            lines.append(value)
    return lines


def _line(report: StepReport) -> dict[str, object]:
    line: dict[str, object] = {
        "step": report.step,
        "total": _finite(report.total),
        "losses": {name: _finite(loss) for name, loss in report.losses.items()},
        "grad_norm": _finite(report.grad_norm),
        "lr": report.lr,
        "samples_per_second": round(report.rate, 1),
    }
    if report.skipped:
        line["skipped"] = report.skipped
    return line


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _step_of(line: bytes) -> float:
    try:
        return float(json.loads(line)["step"])
    except (ValueError, KeyError, TypeError):
        return math.inf
