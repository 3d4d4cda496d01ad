"""The task graph of a program: data, encoders, the space, decoders, tasks, objectives, metrics."""

from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.graph.passes.cost import estimate
from lzn_dsl.graph.passes.needs import find_needs
from lzn_dsl.graph.passes.objectives import Objectives
from lzn_dsl.graph.passes.sharing import Op, expand, share
from lzn_dsl.graph.passes.sources import uses
from lzn_dsl.graph.records import (
    ColumnNode,
    DecoderNode,
    EncoderNode,
    Flow,
    FlowKind,
    MetricNode,
    NodeRecord,
    ObjectiveNode,
    SpaceNode,
    StepNode,
    TaskNode,
)
from lzn_dsl.planning.plan import CostPlan
from lzn_dsl.registry.brief import module_name
from lzn_dsl.registry.entry import Capability, Column, Cost
from lzn_dsl.semantics.program import Program, Step, Task


@dataclass(frozen=True)
class TaskGraph:
    """A program as a graph, with what the passes over it found.

    Attributes:
        program: The program it was built from.
        graph: Typed records on nodes and edges; see `lzn_dsl.graph.records`.
        objectives: What is to be learned, and why.
        ops: The training step, equal operations merged, in an order in which they can run.
        modalities: Names of the modalities that the tasks and objectives use.
        cost: Estimated cost of a training step.
        costs: Cost per sample of each modality's modules.
    """

    program: Program
    graph: nx.MultiDiGraph
    objectives: Objectives
    ops: tuple[Op, ...]
    modalities: tuple[str, ...]
    cost: CostPlan
    costs: Mapping[str, Mapping[str, Cost]]


def build_graph(program: Program) -> tuple[TaskGraph | None, tuple[Diagnostic, ...]]:
    """Build the graph of a program and run its passes; None where there are errors."""
    found: list[Diagnostic] = []
    needs = find_needs(program, found)
    if needs is None:
        return None, tuple(found)
    objectives, used, costs = needs
    ops = share(
        expand(o, program, objectives.conditions.get(o.modality))
        for o in objectives.by_name.values()
    )
    cost = estimate(program, objectives.by_name, ops, costs)
    graph = _draw(program, objectives, used, costs)
    return TaskGraph(program, graph, objectives, ops, used, cost, costs), ()


def _draw(
    program: Program,
    objectives: Objectives,
    used: tuple[str, ...],
    costs: Mapping[str, Mapping[str, Cost]],
) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph(title=program.title)
    _node(graph, "space", SpaceNode(program.dim))
    for name in used:
        _draw_modality(graph, program, name, costs[name])
    for task in program.tasks.values():
        _draw_task(graph, task)
    for o in objectives.by_name.values():
        record = ObjectiveNode(o.name, o.kind, o.modality, o.other, o.reasons)
        _node(graph, f"objective:{o.name}", record)
        for module in o.trains:
            modality, part = module.split(".")
            _edge(graph, f"objective:{o.name}", f"{part}:{modality}", "trains")
    for e in program.evaluations:
        name = f"metric:{e.task}.{e.data}.{e.metric.name}"
        _node(graph, name, MetricNode(e.metric.name, e.task, e.data))
        _edge(graph, f"task:{e.task}", name, "judges")
    return graph


def _draw_modality(
    graph: nx.MultiDiGraph, program: Program, name: str, costs: Mapping[str, Cost]
) -> None:
    data = program.datasets[program.on]
    modality = program.modalities[name]
    discrete = Capability.DISCRETE in modality.capabilities
    part = module_name(modality.component, "encoder", discrete=discrete)
    _node(graph, f"encoder:{name}", EncoderNode(name, part, costs["encoder"].parameters))
    _edge(graph, f"encoder:{name}", "space", "anchors", "anchors")
    if name in data.info.columns:
        column = data.info.columns[name]
        source = f"column:{data.name}.{name}"
        _node(graph, source, ColumnNode(data.name, name, column.kind, _facts(column)))
        _edge(graph, source, f"encoder:{name}", "samples", name)
    if "decoder" in costs:
        part = module_name(modality.component, "decoder", discrete=discrete)
        _node(graph, f"decoder:{name}", DecoderNode(name, part, costs["decoder"].parameters))
        _edge(graph, "space", f"decoder:{name}", "latents", "latents")


def _facts(column: Column) -> str:
    """Say what is known of a column's samples: `28 x 28 x 1`, `10 classes`."""
    facts = {name: str(value) for name, value in column.facts.items() if isinstance(value, int)}
    if len(facts) == 1:
        return " ".join((*facts.values(), *facts))
    return " x ".join(facts.values())


def _draw_task(graph: nx.MultiDiGraph, task: Task) -> None:
    _node(graph, f"task:{task.name}", TaskNode(task.name, task.phrase))
    types = {s.id: s.type for s in task.steps}
    many = {s.id: s.many for s in task.steps}
    for step in task.steps:
        name = f"step:{task.name}.{step.id}"
        rows = max((many[operand] for operand in step.operands), default=1)
        detail = _detail(step, step.many // rows)
        _node(graph, name, StepNode(task.name, step.id, step.primitive, step.modality, detail))
        for operand in step.operands:
            given = types[operand]
            flow: FlowKind = "samples" if given.kind == "sample" else "latents"
            _edge(graph, f"step:{task.name}.{operand}", name, flow, given.modality or given.kind)
    for step, modality, part in uses(task.steps):
        _edge(graph, f"{part}:{modality}", f"step:{task.name}.{step.id}", "features", "uses")
    last = task.steps[-1]
    label = last.type.modality or "" if last.type.kind == "sample" else last.type.kind
    _edge(graph, f"step:{task.name}.{last.id}", f"task:{task.name}", "result", label)


def _detail(step: Step, times: int) -> str:
    """Say the numbers of a step: the share of a blend, how often something is drawn."""
    if step.numbers:
        return ", ".join(f"{number:g}" for number in step.numbers)
    return f"{times} times" if times > 1 else ""


def _node(graph: nx.MultiDiGraph, name: str, record: NodeRecord) -> None:
    graph.add_node(name, record=record)


def _edge(
    graph: nx.MultiDiGraph, source: str, target: str, kind: FlowKind, label: str = ""
) -> None:
    graph.add_edge(source, target, flow=Flow(kind, label))
