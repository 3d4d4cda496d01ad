"""From the task graph to the plan."""

from lzn_dsl.graph.build import TaskGraph
from lzn_dsl.graph.passes.needs import sample_facts
from lzn_dsl.graph.passes.objectives import modules_of, trainers
from lzn_dsl.graph.passes.sharing import Op
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
from lzn_dsl.semantics.program import Task
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
                kind="align" if o.kind == "align" else "decode",
                modality=o.modality,
                other=o.other,
                settings=o.settings,
                reasons=o.reasons,
            )
            for o in objectives
        ),
        tasks=tuple(_task(graph, task) for task in program.tasks.values()),
        train=TrainPlan.model_validate({**program.train, "on": program.on}),
        evaluations=tuple(
            EvaluationPlan(task=e.task, data=e.data, metric=e.metric) for e in program.evaluations
        ),
        step=tuple(_op(op) for op in graph.ops),
        cost=graph.cost,
        origins=_origins(graph),
    )


def _modality(graph: TaskGraph, name: str) -> ModalityPlan:
    modality = graph.program.modalities[name]
    names = modality.component.settings.get("names")
    return ModalityPlan(
        name=name,
        component=modality.component,
        capabilities=tuple(sorted(str(c) for c in modality.capabilities)),
        condition=graph.objectives.conditions.get(name),
        sample=sample_facts(graph.program, name),
        names=tuple(str(n) for n in names) if isinstance(names, list) else (),
        parameters={part: cost.parameters for part, cost in graph.costs[name].items()},
    )


def _task(graph: TaskGraph, task: Task) -> TaskPlan:
    needs = modules_of(task, graph.objectives.conditions)
    objectives = graph.objectives.by_name
    training = {name for m in needs for name in trainers(m, graph.program, objectives)}
    return TaskPlan(
        name=task.name,
        phrase=task.phrase,
        verb=task.verb,
        inputs=tuple(s.id for s in task.inputs),
        output=TypePlan(kind=task.output.kind, modality=task.output.modality),
        steps=tuple(
            StepPlan(
                id=s.id,
                primitive=s.primitive,
                operands=s.operands,
                modality=s.modality,
            )
            for s in task.steps
        ),
        needs=needs,
        trained_by=tuple(name for name in objectives if name in training),
        unpaired=graph.objectives.paths.get(task.name, ()),
        **task.settings,
    )


def _op(op: Op) -> SharedOp:
    return SharedOp(
        id=op.id,
        op=op.kind,
        operands=tuple(o.id for o in op.operands),
        modality=op.modality,
        alpha=op.alpha,
        objective=op.objective,
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
