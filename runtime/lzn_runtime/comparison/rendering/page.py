"""A comparison as one page of HTML that needs nothing else."""

from collections.abc import Sequence

from lzn_dsl.version import __version__
from lzn_runtime.comparison.compare import Comparison
from lzn_runtime.comparison.rendering.numbers import (
    ARROWS,
    mean_text,
    range_text,
    seconds_text,
    seeds_text,
    unit_of,
)
from lzn_runtime.comparison.rendering.plots import LOSSES, NUMBERS, STEPS, Plot
from lzn_runtime.comparison.rendering.words import doubt_lines, legend_lines
from lzn_runtime.comparison.table import training_time
from lzn_runtime.report.charts.plot import chart_style
from lzn_runtime.report.markup import Child, Html, join, prose, table, tag
from lzn_runtime.report.page import page, plural
from lzn_runtime.report.section import Section

_STYLE = ".plots { grid-template-columns: repeat(auto-fill, minmax(min(480px, 100%), 1fr)); }"
_LEADS = {
    NUMBERS: "Each dot is a seed, the stroke their mean.",
    STEPS: "Mean over seeds; the band goes from the lowest to the highest.",
    LOSSES: "Mean over seeds of the logged losses; the band goes from the lowest to the highest.",
}


def as_page(comparison: Comparison, pictures: Sequence[Plot]) -> str:
    """Return the comparison as a whole HTML document; all text is escaped."""
    sections = [_table(comparison), *_settings(comparison), *_doubts(comparison)]
    for title, lead in _LEADS.items():
        shown = [plot.picture for plot in pictures if plot.section == title]
        if shown:
            figures = [tag("figure", picture, class_="panel chart") for picture in shown]
            body = tag("div", *figures, class_="grid plots")
            sections.append(Section(title.lower().replace(" ", "-"), title, body, lead))
    labels = [program.label for program in comparison.programs]
    runs = sum(len(program.runs) for program in comparison.programs)
    return page(
        " / ".join(labels[:4]) + (" ..." if len(labels) > 4 else ""),
        kicker="lzn_dsl comparison",
        tagline=f"{plural(len(labels), 'program')}, {plural(runs, 'run')}.",
        sections=sections,
        missing=(),
        foot=f"Made by lzn_dsl {__version__}. Method: Latent Zoning Network, arXiv:2509.15591.",
        style=chart_style() + _STYLE,
    )


def _table(comparison: Comparison) -> Section:
    head = ["program", "seeds"]
    head += [f"{c}, {unit_of(c)} {ARROWS[c.better]}" for c in comparison.columns]
    rows: list[list[Child]] = []
    for program, cells in zip(comparison.programs, comparison.cells, strict=True):
        row: list[Child] = [tag("b", program.label), _unbroken(seeds_text(len(program.runs)))]
        for column, cell in zip(comparison.columns, cells, strict=True):
            if cell is None:
                row.append("-")
                continue
            mean = mean_text(column, cell.spread)
            around = tag("div", range_text(column, cell.spread), class_="hint")
            row.append(join(tag("b", mean) if cell.best else mean, around))
        seconds = seconds_text(training_time(program))
        rows.append([*row, program.parameters, _unbroken(seconds)])
    notes = tag("ul", *(tag("li", line) for line in legend_lines(comparison)), class_="note")
    body = tag("div", table([*head, "parameters", "training"], rows), notes, class_="panel")
    return Section("table", "Numbers", body)


def _unbroken(text: str) -> Html:
    return tag("span", text, class_="num")


def _settings(comparison: Comparison) -> list[Section]:
    if not comparison.settings:
        return []
    rows: list[list[Child]] = [
        [tag("code", row.path), *("-" if v is None else tag("code", v) for v in row.values)]
        for row in comparison.settings
    ]
    head = ["setting", *(program.label for program in comparison.programs)]
    body = tag("div", table(head, rows), class_="panel")
    return [Section("settings", "What the programs differ in", body)]


def _doubts(comparison: Comparison) -> list[Section]:
    items: list[Html] = []
    for summary, notes in doubt_lines(comparison):
        inside = tag("ul", *(tag("li", note) for note in notes)) if notes else None
        items.append(tag("li", prose(summary), inside))
    if not items:
        return []
    body = tag("div", tag("ul", *items, class_="problems"), class_="panel")
    lead = "A difference between numbers may come from these alone."
    return [Section("doubts", "What else differs", body, lead)]
