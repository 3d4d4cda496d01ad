"""The table of a comparison: a row for each program, a column for each metric."""

from collections.abc import Sequence
from dataclasses import dataclass

from lzn_runtime.comparison.columns import Column
from lzn_runtime.comparison.programs import Program
from lzn_runtime.comparison.runs import Run
from lzn_runtime.comparison.spread import Spread, best, spread
from lzn_runtime.evaluation.result import MetricResult


@dataclass(frozen=True)
class Measured:
    """What a metric said of one run, and at which step."""

    run: Run
    step: int
    result: MetricResult


@dataclass(frozen=True)
class Cell:
    """What a metric said of a program: a number for each seed, and their spread.

    `best` tells whether its mean is better than that of each other program by more than chance.
    """

    measured: tuple[Measured, ...]
    spread: Spread
    best: bool = False


def fill(
    programs: Sequence[Program], columns: Sequence[Column], *, step: int | None = None
) -> list[list[Cell | None]]:
    """Return the cells, row by row; None where a program was not measured.

    Each holds the results of the last step that was measured, or of `step`.
    """
    rows = [[_cell(program, column, step) for column in columns] for program in programs]
    for place, column in enumerate(columns):
        spreads = [cell.spread if cell else None for cell in (row[place] for row in rows)]
        winner = best(spreads, higher=column.better == "higher")
        if winner is not None:
            cell = rows[winner][place]
            assert cell is not None
            rows[winner][place] = Cell(cell.measured, cell.spread, best=True)
    return rows


def _cell(program: Program, column: Column, step: int | None) -> Cell | None:
    found = [(run, column.result(run, step)) for run in program.runs]
    measured = tuple(Measured(run, *pair) for run, pair in found if pair is not None)
    if not measured:
        return None
    return Cell(measured, spread([each.result.value for each in measured]))


def training_time(program: Program) -> Spread | None:
    """Return the seconds that a program's runs trained; None where no run knows them."""
    seconds = [run.seconds for run in program.runs if run.seconds is not None]
    return spread(seconds) if seconds else None
