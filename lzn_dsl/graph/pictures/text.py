"""What the nodes of a picture say, in lines of text."""

from typing import assert_never

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
)

TIMES = "\u00d7"


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
    return f"{column.kind} {column.facts}".replace(" x ", f" {TIMES} ").strip()


def step_text(step: StepNode) -> str:
    """Say what a step does: an input its name, `encode label`, `prior`."""
    if step.primitive == "input":
        return step.id
    return f"{step.primitive} {step.modality}" if step.modality else step.primitive




def tip(record: NodeRecord) -> str:
    """Return what is shown when the pointer rests on a node."""
    text = "\n".join(lines(record))
    match record:
        case ObjectiveNode():
            return "\n".join([text, *(f"because {r}" for r in record.reasons if r != "stated")])
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
