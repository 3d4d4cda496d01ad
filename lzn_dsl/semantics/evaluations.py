"""Evaluations: which metric judges which task on which data."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.habits import here
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.diagnostics.suggest import Suggestion, suggest
from lzn_dsl.linking.names import as_written
from lzn_dsl.registry.entry import Capability, Kind
from lzn_dsl.registry.registry import Registry
from lzn_dsl.semantics.binding import Binder
from lzn_dsl.semantics.declarations import SEEN, UNSEEN
from lzn_dsl.semantics.extractors import check_extractors
from lzn_dsl.semantics.program import Dataset, Evaluation, Modality, Task
from lzn_dsl.syntax import tree

_DEFAULT_METRICS = (
    ("classification", "accuracy"),
    ("conditional_generation", "recognition"),
    ("generation", "frechet"),
    ("reconstruction", "reconstruction"),
    ("embedding", "linear_probe"),
)


def evaluations(
    statements: Iterable[tree.Statement],
    binder: Binder,
    table: Mapping[str, Task],
    data: Mapping[str, Dataset],
    modalities: Mapping[str, Modality],
    folder: Path,
) -> tuple[Evaluation, ...]:
    """Bind the evaluations of a program, whose relative paths start from `folder`.

    A program on the default data that states none gets the usual metric of each task.
    """
    stated = [s for s in statements if isinstance(s, tree.Evaluate)]
    if not stated and UNSEEN in data and not any(isinstance(s, tree.Data) for s in statements):
        return tuple(_default_evaluations(binder, table, data[UNSEEN], modalities))
    checked: list[Evaluation] = []
    for statement in stated:
        checked.extend(_evaluate(statement, binder, table, data, modalities, folder))
    return tuple(checked)


def shapes(task: Task, modalities: Mapping[str, Modality]) -> frozenset[str]:
    """Return what a task is to a metric: `classification`, `generation`, `reconstruction`, ...

    Nothing for what no metric judges: scores, rankings, and several rows for each row given.
    """
    output, inputs = task.output, {s.modality for s in task.inputs}
    if task.many > 1:
        return frozenset()
    if output.kind in ("latent", "anchor", "features"):
        return frozenset({"embedding"}) if inputs else frozenset()
    if output.kind != "sample":
        return frozenset()
    assert output.modality is not None
    if Capability.DISCRETE in modalities[output.modality].capabilities:
        return frozenset({"classification"}) if inputs else frozenset()
    if inputs == {output.modality}:
        return frozenset({"reconstruction"})
    discrete = [i for i in inputs if i and Capability.DISCRETE in modalities[i].capabilities]
    return frozenset({"generation", "conditional_generation"} if discrete else {"generation"})


def _evaluate(
    statement: tree.Evaluate,
    binder: Binder,
    table: Mapping[str, Task],
    data: Mapping[str, Dataset],
    modalities: Mapping[str, Modality],
    folder: Path,
) -> list[Evaluation]:
    task = table.get(statement.task.text)
    dataset = data.get(statement.data.text)
    if task is None:
        known = as_written({n: t.span for n, t in table.items()}, statement.task.span)
        binder.error(
            "LZN207",
            f"unknown task `{statement.task.text}`",
            statement.task.span,
            notes=[f"tasks: {', '.join(f'`{n}`' for n in known) or 'none'}"],
            hint=suggest(statement.task.text, known),
        )
    if dataset is None:
        binder.found.append(unknown_dataset(statement.data, data, binder.registry))
    bound: list[Evaluation] = []
    for call in statement.metrics:
        path = f"evaluate.{statement.task.text}.{statement.data.text}.{call.name.text}"
        metric = binder.component(Kind.METRIC, call, path)
        if metric is None or not check_extractors(metric, binder, folder, call.name.span):
            continue
        if task is None or dataset is None:
            continue
        if _judges(metric.name, task, modalities, binder, call.name.span) and _has_columns(
            task, dataset, binder, statement.data.span
        ):
            bound.append(Evaluation(task.name, dataset.name, metric, call.span))
    return bound


def unknown_dataset(name: tree.Name, data: Mapping[str, Dataset], registry: Registry) -> Diagnostic:
    """Say that the program names no dataset so, and how one is named."""
    names = as_written({n: d.span for n, d in data.items()}, name.span)
    known = ", ".join(f"`{n}`" for n in names) or "none"
    split = here("split", name.text) or name.text
    usual = {"train": SEEN, "test": UNSEEN}.get(split, "")
    hint = Suggestion(name.text, usual) if usual in names else suggest(name.text, names)
    if of_it := [f"`{n}`" for n, d in data.items() if d.component.name == name.text]:
        hint = f"use the name that the dataset has here: {' or '.join(of_it)}"
    elif registry.find(Kind.DATASET, name.text):
        hint = f"give it a name in a line above, as in `data NAME = {name.text}`, and use that"
    summary = f"no dataset is called `{name.text}`; the program has: {known}"
    return Diagnostic("LZN202", summary, name.span, hint=hint)


def _judges(
    metric: str, task: Task, modalities: Mapping[str, Modality], binder: Binder, span: Span
) -> bool:
    shape = shapes(task, modalities)
    if shape & binder.registry.get(Kind.METRIC, metric).measures:
        return True
    fitting = [
        e.name for e in binder.registry.entries if e.kind == Kind.METRIC and e.measures & shape
    ]
    usual = next((m for s, m in _DEFAULT_METRICS if s in shape and m in fitting), "")
    yields = f"it yields {task.output}" + (f", {task.many:,} for each row" * (task.many > 1))
    binder.error(
        "LZN308",
        f"`{metric}` cannot judge `{task.name}`, which is: {task.phrase}",
        span,
        notes=[
            yields,
            f"metrics that can: {', '.join(f'`{n}`' for n in sorted(fitting)) or 'none'}",
        ],
        hint=f"write `with {usual}`" if usual else "",
    )
    return False


def _has_columns(task: Task, dataset: Dataset, binder: Binder, span: Span) -> bool:
    needed = {s.modality for s in task.inputs if s.modality}
    needed |= {task.output.modality} if task.output.modality else set()
    missing = sorted(needed - set(dataset.info.columns))
    for name in missing:
        binder.error(
            "LZN309",
            f"`{dataset.name}` has no column `{name}`, which `{task.name}` needs",
            span,
            notes=[f"its columns: {', '.join(f'`{c}`' for c in dataset.info.columns)}"],
        )
    return not missing


def _default_evaluations(
    binder: Binder,
    table: Mapping[str, Task],
    dataset: Dataset,
    modalities: Mapping[str, Modality],
) -> Iterable[Evaluation]:
    for task in table.values():
        shape = shapes(task, modalities)
        name = next((metric for s, metric in _DEFAULT_METRICS if s in shape), None)
        if name is None:
            continue
        call = tree.Call(tree.Name(name, task.span), (), task.span)
        path = f"evaluate.{task.name}.{dataset.name}.{name}"
        metric = binder.component(Kind.METRIC, call, path)
        if metric is not None:
            yield Evaluation(task.name, dataset.name, metric, task.span)
