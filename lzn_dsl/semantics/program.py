"""A checked program: every name resolved, every setting bound, every task typed."""

from dataclasses import dataclass, field

from pydantic import JsonValue

from lzn_dsl.diagnostics.source import Source, Span
from lzn_dsl.registry.builtin.methods import LATENT_ZONING
from lzn_dsl.registry.entry import Capability, DatasetInfo
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component
from lzn_dsl.semantics.types import ValueType
from lzn_dsl.syntax import tree


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
    """One typed step of a task; inputs are steps with the primitive `input`.

    Attributes:
        id: Name of its value within the task.
        primitive: `input`, or a primitive of the language.
        operands: Steps that it is applied to, in order.
        modality: The modality it works for; None for what works on latents alone.
        type: What it yields.
        numbers: Its operands that are numbers, in order.
        many: Rows that it yields for each row the task is given.
        alpha: Scale of own noise, of a step that draws from a zone.
        sampler: Sampler in place of the decoder's own, of a step that runs a decoder.
    """

    id: str
    primitive: str
    operands: tuple[str, ...]
    modality: str | None
    type: ValueType
    numbers: tuple[float, ...] = ()
    many: int = 1
    alpha: float = 1.0
    sampler: Component | None = field(default=None, hash=False)


@dataclass(frozen=True)
class Task:
    """A task: an expression elaborated to typed steps, the last its result.

    `verb` is the verb or task that is applied last, empty where that is a primitive; `method` is by
    what it is trained.
    """

    name: str
    phrase: str
    verb: str
    steps: tuple[Step, ...]
    settings: dict[str, JsonValue]
    span: Span
    method: Component = field(default_factory=lambda: Component(name=LATENT_ZONING))

    @property
    def inputs(self) -> tuple[Step, ...]:
        """The steps that a caller provides."""
        return tuple(s for s in self.steps if s.primitive == "input")

    @property
    def output(self) -> ValueType:
        """Type of the task's result."""
        return self.steps[-1].type

    @property
    def many(self) -> int:
        """Rows of the result for each row that the task is given."""
        return self.steps[-1].many


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
class ModuleTraining:
    """How one module trains, where that differs from the rest; the settings are complete."""

    settings: dict[str, JsonValue]
    span: Span


@dataclass(frozen=True)
class Program:
    """A whole program without errors.

    Attributes:
        verbs: The verbs that it defines, beside the built-in ones.
        numbers: Its constants that are numbers.
        unstated: Settings of each objective that the program does not state but may need.
        on: Name of the dataset it trains on.
        train: Complete settings of the `train` block.
        modules: What is said of single modules, such as `image.decoder`.
        origins: Where each setting came from, by path.
        parameters: Values of the parameters, by name.
    """

    source: Source
    title: str
    dim: int
    datasets: dict[str, Dataset]
    modalities: dict[str, Modality]
    tasks: dict[str, Task]
    verbs: tuple[tree.Verb, ...]
    numbers: dict[str, float]
    learns: tuple[Learn, ...]
    unstated: dict[str, dict[str, JsonValue]]
    on: str
    train: dict[str, JsonValue]
    evaluations: tuple[Evaluation, ...]
    registry: Registry = field(repr=False)
    origins: dict[str, str] = field(repr=False)
    parameters: dict[str, JsonValue] = field(default_factory=dict)
    modules: dict[str, ModuleTraining] = field(default_factory=dict)
