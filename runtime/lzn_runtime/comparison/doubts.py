"""What else differs between runs than their programs, so that their numbers may not compare."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Severity
from lzn_dsl.formatting.unparse import value_text
from lzn_runtime.comparison.columns import Column, settings_of
from lzn_runtime.comparison.programs import Program
from lzn_runtime.comparison.runs import Run
from lzn_runtime.comparison.table import Cell, Measured

_CODE = "LZN809"
_COUNTS = ("samples", "real_samples", "train_samples")


def doubts(
    programs: Sequence[Program],
    columns: Sequence[Column],
    cells: Sequence[Sequence[Cell | None]],
) -> list[Diagnostic]:
    """Return a warning for each thing that differs: of whole runs first, then of each column."""
    found = [*_of_runs(programs), *_of_seeds(programs)]
    for place, column in enumerate(columns):
        found += _of_column(programs, column, [row[place] for row in cells])
    return found


def _of_runs(programs: Sequence[Program]) -> Iterator[Diagnostic]:
    aspects: dict[str, Callable[[Run], str]] = {
        "training data": lambda run: str(run.plan.dataset(run.plan.train.on).component),
        "contents of the training data": lambda run: run.fingerprint,
        "steps": lambda run: str(run.plan.train.steps),
        "batch": lambda run: str(run.plan.train.batch),
    }
    for name, tell in aspects.items():
        yield from _differing(f"the runs differ in {name}", programs, tell)
    runs = [run for program in programs for run in program.runs]
    for key in dict.fromkeys(key for run in runs for key in run.versions):
        yield from _differing(f"the runs differ in the version of {key}", programs, _version(key))
    for key in dict.fromkeys(key for run in runs for key in run.host):
        yield from _differing(f"the runs differ in their machine ({key})", programs, _host(key))
    for program in programs:
        for run in program.runs:
            steps = run.plan.train.steps
            if run.step is not None and run.step < steps:
                yield _doubt(f"`{run.folder}` is not finished: step {run.step} of {steps}")


def _of_seeds(programs: Sequence[Program]) -> Iterator[Diagnostic]:
    for program in programs:
        twice = sorted({seed for seed in program.seeds if program.seeds.count(seed) > 1})
        if twice:
            seeds = ", ".join(map(str, twice))
            yield _doubt(f"`{program.label}` has several runs of seed {seeds}, which are no spread")
    if len({tuple(sorted(set(p.seeds))) for p in programs}) > 1:
        said = [f"{p.label}: {', '.join(map(str, p.seeds))}" for p in programs]
        yield _doubt("not the same seeds", said)


def _of_column(
    programs: Sequence[Program], column: Column, cells: Sequence[Cell | None]
) -> Iterator[Diagnostic]:
    filled = [(p, cell) for p, cell in zip(programs, cells, strict=True) if cell is not None]
    for program, cell in filled:
        if len(cell.measured) < len(program.runs):
            has = f"{len(cell.measured)} of {len(program.runs)} runs"
            yield _doubt(f"{column}: `{program.label}` has it for {has}")
    aspects: dict[str, Callable[[Measured], str]] = {"step": _step, "data": _data}
    aspects |= {f"number of {key}": _count(key) for key in _COUNTS}
    measured = [m for _, cell in filled for m in cell.measured]
    for key in dict.fromkeys(key for m in measured for key in settings_of(m.result)):
        if key not in _COUNTS:
            aspects[f"`{key}`"] = _setting(key)
    for name, tell in aspects.items():
        told = {p.label: list(dict.fromkeys(map(tell, cell.measured))) for p, cell in filled}
        if len({value for values in told.values() for value in values if value}) > 1:
            said = [f"{label}: {', '.join(filter(None, v))}" for label, v in told.items()]
            yield _doubt(f"{column}: not the same {name}", said)
    yield from _of_extractors(column, filled)


def _of_extractors(column: Column, filled: Sequence[tuple[Program, Cell]]) -> Iterator[Diagnostic]:
    """Compare extractors at equal seeds: one that is trained is trained anew for each seed."""
    told = {p.label: {m.run.seed: _extractor(m) for m in cell.measured} for p, cell in filled}
    everything = {text for by_seed in told.values() for text in by_seed.values() if text}
    if len(everything) < 2:
        return
    seeds = sorted({seed for by_seed in told.values() for seed in by_seed})
    at_seed = [[(n, by[seed]) for n, by in told.items() if by.get(seed)] for seed in seeds]
    apart = [pairs for pairs in at_seed if len({text for _, text in pairs}) > 1]
    shared = any(len(pairs) > 1 for pairs in at_seed)
    if apart:
        said = [f"{label}: {text}" for label, text in apart[0]]
    elif not shared and len(told) > 1:
        said = [f"{label}: {next(filter(None, by.values()), '-')}" for label, by in told.items()]
    else:
        return
    yield _doubt(f"{column}: not the same extractor", said)


def own_extractors(columns: Sequence[Column], cells: Sequence[Sequence[Cell | None]]) -> list[str]:
    """Return the columns in which each seed of a program is judged by an extractor of its own."""
    return [
        str(column)
        for place, column in enumerate(columns)
        if any(
            len({_extractor(m) for m in cell.measured} - {""}) > 1
            for cell in (row[place] for row in cells)
            if cell is not None
        )
    ]


def _differing(
    summary: str, programs: Sequence[Program], tell: Callable[[Run], str]
) -> Iterator[Diagnostic]:
    told = {p.label: list(dict.fromkeys(filter(None, map(tell, p.runs)))) for p in programs}
    if len({value for values in told.values() for value in values}) > 1:
        yield _doubt(summary, [f"{label}: {', '.join(v) or '-'}" for label, v in told.items()])


def _doubt(summary: str, notes: Sequence[str] = ()) -> Diagnostic:
    return Diagnostic(_CODE, summary, notes=tuple(notes), severity=Severity.WARNING)


def _version(name: str) -> Callable[[Run], str]:
    return lambda run: run.versions.get(name, "")


def _host(fact: str) -> Callable[[Run], str]:
    return lambda run: run.host.get(fact, "")


def _step(measured: Measured) -> str:
    return str(measured.step)


def _data(measured: Measured) -> str:
    datasets = {d.name: str(d.component) for d in measured.run.plan.datasets}
    return datasets.get(measured.result.data, "")


def _count(key: str) -> Callable[[Measured], str]:
    def count(measured: Measured) -> str:
        value = measured.result.details.get(key)
        return f"{value:,}" if isinstance(value, int) else ""

    return count


def _setting(key: str) -> Callable[[Measured], str]:
    def setting(measured: Measured) -> str:
        given = settings_of(measured.result)
        return value_text(given[key]) if key in given else ""

    return setting


def _extractor(measured: Measured) -> str:
    """Return name and identity of the extractor behind a result; empty where there is none."""
    identity = measured.result.details.get("extractor")
    if not isinstance(identity, dict):
        return ""
    known = {key: value for key, value in identity.items() if key != "accuracy"}
    whole = json.dumps(known, sort_keys=True).encode()
    exact = str(known.get("sha256") or hashlib.sha256(whole).hexdigest())
    return f"{known.get('name', 'extractor')} {exact[:12]}"
