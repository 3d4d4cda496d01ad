"""From the task graph to the plan."""

from collections.abc import Callable, Collection, Iterable, Mapping

from lzn_dsl.graph.build import TaskGraph
from lzn_dsl.graph.passes.needs import sample_facts
from lzn_dsl.graph.passes.sharing import Op
from lzn_dsl.graph.passes.trained import modules_of, trainers
from lzn_dsl.planning.plan import (
    ColumnPlan,
    DatasetPlan,
    EvaluationPlan,
    ModalityPlan,
    ObjectivePlan,
    Plan,
    SharedOp,
    StepPlan,
    TaskPlan,
    TrainPlan,
    TypePlan,
)
from lzn_dsl.planning.verbs import plan_verb
from lzn_dsl.semantics.program import Program, Task
from lzn_dsl.version import __version__


def make_plan(graph: TaskGraph) -> Plan:
    """Return the plan of a program: complete, and all that the runtime is given."""
    program = graph.program
    objectives = graph.objectives.by_name.values()
    return Plan(
        version=__version__,
        title=program.title,
        dim=program.dim,
        datasets=tuple(
            DatasetPlan(
                name=d.name,
                component=d.component,
                columns={
                    n: ColumnPlan(kind=c.kind, facts=c.facts) for n, c in d.info.columns.items()
                },
                num_samples=d.info.num_samples,
            )
            for d in program.datasets.values()
        ),
        modalities=tuple(_modality(graph, name) for name in graph.modalities),
        objectives=tuple(
            ObjectivePlan(
                id=o.name,
                kind=o.kind,
                method=o.method,
                modality=o.modality,
                other=o.other,
                settings=o.settings,
                reasons=o.reasons,
            )
            for o in objectives
        ),
        tasks=tuple(_task(graph, task) for task in program.tasks.values()),
        verbs=tuple(plan_verb(verb) for verb in program.verbs),
        numbers=program.numbers,
        train=_train(program),
        evaluations=tuple(
            EvaluationPlan(task=e.task, data=e.data, metric=e.metric) for e in program.evaluations
        ),
        step=tuple(_op(op) for op in graph.ops),
        cost=graph.cost,
        origins=_origins(graph),
        parameters=program.parameters,
    )


def _train(program: Program) -> TrainPlan:
    modules = {name: module.settings for name, module in program.modules.items()}
    return TrainPlan.model_validate({**program.train, "on": program.on, "modules": modules})


def _modality(graph: TaskGraph, name: str) -> ModalityPlan:
    modality = graph.program.modalities[name]
    names = modality.component.settings.get("names")
    return ModalityPlan(
        name=name,
        component=modality.component,
        capabilities=tuple(sorted(str(c) for c in modality.capabilities)),
        condition=graph.objectives.conditions.get(name),
        latents=name not in graph.objectives.blind,
        sample=sample_facts(graph.program, name),
        names=tuple(str(n) for n in names) if isinstance(names, list) else (),
        parameters={part: cost.parameters for part, cost in graph.costs[name].items()},
    )


def plan_task(
    task: Task,
    conditions: Mapping[str, str],
    blind: Collection[str],
    training: Callable[[str], Iterable[str]],
    unpaired: tuple[str, ...] = (),
) -> TaskPlan:
    """Return the plan of a task.

    Args:
        task: The task.
        conditions: The discrete modality that a modality's decoder is told, by modality.
        blind: Modalities whose decoder is told no latents.
        training: Names of the objectives that train a module.
        unpaired: The modalities on the way, where no data pairs input and output.
    """
    needs = modules_of(task.steps, conditions, blind)
    return TaskPlan(
        name=task.name,
        phrase=task.phrase,
        verb=task.verb,
        method=task.method.name,
        inputs=tuple(s.id for s in task.inputs),
        output=TypePlan(kind=task.output.kind, modality=task.output.modality),
        many=task.many,
        steps=tuple(
            StepPlan(
                id=s.id,
                primitive=s.primitive,
                operands=s.operands,
                modality=s.modality,
                numbers=s.numbers,
                many=s.many,
                alpha=s.alpha,
                sampler=s.sampler,
            )
            for s in task.steps
        ),
        needs=needs,
        trained_by=tuple(dict.fromkeys(name for m in needs for name in training(m))),
        unpaired=unpaired,
        **task.settings,
    )


def _task(graph: TaskGraph, task: Task) -> TaskPlan:
    objectives = graph.objectives
    made = plan_task(
        task,
        objectives.conditions,
        objectives.blind,
        lambda module: trainers(module, graph.program, objectives.by_name),
        objectives.paths.get(task.name, ()),
    )
    used = tuple(name for name in objectives.by_name if name in made.trained_by)
    return made.model_copy(update={"trained_by": used})


def _op(op: Op) -> SharedOp:
    return SharedOp(
        id=op.id,
        op=op.kind,
        operands=tuple(o.id for o in op.operands),
        modality=op.modality,
        alpha=op.alpha,
        objective=op.objective,
        view=op.view,
    )


def _origins(graph: TaskGraph) -> dict[str, str]:
    program = graph.program
    kept = {f"learn.{name}" for name in graph.objectives.by_name}
    kept |= {f"modality.{name}" for name in graph.modalities}

    def relevant(path: str) -> bool:
        kind = path.split(".", 1)[0]
        if kind not in ("learn", "modality"):
            return True
        return any(path.startswith(f"{prefix}.") for prefix in kept)

    return {path: origin for path, origin in program.origins.items() if relevant(path)}
