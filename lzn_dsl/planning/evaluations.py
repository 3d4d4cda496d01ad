"""Evaluations of a trained model: those of its plan, and others that are written out."""

from collections.abc import Collection
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError
from lzn_dsl.diagnostics.source import Source, Span
from lzn_dsl.diagnostics.suggest import suggest
from lzn_dsl.planning.expressions import read_task
from lzn_dsl.planning.plan import EvaluationPlan, Plan
from lzn_dsl.registry.entry import Capability, Column, DatasetInfo
from lzn_dsl.registry.registry import Registry
from lzn_dsl.semantics.binding import Binder
from lzn_dsl.semantics.evaluations import evaluations
from lzn_dsl.semantics.program import Dataset, Modality
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.parser import parse

_WORD = "evaluate"


def plan_evaluations(
    plan: Plan, text: str, registry: Registry, folder: Path = Path()
) -> tuple[EvaluationPlan, ...]:
    """Return what an `evaluate` statement asks of a plan, such as `gist on unseen with knn(k: 5)`.

    Its word `evaluate` may be left out. It passes the checks of a program's own statements; its
    relative paths start from `folder`.

    Raises SpecError where it is no such statement (LZN808), or does not fit the plan.
    """
    stated = text if text.split()[:1] == [_WORD] else f"{_WORD} {text}"
    source = Source("<evaluation>", stated)
    file, mistakes = parse(source)
    if mistakes:
        raise SpecError(mistakes)
    statements = [s for s in file.statements if isinstance(s, tree.Evaluate)]
    if len(statements) != 1 or len(file.statements) != 1:
        raise SpecError(
            Diagnostic(
                "LZN808", f"`{text}` is not one evaluation", hint="write `TASK on DATA with METRIC`"
            )
        )
    binder = Binder(registry, _constants(plan))
    tasks = {task.name: read_task(task) for task in plan.tasks}
    asked = evaluations(statements, binder, tasks, _datasets(plan), _modalities(plan), folder)
    if binder.found:
        raise SpecError(binder.found)
    return tuple(EvaluationPlan(task=e.task, data=e.data, metric=e.metric) for e in asked)


def choose_evaluations(
    plan: Plan, *, tasks: Collection[str] = (), metrics: Collection[str] = ()
) -> tuple[EvaluationPlan, ...]:
    """Return the evaluations of a plan that are of these tasks and metrics; of all where empty.

    Raises SpecError where there is none (LZN808).
    """
    of_task, of_metric = set(tasks), set(metrics)
    found = tuple(
        e
        for e in plan.evaluations
        if (not of_task or e.task in of_task) and (not of_metric or e.metric.name in of_metric)
    )
    if found and of_task <= {e.task for e in found} and of_metric <= {e.metric.name for e in found}:
        return found
    asked = [f"`--task {t}`" for t in tasks] + [f"`--metric {m}`" for m in metrics]
    known = [f"{e.metric.name} of {e.task} on {e.data}" for e in plan.evaluations]
    words = {e.task for e in plan.evaluations} | {e.metric.name for e in plan.evaluations}
    missing = next((w for w in (*tasks, *metrics) if w not in words), "")
    of = f" of {' and '.join(asked)}" if asked else ""
    raise SpecError(
        Diagnostic(
            "LZN808",
            f"the run has no evaluation{of}",
            notes=(f"its evaluations: {', '.join(known) or 'none'}",),
            hint=suggest(missing, words) or 'write one out: "TASK on DATA with METRIC"',
        )
    )


def _constants(plan: Plan) -> dict[str, tree.Let]:
    """Return the plan's numbers as a program defines them."""
    found = {}
    for name, number in plan.numbers.items():
        span = Span(Source("<run>", f"let {name} = {number}"), 0, len("let"))
        found[name] = tree.Let(tree.Name(name, span), tree.Literal(number, span), span)
    return found


def _datasets(plan: Plan) -> dict[str, Dataset]:
    return {
        d.name: Dataset(
            d.name,
            d.component,
            DatasetInfo(
                {name: Column(c.kind, dict(c.facts)) for name, c in d.columns.items()},
                d.num_samples,
            ),
            _place(d.name),
        )
        for d in plan.datasets
    }


def _modalities(plan: Plan) -> dict[str, Modality]:
    return {
        m.name: Modality(
            m.name,
            m.component,
            frozenset(Capability(capability) for capability in m.capabilities),
            _place(m.name),
        )
        for m in plan.modalities
    }


def _place(name: str) -> Span:
    return Span(Source("<run>", name), 0, len(name))
