"""A checked program: every name resolved, every setting bound, every task typed."""

from dataclasses import dataclass, field

from pydantic import JsonValue

from lzn_dsl.diagnostics.source import Source, Span
from lzn_dsl.registry.entry import Capability, DatasetInfo
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component
from lzn_dsl.semantics.types import ValueType


@dataclass(frozen=True)
class Dataset:
    """A dataset that the program names, or the default one."""

    name: str
    component: Component
    info: DatasetInfo
    span: Span


@dataclass(frozen=True)
class Modality:
    """A column's type with its encoder and decoder, complete."""

    name: str
    component: Component
    capabilities: frozenset[Capability]
    span: Span


@dataclass(frozen=True)
class Step:
    """One typed step of a task; inputs are steps with the primitive `input`."""

    id: str
    primitive: str
    operands: tuple[str, ...]
    modality: str | None
    type: ValueType


@dataclass(frozen=True)
class Task:
    """A task: a phrase resolved to a verb and elaborated to typed steps, the last its result."""

    name: str
    phrase: str
    verb: str
    steps: tuple[Step, ...]
    settings: dict[str, JsonValue]
    span: Span

    @property
    def inputs(self) -> tuple[Step, ...]:
        """The steps that a caller provides."""
        return tuple(s for s in self.steps if s.primitive == "input")

    @property
    def output(self) -> ValueType:
        """Type of the task's result."""
        return self.steps[-1].type


@dataclass(frozen=True)
class Learn:
    """A stated objective: `align M with N` or `decode M`."""

    kind: str
    modality: str
    other: str | None
    settings: dict[str, JsonValue]
    span: Span


@dataclass(frozen=True)
class Evaluation:
    """A metric of a task on a dataset."""

    task: str
    data: str
    metric: Component
    span: Span


@dataclass(frozen=True)
class Program:
    """A whole program without errors.

    Attributes:
        unstated: Settings of each objective that the program does not state but may need.
        on: Name of the dataset it trains on.
        train: Complete settings of the `train` block.
        origins: Where each setting came from, by path.
    """

    source: Source
    title: str
    dim: int
    datasets: dict[str, Dataset]
    modalities: dict[str, Modality]
    tasks: dict[str, Task]
    learns: tuple[Learn, ...]
    unstated: dict[str, dict[str, JsonValue]]
    on: str
    train: dict[str, JsonValue]
    evaluations: tuple[Evaluation, ...]
    registry: Registry = field(repr=False)
    origins: dict[str, str] = field(repr=False)
