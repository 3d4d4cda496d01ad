"""LZNW20x: tasks and modalities that nothing judges, trains or needs."""

from collections.abc import Iterator

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Edit, Fix
from lzn_dsl.graph.passes.sources import crossings, modules
from lzn_dsl.graph.passes.trained import modules_of
from lzn_dsl.lint.deletion import delete_setting, delete_statement
from lzn_dsl.lint.finding import warning
from lzn_dsl.lint.places import find_argument, find_setting, is_here, task_statements
from lzn_dsl.lint.rule import Checked, ProgramRule
from lzn_dsl.registry.entry import Capability, Kind
from lzn_dsl.semantics.evaluations import shapes
from lzn_dsl.semantics.primitives import PRIMITIVES
from lzn_dsl.semantics.program import Program, Task
from lzn_dsl.syntax import tree


def unjudged(checked: Checked) -> Iterator[Diagnostic]:
    """Find tasks that use a module which no evaluated task uses."""
    program = checked.program
    measurable = {
        shape for e in program.registry.entries if e.kind == Kind.METRIC for shape in e.measures
    }
    told, blind = checked.objectives.conditions, checked.objectives.blind
    if not program.evaluations:
        yield from _nothing_judged(program, measurable)
        return
    judged = {
        module
        for evaluation in program.evaluations
        for module in modules_of(program.tasks[evaluation.task].steps, told, blind)
    }
    for task in program.tasks.values():
        alone = [m for m in modules_of(task.steps, told, blind) if m not in judged]
        if alone and shapes(task, program.modalities) & measurable:
            names = " and ".join(f"`{m}`" for m in alone)
            yield warning(
                "LZNW201",
                f"nothing judges {names}, which `{task.name}` uses",
                task.span,
                label="no evaluation has a part in it",
                hint=f"judge it on held-out data: `evaluate {task.name} on DATA with METRIC`",
            )


def _nothing_judged(program: Program, measurable: set[str]) -> Iterator[Diagnostic]:
    judgeable = (t for t in program.tasks.values() if shapes(t, program.modalities) & measurable)
    task = next(judgeable, None)
    if task is not None:
        yield warning(
            "LZNW201",
            "the program judges none of its tasks",
            task.span,
            label="no evaluation has a part in it",
            hint=f"judge it on held-out data: `evaluate {task.name} on DATA with METRIC`",
        )


def idle_modalities(checked: Checked) -> Iterator[Diagnostic]:
    """Find `modality` statements of modalities that no task and no objective uses."""
    program, objectives = checked.program, checked.objectives
    used = {step.modality for task in program.tasks.values() for step in task.steps}
    used |= set(objectives.conditions.values())
    for objective in objectives.by_name.values():
        used |= {objective.modality, objective.other}
    for statement in _modality_statements(checked.file):
        name = statement.name.text
        if name not in used:
            yield warning(
                "LZNW202",
                f"no task and no objective uses `{name}`",
                statement.name.span,
                label="its encoder is not trained",
                hint=f"add a task with `{name}`, or remove the statement",
                fix=delete_statement(statement, "remove the statement", safe=False),
            )


def idle_decoders(checked: Checked) -> Iterator[Diagnostic]:
    """Find decoders that a program sets up and no task or objective uses."""
    used = {o.modality for o in checked.objectives.by_name.values() if o.kind == "decode"}
    for statement in _modality_statements(checked.file):
        argument = find_argument(statement.component, "decoder", ())
        if argument is None or statement.name.text in used:
            continue
        value = argument.value
        if isinstance(value, tree.Reference) and value.name.text == "none":
            continue
        none = Fix("write `decoder: none`", (Edit(value.span, "none"),), safe=False)
        yield warning(
            "LZNW203",
            f"no task decodes `{statement.name.text}`",
            argument.span,
            label="this decoder is neither trained nor used",
            hint=f"add a task that yields `{statement.name.text}`",
            fix=none,
        )


def unaligned(checked: Checked) -> Iterator[Diagnostic]:
    """Find tasks between two modalities whose alignment has the weight 0."""
    objectives = checked.objectives
    joined = {frozenset((o.modality, o.other)) for o in objectives.by_name.values()}
    for task in checked.program.tasks.values():
        for source, target in crossings(task.steps):
            if target in objectives.blind or _reachable(source, target, joined):
                continue
            yield warning(
                "LZNW204",
                f"`{task.name}` goes from `{source}` to `{target}`, which nothing aligns",
                task.span,
                label="what it yields has nothing to do with what it is given",
                hint=f"give `learn align {source} with {target}` a weight above 0",
            )


def repeated(checked: Checked) -> Iterator[Diagnostic]:
    """Find tasks that do what an earlier one does, with the same settings."""
    first: dict[object, Task] = {}
    for task in checked.program.tasks.values():
        earlier = first.setdefault((task.steps, repr(sorted(task.settings.items()))), task)
        if earlier is not task:
            yield warning(
                "LZNW205",
                f"`{task.name}` does the same as `{earlier.name}`",
                task.span,
                hint="remove one of them, or give them different settings",
            )


def idle_settings(checked: Checked) -> Iterator[Diagnostic]:
    """Find settings of tasks that their steps do not look at."""
    statements = task_statements(checked.file)
    for task in checked.program.tasks.values():
        statement = statements.get(task.span)
        if statement is None or not is_here(task.span, checked.file):
            continue
        for key, why in _idle(task, checked.program):
            setting = find_setting(statement.settings, key)
            if setting is not None:
                edit, safe = delete_setting(statement, setting)
                yield warning(
                    "LZNW206",
                    f"`{key}` has no effect on `{task.name}`",
                    setting.span,
                    label=why,
                    fix=Fix(f"remove `{key}`", (edit,), safe),
                )


def _idle(task: Task, program: Program) -> Iterator[tuple[str, str]]:
    primitives = (PRIMITIVES[s.primitive] for s in task.steps if s.primitive != "input")
    if not any(primitive.draws and primitive.uses for primitive in primitives):
        yield "alpha", "no sample is encoded with noise of its own"
    decoded = {modality for modality, part in modules(task.steps) if part == "decoder"}
    if all(Capability.DISCRETE in program.modalities[m].capabilities for m in decoded):
        yield "sampler", "nothing is drawn by a sampler"


def _reachable(source: str, target: str, joined: set[frozenset[str | None]]) -> bool:
    """Whether a chain of aligned pairs leads from one modality to another."""
    reached = {source}
    while True:
        more = {name for pair in joined if pair & reached for name in pair if name} - reached
        if not more:
            return target in reached
        reached |= more


def _modality_statements(file: tree.File) -> Iterator[tree.Modality]:
    return (s for s in file.statements if isinstance(s, tree.Modality))


def not_named(checked: Checked) -> Iterator[Diagnostic]:
    """Find tasks that have a metric and no evaluation of their own."""
    program = checked.program
    judged = {evaluation.task for evaluation in program.evaluations}
    metrics = [e for e in program.registry.entries if e.kind == Kind.METRIC]
    for task in program.tasks.values():
        shape = shapes(task, program.modalities)
        fitting = sorted(e.name for e in metrics if e.measures & shape)
        if task.name not in judged and fitting:
            yield warning(
                "LZNW904",
                f"no evaluation names the task `{task.name}`",
                task.span,
                notes=(f"metrics that can judge it: {', '.join(f'`{n}`' for n in fitting)}",),
            )


RULES = (
    ProgramRule("LZNW201", unjudged),
    ProgramRule("LZNW202", idle_modalities),
    ProgramRule("LZNW203", idle_decoders),
    ProgramRule("LZNW204", unaligned),
    ProgramRule("LZNW205", repeated),
    ProgramRule("LZNW206", idle_settings),
    ProgramRule("LZNW904", not_named, pedantic=True),
)
