"""Runs to compare: what their folders say, read without torch."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError
from lzn_dsl.planning.plan import Plan
from lzn_runtime.evaluation.record import read_results
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.training.checkpoint_store import CheckpointStore
from lzn_runtime.training.environment_file import read_environment
from lzn_runtime.training.metrics_log import read_metrics
from lzn_runtime.training.run_folder import RunFolder
from lzn_runtime.training.sessions import training_seconds

_DEEPEST = 4
"""Folders below a given one that are looked through, one within the other."""


@dataclass(frozen=True)
class Run:
    """A run as its folder tells it.

    Attributes:
        folder: The run folder.
        plan: The plan that was trained.
        results: What metrics said, by step.
        log: Lines of `metrics.jsonl`, in order.
        step: Step of the newest checkpoint; None where there is none.
        seconds: Time of the training; None where that is not known.
        fingerprint: That of the training data; empty where it is not known.
        versions: Versions of packages that the run started with last.
        host: The machine that it ran on.
    """

    folder: Path
    plan: Plan
    results: tuple[MetricResult, ...]
    log: tuple[Mapping[str, Any], ...]
    step: int | None
    seconds: float | None
    fingerprint: str
    versions: Mapping[str, str]
    host: Mapping[str, str]

    @property
    def seed(self) -> int:
        """The seed of the training."""
        return self.plan.train.seed

    @property
    def parameters(self) -> int:
        """Number of parameters of all modules."""
        return sum(sum(m.parameters.values()) for m in self.plan.modalities)

    def step_of(self, result: MetricResult) -> int:
        """Return the step of one of its results; those that tell none are of its end."""
        return self.plan.train.steps if result.step is None else result.step


def load_runs(paths: Iterable[Path | str]) -> list[Run]:
    """Return the runs in some folders: each a run folder, or a folder of such, in their order.

    Raises StorageError (LZN708) where a folder is none and has none in it, or cannot be read.
    """
    found: dict[Path, Run] = {}
    for path in map(Path, paths):
        folders = list(_run_folders(path, _DEEPEST))
        if not folders:
            summary = f"`{path}` is no run folder, and there is none in it"
            raise StorageError(Diagnostic("LZN708", summary, hint="`lzn run` makes run folders"))
        for folder in folders:
            found.setdefault(folder.resolve(), load_run(folder))
    return list(found.values())


def load_run(folder: Path) -> Run:
    """Return the run of a folder. Raises StorageError (LZN708) where it cannot be read."""
    place = RunFolder(folder)
    plan = place.read_plan()
    store = CheckpointStore(place.checkpoints, warn=lambda _: None)
    steps = store.steps()
    environment = read_environment(place.environment)
    return Run(
        folder=folder,
        plan=plan,
        results=tuple(filter(_is_plain, read_results(folder))),
        log=tuple(read_metrics(place.metrics)),
        step=steps[-1] if steps else None,
        seconds=training_seconds(place.sessions, steps=plan.train.steps),
        fingerprint=_fingerprint(store.path(steps[-1])) if steps else "",
        versions=_texts(environment.get("versions")),
        host=_texts(environment.get("host")),
    )


def _run_folders(folder: Path, depth: int) -> Iterator[Path]:
    if RunFolder(folder).plan.is_file():
        yield folder
    elif depth and folder.is_dir():
        inside = (p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
        for path in sorted(inside, key=lambda p: _natural(p.name)):
            yield from _run_folders(path, depth - 1)


def _natural(name: str) -> tuple[str, int]:
    """Sort `seed-10` behind `seed-9`."""
    stem = name.rstrip("0123456789")
    return stem, int(name[len(stem) :] or 0)


def _fingerprint(checkpoint: Path) -> str:
    """Return the fingerprint of the data that a checkpoint names; it only tells, unverified."""
    try:
        found = json.loads((checkpoint / "state.json").read_bytes())["data"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""
    return found if isinstance(found, str) else ""


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    texts = {str(k): str(v) for k, v in value.items()}
    return {k: v for k, v in texts.items() if k.isprintable() and v.isprintable()}


def _is_plain(result: MetricResult) -> bool:
    """Whether no text of a result, which is to be printed, would command a terminal."""
    texts = (result.name, result.task, result.data, result.unit)
    return all(text.isprintable() for text in texts)
