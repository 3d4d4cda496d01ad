"""Key numbers: each metric with the conditions that it holds under."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue

from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.report.markup import Html, join, tag
from lzn_runtime.report.material import Material
from lzn_runtime.report.page import plural
from lzn_runtime.report.section import Missing, Section

_TITLE = "Key numbers"
_HIDDEN = ("confusion", "classes", "per_class", "per_class_count")
"""Details that the card leaves to the section on classes."""
_ARROWS = {"higher": "\u2191", "lower": "\u2193"}


def numbers(material: Material) -> Section | Missing:
    """Return a card for each result."""
    if not material.results:
        reason = "the program has no `evaluate` statement"
        if material.problems:
            reason = "no metric could be measured; see below"
        return Missing(_TITLE, reason)
    cards = [_card(result) for result in material.results]
    lead = "Each with what it holds for. Arrows: which way is better."
    return Section("numbers", _TITLE, tag("div", *cards, class_="grid cards"), lead)


def show_value(result: MetricResult) -> tuple[str, str]:
    """Return a result's number, and `%` for a share; other units stand below it."""
    if result.unit == "share":
        return f"{100 * result.value:.1f}", " %"
    return f"{result.value:.3g}", ""


def _card(result: MetricResult) -> Html:
    number, unit = show_value(result)
    details = {k: v for k, v in result.details.items() if k not in _HIDDEN}
    return tag(
        "div",
        tag("p", result.name.replace("_", " "), tag("span", f" of {result.task}"), class_="what"),
        tag("div", number, tag("small", f"{unit} {_ARROWS[result.better]}"), class_="value"),
        tag("ul", *(tag("li", line) for line in facts(result))),
        tag(
            "details",
            tag("summary", "all conditions"),
            tag("pre", json.dumps(details, indent=1, ensure_ascii=True)),
        ),
        class_="panel card",
    )


def facts(result: MetricResult) -> list[str]:
    """Return the conditions of a result in a few short lines."""
    details = result.details
    count = details.get("samples")
    on = f"{plural(count, 'sample')} of {result.data}" if isinstance(count, int) else result.data
    lines = [on] if result.unit == "share" else [result.unit, on]
    top = details.get("top_k")
    if isinstance(top, Mapping):
        lines.append(f"right among the {top.get('k')} likeliest: {_percent(top.get('value'))}")
    if isinstance(details.get("psnr_db"), float):
        lines.append(f"PSNR {details['psnr_db']:.1f} dB; median L2 {details['l2_median']:.3g}")
    lines += [*_against(details), *_learned(details), *_table(details.get("table"))]
    lines.extend(_extractor(details.get("extractor")))
    shown = [f"{k} {v}" for k in ("alpha", "sampler", "seed") if (v := details.get(k)) is not None]
    if shown:
        lines.append("; ".join(shown))
    return lines


def _against(details: Mapping[str, Any]) -> list[str]:
    """Say what drawn samples were compared with, and how real ones fare."""
    lines = []
    if isinstance(details.get("real_samples"), int):
        lines.append(
            f"against {details['real_samples']:,} real ones, {details['features']:,} features"
        )
    if "recall" in details and "precision" in details:
        both = (f"{name} {_percent(details[name])}" for name in ("precision", "recall"))
        lines.append(f"{', '.join(both)}; balls to neighbour {details.get('k')}")
    seen, real = details.get("training_data"), details.get("real")
    if isinstance(seen, Mapping):
        distance, size = seen.get("distance"), seen.get("samples")
        lines.append(f"training data itself: {distance:.3g} ({size:,} samples)")
    if isinstance(details.get("splits"), int):
        spread = f"{details['deviation']:.2g}"
        lines.append(f"mean of {plural(details['splits'], 'split')}, which deviate by {spread}")
    if isinstance(real, Mapping):
        lines.append(f"real ones themselves: {real.get('value'):.3g} ({real.get('samples'):,})")
    if isinstance(details.get("sigma"), float):
        lines.append(f"kernel of width {details['sigma']:g}, features of unit length")
    return lines


def _learned(details: Mapping[str, Any]) -> list[str]:
    """Say what read the classes off an embedding, and what it learned from."""
    if not isinstance(details.get("train_samples"), int):
        return []
    where = f"{details['train_samples']:,} samples of {details['train_data']}"
    if "vote" not in details:
        return [f"regression on {where}"]
    how = f"{details['vote']} vote of {details['k']} neighbours by cosine"
    heat = details.get("temperature")
    return [f"{how}, temperature {heat:g}" if heat else how, f"neighbours among {where}"]


def _table(rows: JsonValue) -> list[str]:
    """Say how right a task is with each scale of noise and each size of batch."""
    lines = []
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, Mapping):
            alpha, batch = row.get("alpha"), row.get("batch")
            ways = [] if alpha is None else [f"alpha {alpha:g}"]
            ways.append(f"batches of {batch:,}" if batch else "the support")
            lines.append(f"{', '.join(ways)}: {_percent(row.get('value'))}")
    return lines


def _extractor(identity: JsonValue) -> list[str]:
    if not isinstance(identity, Mapping):
        return []
    known = f"judged by {identity.get('name')} {str(identity.get('sha256'))[:8]}"
    size = identity.get("resized_to")
    if isinstance(size, list):
        known += f" at {' x '.join(map(str, size))} pixels"
    own = identity.get("accuracy")
    if isinstance(own, Mapping) and "value" in own:
        where = own["data"] if own.get("held_out") else f"{own['data']}, which it has learned"
        known += f", itself right on {_percent(own['value'])} of {where}"
    return [known]


def _percent(value: Any) -> str:
    return f"{100 * value:.1f} %" if isinstance(value, int | float) else "?"


def glance(material: Material) -> str:
    """Return one sentence on the run: steps, time, size, device."""
    plan = material.plan
    parameters = sum(sum(m.parameters.values()) for m in plan.modalities)
    parts = [f"{plural(len(plan.tasks), 'task')} from one latent space of {plan.dim} dimensions"]
    parts.append(f"{parameters:,} parameters")
    parts.append(f"{plan.train.steps:,} steps of {plan.train.batch} samples of {plan.train.on}")
    seconds = material.timings.get("training")
    if seconds:
        parts.append(f"trained in {_duration(seconds)}")
    return str(join(*(Html(p) for p in parts), between=", ")) + "."


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"
