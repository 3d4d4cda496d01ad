"""The numbers of a run on disk: `metrics.json` in the run folder."""

import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.pictures.atomic import write_bytes

FILE_NAME = "metrics.json"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    results: tuple[MetricResult, ...]


def write_results(
    folder: Path, results: Sequence[MetricResult], *, problems: Sequence[Diagnostic] = ()
) -> Path:
    """Write `metrics.json` into a run folder; the file is complete or as it was. Return its path.

    Each result stands beside its conditions, and each metric that could not be measured beside the
    reason. Raises StorageError LZN708 where the file cannot be written.
    """
    path = folder / FILE_NAME
    record = {
        "format": 1,
        "results": [result.model_dump(mode="json") for result in results],
        "not_measured": [
            {"code": p.code, "summary": p.summary, "notes": list(p.notes)} for p in problems
        ],
    }
    try:
        write_bytes(path, json.dumps(record, indent=1, allow_nan=False).encode())
    except OSError as error:
        raise _storage_error(f"`{path}` cannot be written: {error}") from error
    return path


def read_results(folder: Path) -> list[MetricResult]:
    """Return the results in a run folder; none where it was not evaluated yet.

    Raises StorageError LZN708 for a file that cannot be read.
    """
    path = folder / FILE_NAME
    try:
        return list(_Record.model_validate_json(path.read_bytes()).results)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _storage_error(f"`{path}` cannot be read: {error}") from error
    except ValidationError as error:
        count = error.error_count()
        raise _storage_error(f"`{path}` is no file of results ({count} faults)") from error


def _storage_error(summary: str) -> StorageError:
    return StorageError(Diagnostic(code="LZN708", summary=summary))
