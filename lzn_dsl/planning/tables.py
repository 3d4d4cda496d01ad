"""Plain text in columns, for a terminal of any kind."""

from collections.abc import Sequence
from textwrap import wrap

WIDTH = 100
"""Longest line of all that is shown."""


def table(
    rows: Sequence[Sequence[str]], *, right: Sequence[int] = (), indent: int = 2
) -> list[str]:
    """Align cells in columns; the last column is wrapped and may hold several lines.

    Args:
        rows: Cells of each row; all rows have the same number.
        right: Columns whose cells stand at their right.
        indent: Spaces before each line.
    """
    if not rows:
        return []
    last = len(rows[0]) - 1
    widths = [max(len(row[column]) for row in rows) for column in range(last)]
    hanging = indent + sum(widths) + 2 * last
    lines: list[str] = []
    for row in rows:
        cells = [
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=False))
        ]
        before = " " * indent + "".join(f"{cell}  " for cell in cells)
        texts = _wrapped(row[last], WIDTH - hanging) or [""]
        if last in right and len(texts) == 1:
            texts = [texts[0].rjust(max(len(r[last]) for r in rows))]
        lines.append(f"{before}{texts[0]}".rstrip())
        lines += [f"{' ' * hanging}{text}" for text in texts[1:]]
    return lines


def _wrapped(text: str, width: int) -> list[str]:
    return [part for line in text.split("\n") for part in wrap(line, max(width, 20))]
