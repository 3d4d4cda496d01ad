"""Numbers over training steps: losses, and metrics where several steps were measured."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lzn_runtime.comparison.columns import Column
from lzn_runtime.comparison.programs import Program
from lzn_runtime.comparison.spread import Spread, spread


@dataclass(frozen=True)
class Curve:
    """One number of a program over steps, with its spread over seeds at each."""

    label: str
    steps: tuple[int, ...]
    spreads: tuple[Spread, ...]


def loss_curves(programs: Sequence[Program]) -> dict[str, list[Curve]]:
    """Return, by objective, the logged loss of each program that has it, over two steps or more.

    A step counts where a program has it in all runs that log the objective.
    """
    names = dict.fromkeys(
        name for p in programs for run in p.runs for line in run.log for name in _losses(line)
    )
    found: dict[str, list[Curve]] = {}
    for name in names:
        curves = [
            _curve(program.label, [_logged(run.log, name) for run in program.runs])
            for program in programs
        ]
        found[name] = [curve for curve in curves if len(curve.steps) > 1]
    return {name: curves for name, curves in found.items() if curves}


def metric_curves(programs: Sequence[Program], column: Column) -> list[Curve]:
    """Return a metric of each program over the steps at which it was measured.

    A step counts where it was measured in all runs of the program that were measured at several. A
    program with one step only has a curve of one point.
    """
    curves = []
    for program in programs:
        tables = [{s: r.value for s, r in column.results(run)} for run in program.runs]
        several = [table for table in tables if len(table) > 1]
        curves.append(_curve(program.label, several or tables))
    return [curve for curve in curves if curve.steps]


def _curve(label: str, tables: Sequence[Mapping[int, float]]) -> Curve:
    filled = [table for table in tables if table]
    steps = sorted(set.intersection(*(set(table) for table in filled))) if filled else []
    spreads = [spread([table[step] for table in filled]) for step in steps]
    return Curve(label, tuple(steps), tuple(spreads))


def _logged(log: Sequence[Mapping[str, Any]], name: str) -> dict[int, float]:
    found = {}
    for line in log:
        step, value = line.get("step"), _losses(line).get(name)
        if isinstance(step, int) and isinstance(value, int | float) and math.isfinite(value):
            found[step] = float(value)
    return found


def _losses(line: Mapping[str, Any]) -> Mapping[str, Any]:
    losses = line.get("losses")
    return losses if isinstance(losses, Mapping) else {}
