"""A comparison as Markdown."""

from collections.abc import Iterable, Iterator, Sequence

from lzn_runtime.comparison.compare import Comparison
from lzn_runtime.comparison.rendering.numbers import (
    ARROWS,
    mean_text,
    range_text,
    seconds_text,
    seeds_text,
    unit_of,
)
from lzn_runtime.comparison.rendering.words import doubt_lines, legend_lines
from lzn_runtime.comparison.table import training_time


def as_markdown(comparison: Comparison, *, pictures: Sequence[tuple[str, str]] = ()) -> str:
    """Return the comparison as Markdown; `pictures` are titles and paths of plots."""
    parts = [*_settings(comparison), *_doubts(comparison), "\n".join(_table(comparison))]
    parts.append("\n".join(f"- {line}" for line in legend_lines(comparison)))
    parts += [f"![{_plain(title)}]({path})" for title, path in pictures]
    return "\n\n".join(parts) + "\n"


def _settings(comparison: Comparison) -> Iterator[str]:
    rows = [
        [f"`{row.path}`", *("-" if v is None else f"`{v}`" for v in row.values)]
        for row in comparison.settings
    ]
    if rows:
        yield "What the programs differ in:"
        yield "\n".join(_grid(["setting", *(p.label for p in comparison.programs)], rows))


def _doubts(comparison: Comparison) -> Iterator[str]:
    lines = [
        f"- {summary}" + (f" ({'; '.join(notes)})" if notes else "")
        for summary, notes in doubt_lines(comparison)
    ]
    if lines:
        yield "What else differs, so that the numbers may not compare:"
        yield "\n".join(_plain(line) for line in lines)


def _table(comparison: Comparison) -> list[str]:
    head = ["program", "seeds"]
    head += [f"{c}, {unit_of(c)} {ARROWS[c.better]}" for c in comparison.columns]
    rows = []
    for program, cells in zip(comparison.programs, comparison.cells, strict=True):
        row = [program.label, seeds_text(len(program.runs))]
        for column, cell in zip(comparison.columns, cells, strict=True):
            if cell is None:
                row.append("-")
                continue
            mean = mean_text(column, cell.spread)
            around = range_text(column, cell.spread)
            shown = f"**{mean}**" if cell.best else mean
            row.append(f"{shown} ({around})" if around else shown)
        rows.append([*row, f"{program.parameters:,}", seconds_text(training_time(program))])
    return _grid([*head, "parameters", "training"], rows)


def _grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return [f"| {' | '.join(map(_plain, cells))} |" for cells in (head, rule, *rows)]


def _plain(text: str) -> str:
    """Return a text that breaks out of no cell."""
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
