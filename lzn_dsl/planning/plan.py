"""The plan: the only thing that crosses from the language to the runtime.

Frozen, complete (every default is filled in), JSON in and out. The runtime never sees syntax, and
another backend could read the same plan. `origins` says where each value came from.
"""

from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from lzn_dsl.registry.builtin.methods import LATENT_ZONING
from lzn_dsl.registry.entry import ObjectiveKind
from lzn_dsl.registry.settings import Component

_T = TypeVar("_T")


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnPlan(_Record):
    """A column of a dataset: the modality kind of its values and what is known of them."""

    kind: str
    facts: dict[str, JsonValue]


class DatasetPlan(_Record):
    """A dataset that the program names."""

    name: str
    component: Component
    columns: dict[str, ColumnPlan]
    num_samples: int | None = None


class ModalityPlan(_Record):
    """A data type with its encoder and decoder; its name is the column's name.

    Attributes:
        component: Kind and complete settings.
        capabilities: What it can do: `encodable`, `decodable`, `discrete`.
        condition: The discrete modality whose class vector its decoder is given, if any.
        latents: Whether its decoder is told latents.
        sample: Integer facts of a sample, such as height, width, channels or classes.
        names: Names of the classes of a discrete modality, in order.
        parameters: Number of parameters of each module ("encoder", "decoder").
    """

    name: str
    component: Component
    capabilities: tuple[str, ...]
    condition: str | None = None
    latents: bool = True
    sample: dict[str, int]
    names: tuple[str, ...] = ()
    parameters: dict[str, int]


class StepPlan(_Record):
    """One step of a task's routine: a primitive applied to earlier steps or inputs.

    Attributes:
        id: Name of its value within the task.
        primitive: `input`, or a primitive of the language: `encode`, `center`, `decode`, ...
        operands: Names of the steps it is applied to, in order.
        modality: The modality it works for; None for what works on latents alone.
        numbers: Its operands that are numbers, in order.
        many: Rows that it yields for each row the task is given.
        alpha: Scale of own noise, of a step that draws from a zone.
        sampler: Sampler in place of the decoder's own, of a step that runs a decoder.
    """

    id: str
    primitive: str
    operands: tuple[str, ...] = ()
    modality: str | None = None
    numbers: tuple[float, ...] = ()
    many: int = Field(default=1, ge=1)
    alpha: float = Field(default=1.0, ge=0, le=1)
    sampler: Component | None = None


class TypePlan(_Record):
    """The type of a value: a sample of a modality, a latent, an anchor and so on."""

    kind: Literal["sample", "latent", "anchor", "features", "score", "ranking"]
    modality: str | None = None

    def __str__(self) -> str:
        if self.kind == "ranking":
            return f"ranking of {self.modality}"
        return self.modality or self.kind if self.kind == "sample" else self.kind


class TaskPlan(_Record):
    """A task: typed inputs to a typed output by a few steps.

    Attributes:
        verb: The verb or task that it applies last; empty where that is a primitive.
        method: By what it is trained.
        many: Rows of its output for each row of its inputs.
        alpha: Scale of own noise of the steps that are its own, not another task's.
        sampler: Sampler of these steps, in place of the decoder's own.
        needs: Modules it uses, such as `image.encoder`.
        trained_by: Objectives that train those modules.
        unpaired: For a path of alignments longer than one pair, the modalities on the way.
    """

    name: str
    phrase: str
    verb: str
    method: str = LATENT_ZONING
    inputs: tuple[str, ...]
    output: TypePlan
    many: int = Field(default=1, ge=1)
    steps: tuple[StepPlan, ...]
    alpha: float = Field(ge=0, le=1)
    sampler: Component | None = None
    needs: tuple[str, ...] = ()
    trained_by: tuple[str, ...] = ()
    unpaired: tuple[str, ...] = ()


class ParameterPlan(_Record):
    """An operand of a verb; `words` are its capabilities, or `number` or `latent`."""

    name: str
    preposition: str | None = None
    words: tuple[str, ...] = ()
    default: float | None = None


class VerbPlan(_Record):
    """A verb that the program defines, for expressions over a trained model.

    Attributes:
        result: What it yields: a parameter, a modality, or a type such as `latent`.
        names: The names that its body gives to values, with their expressions, in order.
        body: The expression that it stands for.
    """

    name: str
    parameters: tuple[ParameterPlan, ...]
    result: str
    names: tuple[tuple[str, str], ...] = ()
    body: str


class ObjectivePlan(_Record):
    """Something to minimise in every training step.

    Attributes:
        id: Name in logs: `align image with label`, `decode image`.
        kind: `align` (latent alignment), `decode` (the decoder's own loss), `contrast` (of two
            views of a sample) or `classify` (cross-entropy).
        method: The method that it is of.
        modality: The aligned, decoded, contrasted or classified modality.
        other: For `align`, the modality whose anchors carry the flow, or the same for two views;
            for `classify`, the classes.
        settings: Complete settings: those of its kind (`lzn_dsl.semantics.settings`), or those of
            the method for `contrast` and `classify`.
        reasons: Why it is there, in words.
    """

    id: str
    kind: ObjectiveKind
    method: str = LATENT_ZONING
    modality: str
    other: str | None = None
    settings: dict[str, JsonValue]
    reasons: tuple[str, ...]


class ModulePlan(_Record):
    """How one module trains, where that differs from the rest.

    Attributes:
        lr: Its learning rate at its highest; None for the optimizer's, which then has its own name
            for that.
        schedule: Its learning rate over the steps.
        until: Share of the steps after which it is frozen.
    """

    lr: float | None
    schedule: Component
    until: float = Field(gt=0, le=1)

    def last_step(self, steps: int) -> int:
        """Return how many of so many steps train it."""
        return max(1, round(self.until * steps))


class TrainPlan(_Record):
    """How the program trains; the fields are those of the `train` block.

    `modules` are those of which something else is said, by names such as `image.decoder`.
    """

    on: str
    steps: int
    batch: int
    micro_batches: int = 1
    seed: int
    optimizer: Component
    schedule: Component
    ema: float
    clip: float
    augment: tuple[Component, ...]
    views: tuple[Component, ...] = ()
    solver_steps: int
    support: int
    workers: int
    checkpoint_every: int
    sample_every: int
    log_every: int
    keep: int
    modules: dict[str, ModulePlan] = Field(default_factory=dict)

    def frozen(self, step: int) -> frozenset[str]:
        """Return the modules that a step, from 0, no longer trains."""
        ends = {name: module.last_step(self.steps) for name, module in self.modules.items()}
        return frozenset(name for name, end in ends.items() if step >= end)


class EvaluationPlan(_Record):
    """A metric of a task on a dataset."""

    task: str
    data: str
    metric: Component


class SharedOp(_Record):
    """One operation of a training step, computed once for all objectives that use it.

    Attributes:
        id: Name of its value within the step.
        op: `batch` (a column), `encode`, `latents`, or `loss`.
        operands: Names of the values it uses.
        modality: The modality it works for.
        alpha: For `latents`, the scale of own noise.
        objective: For `loss`, the objective's name.
        view: 0 for the batch itself; 1 or 2 for a view of it.
    """

    id: str
    op: Literal["batch", "encode", "latents", "loss"]
    operands: tuple[str, ...] = ()
    modality: str | None = None
    alpha: float = 0.0
    objective: str | None = None
    view: int = 0


class StepCost(_Record):
    """Estimated cost of one training step of one objective or shared operation."""

    id: str
    flops: int
    memory: int


class CostPlan(_Record):
    """Estimates: parameters, FLOP of a training step (forward and backward), peak bytes."""

    parameters: int
    flops: int
    memory: int
    parts: tuple[StepCost, ...]


class Plan(_Record):
    """A whole program, ready to be compiled.

    `verbs` and `numbers` are those that the program defines, for expressions over its model.
    """

    format: Literal[1] = 1
    version: str
    title: str
    dim: int = Field(ge=1)
    datasets: tuple[DatasetPlan, ...]
    modalities: tuple[ModalityPlan, ...]
    objectives: tuple[ObjectivePlan, ...]
    tasks: tuple[TaskPlan, ...]
    verbs: tuple[VerbPlan, ...] = ()
    numbers: dict[str, float] = Field(default_factory=dict)
    train: TrainPlan
    evaluations: tuple[EvaluationPlan, ...]
    step: tuple[SharedOp, ...]
    cost: CostPlan
    origins: dict[str, str]
    parameters: dict[str, JsonValue] = Field(default_factory=dict)

    def task(self, name: str) -> TaskPlan:
        """Return a task by name; ValueError where there is none."""
        return _by_name("task", name, {t.name: t for t in self.tasks})

    def modality(self, name: str) -> ModalityPlan:
        """Return a modality by name; ValueError where there is none."""
        return _by_name("modality", name, {m.name: m for m in self.modalities})

    def dataset(self, name: str) -> DatasetPlan:
        """Return a dataset by name; ValueError where there is none."""
        return _by_name("dataset", name, {d.name: d for d in self.datasets})


def _by_name(kind: str, name: str, table: dict[str, _T]) -> _T:
    if name not in table:
        known = ", ".join(f"`{k}`" for k in table)
        raise ValueError(f"the plan has no {kind} `{name}`; it has: {known}")
    return table[name]
