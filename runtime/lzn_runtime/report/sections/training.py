"""Training curves: the loss of each objective, gradient and learning rate."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeGuard

from lzn_runtime.report.charts.curve import curve
from lzn_runtime.report.markup import Html, tag
from lzn_runtime.report.material import Material
from lzn_runtime.report.page import plural
from lzn_runtime.report.section import Missing, Section

_TITLE = "Training"


def training(material: Material) -> Section | Missing:
    """Return a chart of each logged quantity."""
    names = dict.fromkeys(n for line in material.log for n in _losses(line))
    charts = [
        _chart(f"loss: {n}", material.log, lambda line, n=n: _losses(line).get(n)) for n in names
    ]
    if len(names) > 1:
        charts.append(_chart("weighted sum", material.log, lambda line: line.get("total")))
    charts.append(_chart("gradient norm", material.log, lambda line: line.get("grad_norm")))
    charts.append(_chart("learning rate", material.log, lambda line: line.get("lr"), smooth=False))
    drawn = [chart for chart in charts if chart is not None]
    if not drawn:
        return Missing(_TITLE, "`metrics.jsonl` has fewer than two steps to draw")
    skipped = sum(1 for line in material.log if line.get("skipped"))
    lead = "Faint: the value of each logged step. Strong: their running mean."
    if skipped:
        lead += f" {plural(skipped, 'logged step')} changed nothing, for numbers were not finite."
    return Section("training", _TITLE, tag("div", *drawn, class_="grid charts"), lead)


def _chart(
    title: str, log: Iterable[Mapping[str, Any]], value: Any, *, smooth: bool = True
) -> Html | None:
    points = [(line.get("step"), value(line)) for line in log]
    good = [(int(s), float(v)) for s, v in points if _number(s) and _number(v)]
    if len(good) < 2:
        return None
    return curve([s for s, _ in good], [v for _, v in good], title=title, smooth=smooth)


def _losses(line: Mapping[str, Any]) -> Mapping[str, Any]:
    losses = line.get("losses")
    return losses if isinstance(losses, Mapping) else {}


def _number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def throughput(log: Sequence[Mapping[str, Any]]) -> float | None:
    """Return the median of the logged samples per second, or None."""
    rates = sorted(line["samples_per_second"] for line in log if _rate(line))
    return float(rates[len(rates) // 2]) if rates else None


def _rate(line: Mapping[str, Any]) -> bool:
    value = line.get("samples_per_second")
    return _number(value) and bool(value)
