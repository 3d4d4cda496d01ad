"""Run folders as `lzn run` leaves them, without any training."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import JsonValue

from helpers.judging import judged_plan
from lzn_dsl.planning.plan import Plan
from lzn_runtime.evaluation.record import write_results
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.training.sessions import Session, note_session

PLAN = judged_plan(("name", "accuracy"))


def plan_of(title: str = "one", *, seed: int = 0, dim: int = PLAN.dim, **train: JsonValue) -> Plan:
    """The plan of the digits with another title, seed, size or training."""
    trained = PLAN.train.model_copy(update={"seed": seed, **train})
    return PLAN.model_copy(update={"title": title, "dim": dim, "train": trained})


def result(
    value: float,
    *,
    step: int | None = None,
    name: str = "accuracy",
    task: str = "name",
    unit: str = "share",
    better: Literal["higher", "lower"] = "higher",
    settings: Mapping[str, JsonValue] | None = None,
    **details: JsonValue,
) -> MetricResult:
    """What a metric said on `unseen`."""
    told: dict[str, JsonValue] = dict(details)
    if settings is not None:
        told["settings"] = dict(settings)
    return MetricResult(
        name=name,
        task=task,
        data="unseen",
        value=value,
        unit=unit,
        better=better,
        details=told,
        step=step,
    )


def run_folder(
    path: Path,
    plan: Plan,
    results: Sequence[MetricResult] = (),
    *,
    losses: Mapping[int, float] | None = None,
    environment: Mapping[str, Any] | None = None,
    step: int | None = None,
    seconds: float | None = None,
) -> Path:
    """Write a run folder, with a checkpoint of `step` that names its data and holds no weights."""
    path.mkdir(parents=True)
    (path / "plan.json").write_text(plan.model_dump_json(), encoding="utf-8")
    write_results(path, results)
    lines = [
        json.dumps({"step": s, "losses": {"decode image": v}}) for s, v in (losses or {}).items()
    ]
    (path / "metrics.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    told = environment or {"versions": {"torch": "2.0"}, "host": {"device": "cpu"}}
    (path / "environment.json").write_text(json.dumps(told), encoding="utf-8")
    done = plan.train.steps if step is None else step
    checkpoint = path / "checkpoints" / f"step-{done:08d}"
    checkpoint.mkdir(parents=True)
    (checkpoint / "state.json").write_text('{"data": "abc"}', encoding="utf-8")
    if seconds is not None:
        session = Session(first=0, last=plan.train.steps, seconds=seconds)
        note_session(path / "sessions.json", session)
    return path
