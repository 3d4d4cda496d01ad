"""A comparison as plain text, for a terminal."""

from collections.abc import Sequence

from lzn_runtime.comparison.compare import Comparison
from lzn_runtime.comparison.rendering.numbers import (
    mean_text,
    range_text,
    seconds_text,
    seeds_text,
    unit_of,
)
from lzn_runtime.comparison.rendering.words import legend_lines, setting_lines
from lzn_runtime.comparison.table import training_time

_PLAIN = "+-"


def as_text(comparison: Comparison) -> str:
    """Return the comparison as lines of ASCII; doubts are told apart, as warnings."""
    lines = []
    for path, values in setting_lines(comparison):
        said = "; ".join(f"{value} ({', '.join(names)})" for value, names in values)
        lines.append(f"{path}: {said}")
    if lines:
        lines.append("")
    lines += text_table(_head(comparison), _rows(comparison))
    lines += ["", *legend_lines(comparison)]
    return "\n".join(lines)


def text_table(head: Sequence[Sequence[str]], rows: Sequence[Sequence[Sequence[str]]]) -> list[str]:
    """Return the lines of a table; each cell is one line or more, numbers stand to the right.

    Args:
        head: The cells of the head, one for each column.
        rows: The cells of each row.
    """
    widths = [
        max(len(line) for cell in (column, *(row[i] for row in rows)) for line in (*cell, ""))
        for i, column in enumerate(head)
    ]
    found: list[str] = []
    for cells in (head, *rows):
        for number in range(max(len(cell) for cell in cells)):
            texts = [cell[number] if number < len(cell) else "" for cell in cells]
            first, rest = texts[0].ljust(widths[0]), zip(texts[1:], widths[1:], strict=True)
            found.append("  ".join([first, *(t.rjust(w) for t, w in rest)]).rstrip())
        if cells is head:
            found.append("  ".join("-" * width for width in widths))
    return found


def _head(comparison: Comparison) -> list[list[str]]:
    measured = [
        [c.name, f"of {c.task}", f"on {c.data}", _unit(unit_of(c)), f"{c.better} is better"]
        for c in comparison.columns
    ]
    return [["program"], *measured, ["parameters"], ["training"]]


def _unit(text: str) -> str:
    return text if len(text) <= 24 else ""


def _rows(comparison: Comparison) -> list[list[list[str]]]:
    rows = []
    for program, cells in zip(comparison.programs, comparison.cells, strict=True):
        row = [[program.label, f"  {seeds_text(len(program.runs))}"]]
        for column, cell in zip(comparison.columns, cells, strict=True):
            if cell is None:
                row.append(["-"])
                continue
            mark = " *" if cell.best else ""
            mean = mean_text(column, cell.spread, sign=_PLAIN)
            row.append([f"{mean}{mark}", range_text(column, cell.spread)])
        seconds = seconds_text(training_time(program), sign=_PLAIN)
        rows.append([*row, [f"{program.parameters:,}"], [seconds]])
    return rows
