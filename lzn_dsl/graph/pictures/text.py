"""What the nodes of a picture say, in lines of text."""

import re
from typing import assert_never

import networkx as nx

from lzn_dsl.graph.quantities import parameters
from lzn_dsl.graph.records import (
    ColumnNode,
    DecoderNode,
    EncoderNode,
    MetricNode,
    NodeRecord,
    ObjectiveNode,
    SpaceNode,
    StepNode,
    TaskNode,
    records,
)

TIMES = "\u00d7"

# Controls (but not line ends), marks that turn the direction of writing, and what is no character.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def visible(text: str) -> str:
    """Replace characters that cannot be seen and that could change how the rest is read."""
    return _UNSEEN.sub("\ufffd", text)


def lines(record: NodeRecord) -> tuple[str, ...]:
    """Return the lines of a node, the first its name."""
    match record:
        case ColumnNode():
            return record.column, facts(record)
        case EncoderNode() | DecoderNode():
            return record.modality, record.component, parameters(record.parameters)
        case SpaceNode():
            plural = "s" if record.dim != 1 else ""
            return "latent space", "N(0, I)", f"{record.dim} dimension{plural}"
        case TaskNode():
            return record.name, record.phrase
        case StepNode():
            return (step_text(record),)
        case ObjectiveNode():
            return (record.name,)
        case MetricNode():
            return (f"{record.metric} on {record.dataset}",)
        case _:
            assert_never(record)


def facts(column: ColumnNode) -> str:
    """Say what a column holds: `image 28 x 28 x 1`, with signs of multiplication."""
    kind = column.kind if column.kind != column.column or not column.facts else ""
    return f"{kind} {column.facts}".replace(" x ", f" {TIMES} ").strip()


def because(objective: ObjectiveNode) -> str:
    """Say why an objective is there, in one line without quotes."""
    inferred = [reason for reason in objective.reasons if reason != "stated"]
    return "; ".join(inferred or ["stated in the program"]).replace("`", "")


def step_text(step: StepNode) -> str:
    """Say what a step does: an input its name, `encode label`, `blend 0.6`, `prior`."""
    if step.primitive == "input":
        return step.id
    return " ".join(part for part in (step.primitive, step.modality, step.detail) if part)


def tip(record: NodeRecord) -> str:
    """Return what is shown when the pointer rests on a node."""
    text = "\n".join(lines(record))
    match record:
        case ObjectiveNode():
            return "\n".join([text, *record.reasons])
        case ColumnNode():
            return f"{text}\ncolumn of {record.dataset}"
        case EncoderNode():
            return f"encoder of {text}"
        case DecoderNode():
            return f"decoder of {text}"
        case MetricNode():
            return f"{text}: judges {record.task}"
        case _:
            return text


def summary(graph: nx.MultiDiGraph) -> str:
    """Say in a line what a graph holds."""
    modules: list[EncoderNode | DecoderNode] = [*records(graph, EncoderNode).values()]
    modules += records(graph, DecoderNode).values()
    return ", ".join(
        [
            _counted(len({module.modality for module in modules}), "modality", "modalities"),
            _counted(len(records(graph, TaskNode)), "task", "tasks"),
            _counted(len(records(graph, ObjectiveNode)), "objective", "objectives"),
            parameters(sum(module.parameters for module in modules)),
        ]
    )


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
