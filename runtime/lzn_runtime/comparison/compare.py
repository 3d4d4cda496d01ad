"""Comparing runs of several programs and seeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.planning.compare import SettingRow
from lzn_runtime.comparison.columns import Column, find_columns
from lzn_runtime.comparison.curves import Curve, loss_curves, metric_curves
from lzn_runtime.comparison.doubts import doubts, own_extractors
from lzn_runtime.comparison.programs import Program, differing_settings, group
from lzn_runtime.comparison.runs import load_runs
from lzn_runtime.comparison.table import Cell, fill


@dataclass(frozen=True)
class Comparison:
    """Programs side by side.

    Attributes:
        programs: The programs: the rows of the table.
        settings: What tells the programs apart.
        columns: What was measured: the columns of the table.
        cells: The table, row by row; None where a program was not measured.
        doubts: What else differs, as warnings (LZN809).
        own_extractors: Columns in which each seed is judged by an extractor of its own.
    """

    programs: tuple[Program, ...]
    settings: tuple[SettingRow, ...]
    columns: tuple[Column, ...]
    cells: tuple[tuple[Cell | None, ...], ...]
    doubts: tuple[Diagnostic, ...]
    own_extractors: tuple[str, ...]

    def cell(self, label: str, metric: str, task: str, data: str | None = None) -> Cell:
        """Return the cell of a program and a metric; ValueError where there is not one."""
        found = [
            self.cells[row][place]
            for row, program in enumerate(self.programs)
            for place, c in enumerate(self.columns)
            if program.label == label
            and metric in (c.metric, c.name)
            and c.task == task
            and data in (None, c.data)
        ]
        cells = [cell for cell in found if cell is not None]
        if len(cells) != 1:
            raise ValueError(f"{len(cells)} cells are `{metric}` of `{task}` of `{label}`")
        return cells[0]

    @property
    def loss_curves(self) -> dict[str, list[Curve]]:
        """The loss of each objective over steps, by its name: a curve for each program."""
        return loss_curves(self.programs)

    @property
    def metric_curves(self) -> dict[Column, list[Curve]]:
        """The metrics over steps that were measured at several."""
        found = {column: metric_curves(self.programs, column) for column in self.columns}
        return {c: v for c, v in found.items() if any(len(curve.steps) > 1 for curve in v)}


def compare_runs(
    *paths: Path | str, labels: Sequence[str] = (), step: int | None = None
) -> Comparison:
    """Compare runs: those in run folders, and in folders of run folders.

    Runs whose plans differ in nothing but the seed, and in what does not change numbers, are one
    program.

    Args:
        paths: The folders.
        labels: What the programs are called, in their order; by default by their files.
        step: The step whose results are compared; by default the last that was measured.

    Raises:
        SpecError: There are not as many labels as programs (LZN902).
        StorageError: A folder has no run, or one that cannot be read (LZN708).
    """
    programs = group(load_runs(paths), labels)
    columns = find_columns(programs)
    cells = fill(programs, columns, step=step)
    measured = [i for i in range(len(columns)) if any(row[i] for row in cells)]
    columns = [columns[i] for i in measured]
    rows = [[row[i] for i in measured] for row in cells]
    return Comparison(
        programs=tuple(programs),
        settings=tuple(differing_settings(programs)),
        columns=tuple(columns),
        cells=tuple(map(tuple, rows)),
        doubts=tuple(doubts(programs, columns, rows)),
        own_extractors=tuple(own_extractors(columns, rows)),
    )
