"""What is inside: modules, objectives, tasks, and the conditions of the run."""

import json
from collections.abc import Mapping

from lzn_runtime.report.markup import Child, Html, join, prose, table, tag
from lzn_runtime.report.material import Material
from lzn_runtime.report.section import Section
from lzn_runtime.report.sections.training import throughput


def inside(material: Material) -> Section:
    """Return tables of modules, objectives with their reasons, and tasks."""
    plan = material.plan
    rows: list[tuple[Child, ...]] = []
    for modality in plan.modalities:
        settings = modality.component.settings
        for part, count in modality.parameters.items():
            made_of = settings.get(part)
            kind = made_of.get("name") if isinstance(made_of, Mapping) else modality.component.name
            rows.append((f"{modality.name} {part}", str(kind), count))
    total = sum(sum(modality.parameters.values()) for modality in plan.modalities)
    rows.append((tag("b", "all"), "", total))
    objectives = [
        (tag("b", o.id), _settings(o.settings), _lines(o.reasons)) for o in plan.objectives
    ]
    tasks = [
        (tag("b", t.name), t.phrase, ", ".join(t.needs), _lines(t.trained_by)) for t in plan.tasks
    ]
    parts = (
        tag("h3", "Modules"),
        table(("module", "made of", "parameters"), rows),
        tag("h3", "Objectives"),
        table(("objective", "settings", "why it is there"), objectives),
        tag("h3", "Tasks"),
        table(("task", "phrase", "uses", "trained by"), tasks),
    )
    return Section("inside", "Inside", tag("div", *parts, class_="panel"))


def circumstances(material: Material) -> Section:
    """Return environment, timings and training settings."""
    rows: list[tuple[Child, ...]] = []
    for group, facts in material.environment.items():
        rows.append((tag("b", str(group)), _facts(facts)))
    times = [(name, Html(f"{seconds:.1f} s")) for name, seconds in material.timings.items()]
    rate = throughput(material.log)
    if rate is not None:
        times.append(("samples per second in training (median)", Html(f"{rate:,.0f}")))
    train = material.plan.train.model_dump(mode="json")
    parts = [
        tag("h3", "Times"),
        table(("phase", ""), list(times)) if times else tag("p", "not kept", class_="hint"),
        tag("h3", "Environment"),
        table(("", ""), rows) if rows else tag("p", "not kept", class_="hint"),
        tag(
            "details",
            tag("summary", "settings of the training, defaults filled in"),
            tag("pre", json.dumps(train, indent=1)),
        ),
    ]
    return Section("circumstances", "Circumstances", tag("div", *parts, class_="panel"))


def _facts(facts: object) -> str:
    if isinstance(facts, Mapping):
        return ", ".join(f"{name} {value}" for name, value in facts.items())
    if isinstance(facts, list | tuple):
        return " ".join(map(str, facts))
    return str(facts)


def _settings(settings: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {_short(value)}" for name, value in settings.items())


def _short(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)


def _lines(texts: tuple[str, ...]) -> Html:
    return join(*(tag("div", prose(text)) for text in texts))
