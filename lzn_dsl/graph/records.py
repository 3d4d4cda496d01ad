"""What the nodes and edges of the task graph carry: typed, frozen records.

The graph is a `networkx.MultiDiGraph`; a node's record is its attribute `record`, an edge's is its
attribute `flow`. Node names are `kind:what`, such as `encoder:image`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    import networkx as nx

FlowKind = Literal["samples", "anchors", "latents", "features", "result", "trains", "judges"]


@dataclass(frozen=True)
class ColumnNode:
    """A column of a dataset."""

    dataset: str
    column: str
    kind: str
    facts: str


@dataclass(frozen=True)
class EncoderNode:
    """The encoder of a modality: samples to anchors."""

    modality: str
    component: str
    parameters: int


@dataclass(frozen=True)
class SpaceNode:
    """The shared latent space."""

    dim: int


@dataclass(frozen=True)
class DecoderNode:
    """The decoder of a modality: latents to samples."""

    modality: str
    component: str
    parameters: int


@dataclass(frozen=True)
class TaskNode:
    """A task, with the phrase that states it."""

    name: str
    phrase: str


@dataclass(frozen=True)
class StepNode:
    """One step of a task's routine; `detail` says its numbers, such as the share of a blend."""

    task: str
    id: str
    primitive: str
    modality: str | None
    detail: str = ""


@dataclass(frozen=True)
class ObjectiveNode:
    """An objective of training, with the reasons for it."""

    name: str
    kind: str
    modality: str
    other: str | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class MetricNode:
    """A metric of a task on a dataset."""

    metric: str
    task: str
    dataset: str


NodeRecord = (
    ColumnNode
    | EncoderNode
    | SpaceNode
    | DecoderNode
    | TaskNode
    | StepNode
    | ObjectiveNode
    | MetricNode
)

_R = TypeVar("_R", bound=NodeRecord)


@dataclass(frozen=True)
class Flow:
    """What passes along an edge."""

    kind: FlowKind
    label: str = ""


def record(graph: "nx.MultiDiGraph", node: str) -> NodeRecord:
    """Return the record of a node."""
    found: NodeRecord = graph.nodes[node]["record"]
    return found


def records(graph: "nx.MultiDiGraph", kind: type[_R]) -> dict[str, _R]:
    """Return the records of one kind by node name, in the order they were added."""
    return {n: d["record"] for n, d in graph.nodes(data=True) if isinstance(d["record"], kind)}
