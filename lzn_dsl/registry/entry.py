"""What a registry entry says: the torch-free half of a component, and where its torch half is.

The kinds are closed. `factory` names the torch half as `package.module:attribute`; only the runtime
loads it, and only for entries of installed packages: a spec can never name a Python path.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from lzn_dsl.registry.settings import Settings

if TYPE_CHECKING:
    from lzn_dsl.registry.registry import Registry


class Kind(StrEnum):
    """The closed set of component kinds."""

    SPACE = "space"
    DATASET = "dataset"
    MODALITY = "modality"
    ENCODER = "encoder"
    DECODER = "decoder"
    NETWORK = "network"
    SAMPLER = "sampler"
    OPTIMIZER = "optimizer"
    SCHEDULE = "schedule"
    AUGMENTATION = "augmentation"
    METRIC = "metric"
    EXTRACTOR = "extractor"
    METHOD = "method"


ObjectiveKind = Literal["align", "decode", "contrast", "classify"]
"""What a training step may minimise: latent alignment, a decoder's own loss, the contrast of two
views of a sample, the cross-entropy of its class."""


class Capability(StrEnum):
    """What a modality can do in a task."""

    ENCODABLE = "encodable"
    DECODABLE = "decodable"
    DISCRETE = "discrete"
    ORDERED = "ordered"


@dataclass(frozen=True)
class Column:
    """One column of a dataset: the modality kind of its values and what is known of them.

    `facts` are settings of that modality kind, such as an image's height; a `modality` statement
    that contradicts them is an error.
    """

    kind: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class DatasetInfo:
    """What is known of a dataset without decoding a sample.

    `missing` says which file is not there and how to get it; it is empty where the data is present.
    """

    columns: dict[str, Column]
    num_samples: int | None = None
    missing: str = ""


@dataclass(frozen=True)
class Cost:
    """What a module costs: parameters; forward FLOP and kept activations (numbers) per sample."""

    parameters: int = 0
    flops: int = 0
    activations: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.parameters + other.parameters,
            self.flops + other.flops,
            self.activations + other.activations,
        )


class UnknownFactError(KeyError):
    """A fact of a sample that neither the data nor the program tells; its argument is the name."""


@dataclass(frozen=True)
class Sizes:
    """What a module must know of its surroundings, besides its own settings.

    Attributes:
        latent_dim: Dimension q of the shared latent space.
        sample: Facts of the modality's samples, such as height, width and channels.
        num_classes: Length of the class vector that a decoder is conditioned on; 0 for none.
        latents: Whether a decoder is told the latent; a decoder that can do without asks this.
    """

    latent_dim: int
    sample: Mapping[str, int]
    num_classes: int = 0
    latents: bool = True


@dataclass(frozen=True)
class Entry:
    """A registered component.

    Attributes:
        kind: Which kind of component it is.
        name: The name that specs use.
        help: One line for `lzn ls` and error messages.
        settings: The pydantic class of its settings.
        factory: `package.module:attribute` of its torch half.
        describe: Datasets only: `describe(settings, folder)` returns a `DatasetInfo`; relative
            paths in the settings are relative to `folder`, the folder of the spec. Raises
            `DataError` for data that is there but unusable.
        capabilities: Modalities only: what samples of it can do, given its settings.
        cost: Encoders, decoders and networks: `cost(settings, sizes, registry)`.
        costs: Modalities only: `costs(settings, sizes, registry)`, the cost of "encoder" and,
            where there is one, "decoder".
        measures: Metrics only: the shapes of tasks it can judge, as `semantics.evaluations.shapes`
            names them.
        needs: Metrics only: what its `extractor` must give; `features` for one that has none.
        gives: Extractors only: of `features`, `spatial` features, class `probabilities`, and
            `labels`, the probabilities being those of the data's own classes.
        features: Extractors only: how many features it gives, where no setting of that name says.
        absent: Extractors only: `absent(settings, folder)` says what is not on this machine and
            how to get it; empty where all is. `folder` is that of the spec.
        suits: Methods only: the shapes of tasks it can train.
        objective: Methods only: the objective that its tasks need; see `ObjectiveKind`.
        verbs: Methods only: verbs, written in the language, that its tasks use in place of the
            built-in ones of the same form.
        plugin: The package that provides it, filled in by the registry; empty for lzn_dsl's own.
    """

    kind: Kind
    name: str
    help: str
    settings: type[Settings]
    factory: str
    describe: Callable[[Any, Path], DatasetInfo] | None = None
    capabilities: Callable[[Any], frozenset[Capability]] | None = None
    cost: Callable[[Any, Sizes, "Registry"], Cost] | None = None
    costs: Callable[[Any, Sizes, "Registry"], dict[str, Cost]] | None = None
    measures: frozenset[str] = frozenset()
    needs: str = "features"
    gives: frozenset[str] = frozenset({"features"})
    features: int = 0
    absent: Callable[[Any, Path], str] | None = None
    suits: frozenset[str] = frozenset()
    objective: ObjectiveKind = "align"
    verbs: str = ""
    plugin: str = ""
