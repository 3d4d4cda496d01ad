"""Expressions over a trained model: a task made of the tasks, verbs and modalities of its plan."""

from collections.abc import Iterator

from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError
from lzn_dsl.diagnostics.source import Source, Span
from lzn_dsl.graph.passes.sources import crossings
from lzn_dsl.planning.make import plan_task
from lzn_dsl.planning.plan import Plan, TaskPlan
from lzn_dsl.planning.verbs import read_verb
from lzn_dsl.semantics.abilities import Abilities
from lzn_dsl.semantics.names import Abandoned, Budget, Names
from lzn_dsl.semantics.primitives import PRIMITIVES
from lzn_dsl.semantics.program import Step, Task
from lzn_dsl.semantics.settings import TaskSettings
from lzn_dsl.semantics.tasks import assemble, verb_of
from lzn_dsl.semantics.types import ValueType, result_type
from lzn_dsl.semantics.verbs import VerbTable, prelude
from lzn_dsl.syntax.parser import parse_expression


def plan_expression(plan: Plan, text: str) -> TaskPlan:
    """Return the task that an expression stands for, such as `name (draw label)`.

    The expression is its name. Where it is the name of a task, that task is returned.

    Raises:
        SpecError: It is not an expression, names what the plan does not have, does not fit
            together, or needs what the plan did not train (LZN406).
    """
    for known in plan.tasks:
        if known.name == text:
            return known
    source = Source("<expression>", text)
    expression, mistakes = parse_expression(source)
    if expression is None:
        raise SpecError(mistakes)
    found: list[Diagnostic] = []
    settings = TaskSettings().model_dump(mode="json")
    names = _names(plan)
    try:
        steps = assemble(text, expression, names, found, Budget(), settings=settings)
    except Abandoned:
        raise SpecError(found) from None
    span = Span(source, 0, len(text))
    task = Task(text, text, verb_of(expression, names), steps, settings, span)
    conditions = {m.name: m.condition for m in plan.modalities if m.condition}
    blind = {m.name for m in plan.modalities if not m.latents}
    made = plan_task(task, conditions, blind, lambda module: _trainers(plan, module))
    found += _untrained(plan, made, span)
    found += _unaligned(plan, steps, span)
    if found:
        raise SpecError(found)
    return made


def _names(plan: Plan) -> Names:
    return Names(
        abilities={
            m.name: Abilities(frozenset(m.capabilities), m.component.name) for m in plan.modalities
        },
        verbs=VerbTable((*prelude(), *(read_verb(verb) for verb in plan.verbs))),
        tasks=[task.name for task in plan.tasks],
        task=lambda name: read_task(plan.task(name.text)),
        number=plan.numbers.get,
    )


def read_task(plan: TaskPlan) -> Task:
    """Return a task of the plan as the checker knows it, with the types of its steps."""
    source = Source("<run>", f"task {plan.name} = {plan.phrase}")
    span = Span(source, len("task "), len("task ") + len(plan.name))
    steps: dict[str, Step] = {}
    for step in plan.steps:
        if step.primitive == "input":
            kind = ValueType("sample", step.modality)
        else:
            result = PRIMITIVES[step.primitive].result
            assert result is not None, step
            kind = result_type(result, step.modality)
        steps[step.id] = Step(
            step.id,
            step.primitive,
            step.operands,
            step.modality,
            kind,
            step.numbers,
            step.many,
            step.alpha,
            step.sampler,
        )
    return Task(plan.name, plan.phrase, plan.verb, tuple(steps.values()), {}, span)


def _trainers(plan: Plan, module: str) -> Iterator[str]:
    """Return the names of the objectives that train a module."""
    modality, part = module.rsplit(".", 1)
    # The decoder of a discrete modality reads the flow of its anchors: its encoder is all it has.
    zones = part == "decoder" and "discrete" in plan.modality(modality).capabilities
    for objective in plan.objectives:
        both = (objective.modality, objective.other)
        if objective.kind == "decode":
            own = objective.modality == modality
            trained = own and (part == "decoder" or plan.modality(modality).latents)
        else:
            reads = objective.kind == "align" if zones else part == "encoder"
            trained = modality in both and reads
        if trained:
            yield objective.id


def _untrained(plan: Plan, task: TaskPlan, span: Span) -> Iterator[Diagnostic]:
    lacking = [module for module in task.needs if not list(_trainers(plan, module))]
    if lacking:
        names = " and ".join(f"`{module}`" for module in lacking)
        yield Diagnostic(
            "LZN406",
            f"nothing trained {names}, which this uses",
            span,
            hint="train a program that has it as a task",
        )


def _unaligned(plan: Plan, steps: tuple[Step, ...], span: Span) -> Iterator[Diagnostic]:
    kinds = ("align", "classify")
    joined = [{o.modality, str(o.other)} for o in plan.objectives if o.kind in kinds]
    for source, target in crossings(steps):
        read = plan.modality(target)
        if read.condition == source and not read.latents:  # it is told the class itself
            continue
        reached, size = {source}, 0
        while size < len(reached):
            size = len(reached)
            reached |= {m for pair in joined if pair & reached for m in pair}
        if target not in reached:
            yield Diagnostic(
                "LZN406",
                f"nothing aligned `{source}` with `{target}`, and this goes from one to the other",
                span,
                hint="train a program that has it as a task",
            )
