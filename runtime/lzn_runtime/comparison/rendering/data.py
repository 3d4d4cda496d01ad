"""A comparison as JSON."""

from dataclasses import asdict
from typing import Any

from lzn_runtime.comparison.compare import Comparison
from lzn_runtime.comparison.curves import Curve
from lzn_runtime.comparison.programs import Program
from lzn_runtime.comparison.table import Cell


def as_data(comparison: Comparison) -> dict[str, Any]:
    """Return all of a comparison but its learning curves as what JSON can hold."""
    columns = [
        {
            "metric": c.metric,
            "settings": dict(c.given),
            "task": c.task,
            "data": c.data,
            "unit": c.unit,
            "better": c.better,
        }
        for c in comparison.columns
    ]
    over_steps = [
        {"column": comparison.columns.index(column), "curves": list(map(_curve, curves))}
        for column, curves in comparison.metric_curves.items()
    ]
    return {
        "format": 1,
        "programs": [_program(program) for program in comparison.programs],
        "settings": [{"path": r.path, "values": list(r.values)} for r in comparison.settings],
        "columns": columns,
        "cells": [[_cell(cell) for cell in row] for row in comparison.cells],
        "over_steps": over_steps,
        "doubts": [
            {"code": d.code, "summary": d.summary, "notes": list(d.notes)}
            for d in comparison.doubts
        ],
        "own_extractors": list(comparison.own_extractors),
    }


def _program(program: Program) -> dict[str, Any]:
    runs = [
        {"folder": str(run.folder), "seed": run.seed, "step": run.step, "seconds": run.seconds}
        for run in program.runs
    ]
    train = program.plan.train
    return {
        "label": program.label,
        "parameters": program.parameters,
        "steps": train.steps,
        "batch": train.batch,
        "runs": runs,
    }


def _cell(cell: Cell | None) -> dict[str, Any] | None:
    if cell is None:
        return None
    values = [{"seed": m.run.seed, "step": m.step, "value": m.result.value} for m in cell.measured]
    return {**asdict(cell.spread), "best": cell.best, "values": values}


def _curve(curve: Curve) -> dict[str, Any]:
    return {
        "program": curve.label,
        "steps": list(curve.steps),
        "spreads": [asdict(each) for each in curve.spreads],
    }
