"""The numbers of a run on disk: `metrics.json` in the run folder.

It holds one result for each step, task, dataset, metric and settings of the metric. `lzn run`
writes those of its end; `lzn eval` adds those of other steps and metrics, and puts what it measures
again in place of what was there.
"""

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.pictures.atomic import write_bytes
from lzn_runtime.training.lock import waiting_lock

FILE_NAME = "metrics.json"
_LOCK = ".metrics.lock"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    results: tuple[MetricResult, ...]
    not_measured: tuple[JsonValue, ...] = ()


def write_results(
    folder: Path,
    results: Sequence[MetricResult],
    *,
    problems: Sequence[Diagnostic] = (),
    goes_on: bool = False,
) -> Path:
    """Write `metrics.json` into a run folder; the file is complete or as it was. Return its path.

    Each result stands beside its conditions, and each metric that could not be measured beside the
    reason. A run that `goes_on` from an earlier one keeps what was measured at other steps. Raises
    StorageError LZN708 where the file cannot be written.
    """
    not_measured: tuple[JsonValue, ...] = tuple(
        {"code": p.code, "summary": p.summary, "notes": list(p.notes)} for p in problems
    )
    with waiting_lock(folder, _LOCK):
        earlier: Sequence[MetricResult] = ()
        if goes_on:
            with contextlib.suppress(StorageError):  # what cannot be read is written anew
                earlier = _read(folder).results
        record = _Record(results=_merged(earlier, results), not_measured=not_measured)
        return _write(folder, record)


def add_results(folder: Path, results: Sequence[MetricResult]) -> Path:
    """Add results to `metrics.json`, each in place of an earlier one of the same kind.

    Several processes may do so at once. Return the file's path. Raises StorageError LZN708 where
    the file cannot be read or written; it is then as it was.
    """
    with waiting_lock(folder, _LOCK):
        before = _read(folder)
        merged = _merged(before.results, results)
        return _write(folder, before.model_copy(update={"results": merged}))


def read_results(folder: Path) -> list[MetricResult]:
    """Return the results in a run folder by step; none where it was not evaluated yet.

    Raises StorageError LZN708 for a file that cannot be read.
    """
    return list(_read(folder).results)


def _merged(
    earlier: Sequence[MetricResult], later: Sequence[MetricResult]
) -> tuple[MetricResult, ...]:
    """Return all results by step, the later ones in place of earlier ones of the same kind."""
    table = {_key(result): result for result in (*earlier, *later)}
    return tuple(sorted(table.values(), key=lambda result: result.step or 0))


def _key(result: MetricResult) -> tuple[int | None, str]:
    """Return what a result is of: the later of two with one key replaces the earlier."""
    parts = [result.task, result.data, result.name, result.details.get("settings")]
    return result.step, json.dumps(parts, sort_keys=True)


def _write(folder: Path, record: _Record) -> Path:
    path = folder / FILE_NAME
    content = {"format": 1, **record.model_dump(mode="json")}
    try:
        write_bytes(path, json.dumps(content, indent=1, allow_nan=False).encode())
    except OSError as error:
        raise _storage_error(f"`{path}` cannot be written: {error}") from error
    return path


def _read(folder: Path) -> _Record:
    path = folder / FILE_NAME
    try:
        return _Record.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return _Record(results=())
    except OSError as error:
        raise _storage_error(f"`{path}` cannot be read: {error}") from error
    except ValidationError as error:
        count = error.error_count()
        raise _storage_error(f"`{path}` is no file of results ({count} faults)") from error


def _storage_error(summary: str) -> StorageError:
    return StorageError(Diagnostic(code="LZN708", summary=summary))
