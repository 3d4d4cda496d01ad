"""The plots of a comparison: numbers with every seed, metrics over steps, learning curves."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lzn_runtime.comparison.columns import Column
from lzn_runtime.comparison.compare import Comparison
from lzn_runtime.comparison.curves import Curve
from lzn_runtime.comparison.rendering.numbers import mean_text, scaled, unit_of
from lzn_runtime.report.charts.bands import Line, bands
from lzn_runtime.report.charts.curve import running_mean
from lzn_runtime.report.charts.dots import Row, dots
from lzn_runtime.report.markup import Html


class Plot(NamedTuple):
    """A plot with the name of its file, without an ending, and the section that it belongs to."""

    name: str
    section: str
    title: str
    picture: Html


NUMBERS, STEPS, LOSSES = "Every seed", "Over training", "Losses"
FILES = ("value-", "steps-", "loss-")
"""How names of plots begin."""


def plots(comparison: Comparison) -> list[Plot]:
    """Return all plots of a comparison, those of numbers first."""
    found: list[Plot] = []
    for plot in (*_numbers(comparison), *_over_steps(comparison), *_losses(comparison)):
        same = sum(
            each.name == plot.name or each.name.startswith(f"{plot.name}~") for each in found
        )
        found.append(plot._replace(name=f"{plot.name}~{same + 1}") if same else plot)
    return found


def _numbers(comparison: Comparison) -> Iterator[Plot]:
    for place, column in enumerate(comparison.columns):
        rows = []
        for program, cells in zip(comparison.programs, comparison.cells, strict=True):
            cell = cells[place]
            if cell is None:
                continue
            values = [scaled(column, each.result.value) for each in cell.measured]
            mean = scaled(column, cell.spread.mean)
            rows.append(Row(program.label, values, mean, mean_text(column, cell.spread)))
        picture = dots(rows, title=str(column), label=_axis(column))
        yield Plot(_file("value", str(column)), NUMBERS, str(column), picture)


def _over_steps(comparison: Comparison) -> Iterator[Plot]:
    for column, curves in comparison.metric_curves.items():
        lines = [_line(curve, column) for curve in curves]
        share = column.unit == "share"
        picture = bands(lines, title=str(column), label=_axis(column), linear=share)
        yield Plot(_file("steps", str(column)), STEPS, f"{column} over steps", picture)


def _losses(comparison: Comparison) -> Iterator[Plot]:
    for name, curves in comparison.loss_curves.items():
        lines = [_smooth(curve) for curve in curves]
        picture = bands(lines, title=f"loss: {name}", label="running mean of the loss")
        yield Plot(_file("loss", name), LOSSES, f"loss: {name}", picture)


def _line(curve: Curve, column: Column) -> Line:
    def values(of: str) -> list[float]:
        return [scaled(column, getattr(each, of)) for each in curve.spreads]

    return Line(curve.label, curve.steps, values("mean"), values("low"), values("high"))


def _smooth(curve: Curve) -> Line:
    mean, low, high = (
        running_mean([getattr(each, of) for each in curve.spreads])
        for of in ("mean", "low", "high")
    )
    return Line(curve.label, curve.steps, mean, low, high)


def _axis(column: Column) -> str:
    return f"{column.metric}, {unit_of(column)} ({column.better} is better)"


def _file(kind: str, text: str) -> str:
    """Return the name of a file: letters, digits and hyphens."""
    return f"{kind}-{re.sub('[^a-z0-9]+', '-', text.lower()).strip('-')}"[:100]
