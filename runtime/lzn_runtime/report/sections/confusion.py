"""How classes are told apart: confusion matrices as tables."""

from collections.abc import Sequence
from typing import Any

from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.report.markup import Html, join, table, tag
from lzn_runtime.report.material import Material
from lzn_runtime.report.section import Missing, Section

_TITLE = "Classes"
_LARGEST = 20
"""Classes up to which the whole matrix is shown."""
_PAIRS = 12
"""Confused pairs that are listed instead of a larger one."""

_READINGS = {
    "accuracy": ("is a", "named"),
    "recognition": ("asked for", "recognised as"),
    "linear_probe": ("is a", "read off the embedding as"),
    "knn": ("is a", "taken by its neighbours for"),
}


def confusion(material: Material) -> Section | Missing:
    """Return the matrix of each result that has one."""
    found = [r for r in material.results if "confusion" in r.details or "per_class" in r.details]
    if not found:
        return Missing(_TITLE, "no metric counts classes")
    parts = [_panel(result) for result in found]
    lead = "Rows: what it is, or what was asked for. Columns: what it was taken for."
    return Section("classes", _TITLE, tag("div", *parts, class_="grid pair"), lead)


def _panel(result: MetricResult) -> Html:
    names = [str(n) for n in _list(result.details.get("classes"))]
    matrix = [[int(n) for n in row] for row in _list(result.details.get("confusion"))]
    head = tag("h3", f"{result.name.replace('_', ' ')} of {result.task} on {result.data}")
    if not matrix:
        return tag("div", head, _shares(result, names), class_="panel")
    body = _matrix(matrix, names, result) if len(matrix) <= _LARGEST else _pairs(matrix, names)
    return tag(
        "div", head, tag("div", body, class_="scroll"), _worst(matrix, names), class_="panel"
    )


def _matrix(matrix: Sequence[Sequence[int]], names: Sequence[str], result: MetricResult) -> Html:
    upright = max(map(len, names)) > 4
    head = [
        tag("th", tag("span", n, class_="upright") if upright else n, scope="col") for n in names
    ]
    rows = []
    for i, counts in enumerate(matrix):
        total = sum(counts)
        cells = [_cell(n, total, hit=i == j) for j, n in enumerate(counts)]
        share = f"{100 * counts[i] / total:.1f} %" if total else "none"
        rows.append(
            tag("tr", tag("th", names[i], scope="row"), *cells, tag("td", share, class_="share"))
        )
    truth, guess = _READINGS.get(result.name, ("is a", "taken for"))
    caption = tag("caption", f"{truth} (row), {guess} (column)", class_="hint")
    top = tag(
        "thead", tag("tr", tag("td", class_="corner"), *head, tag("td", "right", class_="share"))
    )
    return tag("table", caption, top, tag("tbody", *rows), class_="confusion")


def _cell(count: int, total: int, *, hit: bool) -> Html:
    share = count / total if total else 0.0
    kind = "hit" if hit else "miss"
    if count == 0:
        kind = "zero"
    # Rare confusions must be seen too: the square root lifts them.
    strength = share if hit else share**0.5
    strong = " strong" if count and strength > 0.6 else ""
    style = f"--v: {100 * strength:.0f}%" if count else None
    return tag("td", count, class_=kind + strong, style=style)


def _pairs(matrix: Sequence[Sequence[int]], names: Sequence[str]) -> Html:
    pairs = sorted(
        ((n, i, j) for i, row in enumerate(matrix) for j, n in enumerate(row) if n and i != j),
        reverse=True,
    )
    rows = [(names[i], names[j], n) for n, i, j in pairs[:_PAIRS]]
    return table(("class", "taken for", "times"), list(rows))


def _worst(matrix: Sequence[Sequence[int]], names: Sequence[str]) -> Html | None:
    pairs = [(n, i, j) for i, row in enumerate(matrix) for j, n in enumerate(row) if i != j]
    count, i, j = max(pairs, default=(0, 0, 0))
    if not count:
        return tag("p", "No sample was taken for another class.", class_="note")
    times = "once" if count == 1 else f"{count} times"
    text = join(
        "Most often confused: ", tag("b", names[i]), " for ", tag("b", names[j]), f", {times}."
    )
    return tag("p", text, class_="note")


def _shares(result: MetricResult, names: Sequence[str]) -> Html:
    shares = _list(result.details.get("per_class"))
    ordered = sorted((s, n) for s, n in zip(shares, names, strict=False) if s is not None)
    rows = [(n, f"{100 * s:.1f} %") for s, n in ordered[:_PAIRS]]
    return table(("least often right", "share"), list(rows))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
