"""Results of a task as files: pictures, tables, arrays; the name's ending chooses the format.

images        .png  one grid            a folder  one PNG a sample     .npy  uint8 (n, c, h, w)
labels        .json, .csv  a row a sample, with its probability; in .json those of all classes
rankings      .json, .csv  a row a sample and candidate, best first     .npy  the candidates (n, k)
scores, latents, features  .json, .csv, .npy
"""

import csv
import io
import json
import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError, StorageError
from lzn_dsl.planning.plan import Plan, TaskPlan
from lzn_runtime.compile.result import TaskResult
from lzn_runtime.pictures.atomic import write_bytes
from lzn_runtime.pictures.grid import grid_image, png


def default_name(result: TaskResult, task: str) -> str | None:
    """Return the file that a result is written to where none is named; None for a table.

    It has the name of the task, or the words of an expression.
    """
    words = re.findall(r"\w+", task)
    return f"{'-'.join(words)[:60] or 'result'}.png" if _is_pictures(result) else None


def check_format(task: TaskPlan, plan: Plan, path: Path) -> None:
    """Refuse a file in whose format the task's results cannot be written (SpecError, LZN903)."""
    formats = tuple(_VECTORS)
    if task.output.kind == "sample" and task.output.modality:
        modality = plan.modality(task.output.modality)
        if "discrete" in modality.capabilities:
            formats = tuple(_LABELS)
        elif modality.component.name == "image":
            formats = tuple(_PICTURES)
    if path.suffix.lower() not in formats:
        raise _no_format(path, formats)


def write_result(result: TaskResult, path: Path, sources: Sequence[str]) -> list[Path]:
    """Write a result and return the files written.

    Args:
        result: What a task returned, n samples.
        path: A file whose ending is a format of that kind of result, or a folder for pictures.
        sources: What each sample was made from, in words (n,).

    Raises:
        SpecError: The result cannot be written in that format (LZN903).
        StorageError: The file cannot be written (LZN904).
    """
    writers = _writers(result)
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise _no_format(path, tuple(writers))
    try:
        return writer(result, path, sources)
    except OSError as failure:
        raise StorageError(
            Diagnostic("LZN904", f"cannot write `{path}`: {failure.strerror or failure}")
        ) from failure


def rows(
    result: TaskResult, sources: Sequence[str], *, numbers: bool = True
) -> list[dict[str, Any]]:
    """Return a row for each row of a result: what it was made from, and what it is.

    Args:
        result: What a task returned.
        sources: What each sample was made from, in words (n,).
        numbers: Whether to say what it is, or only what it was made from.
    """
    table: list[dict[str, Any]] = []
    for i in range(len(result)):
        row: dict[str, Any] = {"sample": i, "from": sources[i // result.many]}
        if result.many > 1:
            row["row"] = i % result.many
        table.append({**row, **_content(result, i)} if numbers else row)
    return table


def _content(result: TaskResult, i: int) -> dict[str, Any]:
    if result.kind == "ranking":
        return {"ranking": _candidates(result, i)}
    if result.kind == "score":
        return {"score": round(float(result.value[i]), 6)}
    if result.scores is None:
        return {"vector": [float(v) for v in result.value[i].flatten()]}
    label = int(result.value[i])
    name = result.names[label] if result.names else label
    probability = round(float(result.scores[i, label]), 6)
    return {"label": name, "index": label, "probability": probability}


def _candidates(result: TaskResult, i: int) -> list[dict[str, Any]]:
    assert result.scores is not None
    found = []
    for index, score in zip(result.value[i].tolist(), result.scores[i].tolist(), strict=True):
        name = {"label": result.names[index]} if result.names else {}
        found.append({"index": index, **name, "score": round(score, 6)})
    return found


_Writer = Callable[[TaskResult, Path, Sequence[str]], list[Path]]


def _writers(result: TaskResult) -> dict[str, _Writer]:
    if _is_pictures(result):
        return _PICTURES
    return _LABELS if result.kind == "sample" and result.scores is not None else _VECTORS


def _no_format(path: Path, formats: Sequence[str]) -> SpecError:
    known = ", ".join(f"`{s}`" if s else "a folder" for s in formats)
    summary = f"this result cannot be written as `{path.name}`"
    return SpecError(Diagnostic("LZN903", summary, notes=(f"formats: {known}",)))


def _is_pictures(result: TaskResult) -> bool:
    return result.value.ndim == 4


def _grid(result: TaskResult, path: Path, sources: Sequence[str]) -> list[Path]:
    del sources
    columns = result.many if result.many > 1 else math.ceil(math.sqrt(len(result)))
    write_bytes(path, png(grid_image(result.value, columns=columns)))
    return [path]


def _folder(result: TaskResult, path: Path, sources: Sequence[str]) -> list[Path]:
    del sources
    path.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for i in range(len(result)):
        picture = grid_image(result.value[i : i + 1], columns=1, scale=1, padding=0)
        written.append(path / f"{i:04d}.png")
        write_bytes(written[-1], png(picture))
    return written


def _json(result: TaskResult, path: Path, sources: Sequence[str]) -> list[Path]:
    table = rows(result, sources)
    if result.kind == "sample" and result.scores is not None:
        names = result.names or tuple(str(i) for i in range(result.scores.shape[1]))
        for row, scores in zip(table, result.scores.tolist(), strict=True):
            row["probabilities"] = dict(zip(names, scores, strict=True))
    write_bytes(path, (json.dumps(table, indent=1, ensure_ascii=False) + "\n").encode())
    return [path]


def _csv(result: TaskResult, path: Path, sources: Sequence[str]) -> list[Path]:
    table = rows(result, sources)
    for row in table:
        row.update({f"v{i}": v for i, v in enumerate(row.pop("vector", []))})
    if result.kind == "ranking":
        table = [
            {**{k: v for k, v in row.items() if k != "ranking"}, "place": place, **candidate}
            for row in table
            for place, candidate in enumerate(row["ranking"], start=1)
        ]
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(table[0]))
    writer.writeheader()
    writer.writerows({k: _plain(v) for k, v in row.items()} for row in table)
    write_bytes(path, text.getvalue().encode())
    return [path]


def _array(result: TaskResult, path: Path, sources: Sequence[str]) -> list[Path]:
    del sources
    buffer = io.BytesIO()
    np.save(buffer, result.value.cpu().numpy(), allow_pickle=False)
    write_bytes(path, buffer.getvalue())
    return [path]


def _plain(value: object) -> object:
    """A cell that a spreadsheet cannot take for a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value


_PICTURES: dict[str, _Writer] = {".png": _grid, "": _folder, ".npy": _array}
_LABELS: dict[str, _Writer] = {".json": _json, ".csv": _csv}
_VECTORS: dict[str, _Writer] = {".json": _json, ".csv": _csv, ".npy": _array}
