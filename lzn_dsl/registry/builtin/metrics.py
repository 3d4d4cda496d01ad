"""Built-in metrics: what they measure and how they are set. Torch-free half.

The result types that a metric may judge are those of `lzn_dsl.semantics.evaluations.shapes`.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator

from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.registry.settings import Component, Settings, component


class AccuracySettings(Settings):
    """Share of samples whose class is right, over the whole dataset.

    With several scales of noise or batch sizes, the first of each is the result's value and all
    are in its table.
    """

    positional: ClassVar[tuple[str, ...]] = ("top_k",)

    top_k: int = Field(
        default=5, ge=1, le=1_000, description="Also count a class among the k likeliest as right."
    )
    alpha: list[Annotated[float, Field(ge=0, le=1)]] = Field(
        default=[],
        max_length=100,
        description="Scales of own noise, one or a list; empty for the task's own.",
    )
    batch: list[Annotated[int, Field(ge=2, le=65_536)]] = Field(
        default=[],
        max_length=100,
        description="Sizes of batches whose samples bound each other's zones; empty for support.",
    )

    @field_validator("alpha", "batch", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        single = isinstance(value, int | float) and not isinstance(value, bool)
        return [value] if single else value


class DrawnSettings(Settings):
    """What metrics of drawn pictures have in common."""

    positional: ClassVar[tuple[str, ...]] = ("samples",)

    samples: int = Field(default=1_000, ge=2, le=100_000, description="Samples that are drawn.")
    extractor: Component = component(
        "extractor", "classifier", description="What turns pictures into features."
    )


class FrechetSettings(DrawnSettings):
    """Frechet distance between features of drawn and of real samples."""

    ridge: float = Field(
        default=1e-6,
        ge=0,
        le=1.0,
        description="Added to all variances, as a share of the real features' mean variance.",
    )


class InceptionScoreSettings(DrawnSettings):
    """How sure an extractor is of the class of each sample, and how many classes there are."""

    splits: int = Field(
        default=10,
        ge=1,
        le=1_000,
        description="Parts whose scores are averaged; also their spread.",
    )


class ManifoldSettings(DrawnSettings):
    """Balls around samples that reach to their k-th neighbour, among as many real samples."""

    k: int = Field(default=3, ge=1, le=1_000, description="Neighbour to which a ball reaches.")


class CmmdSettings(DrawnSettings):
    """Squared maximum mean discrepancy of features of unit length, times 1,000."""

    sigma: float = Field(
        default=10.0,
        gt=0,
        le=1e6,
        description="Width of the Gaussian kernel exp(-d^2 / 2 sigma^2).",
    )


class RecognitionSettings(Settings):
    """Share of drawn samples that a classifier of its own takes for what they were asked to be."""

    positional: ClassVar[tuple[str, ...]] = ("samples",)

    samples: int = Field(default=1_000, ge=2, le=100_000, description="Samples that are drawn.")
    extractor: Component = component(
        "extractor", "classifier", description="The classifier that judges the pictures."
    )


class ReconstructionSettings(Settings):
    """Distance between samples and what the model makes of them; also PSNR."""

    positional: ClassVar[tuple[str, ...]] = ("samples",)

    samples: int = Field(
        default=1_000, ge=1, le=1_000_000, description="Samples that are rebuilt, at most."
    )


class ReadingSettings(Settings):
    """What metrics that read classes off an embedding have in common."""

    label: str | None = Field(
        default=None, description="Column that is predicted; none for the first with classes."
    )
    train_samples: int = Field(
        default=10_000, ge=2, le=10_000_000, description="Training samples it learns from, at most."
    )
    top_k: int = Field(
        default=5, ge=1, le=1_000, description="Also count a class among the k likeliest as right."
    )


class LinearProbeSettings(ReadingSettings):
    """Accuracy of a logistic regression on the embedding of the training data."""

    positional: ClassVar[tuple[str, ...]] = ("label",)

    l2: float = Field(
        default=1.0, ge=0, le=1e6, description="Penalty: l2 / 2 times the squared weights."
    )
    max_steps: int = Field(
        default=200, ge=1, le=100_000, description="Steps of L-BFGS after which it stops."
    )


class KnnSettings(ReadingSettings):
    """Accuracy of the vote of the nearest training samples, by cosine of their embeddings."""

    positional: ClassVar[tuple[str, ...]] = ("k",)

    k: int = Field(default=20, ge=1, le=10_000, description="Neighbours that vote.")
    vote: Literal["weighted", "majority"] = Field(
        default="weighted", description="Votes of exp(cosine / temperature), or of one each."
    )
    temperature: float = Field(
        default=0.07,
        ge=1e-3,
        le=1e3,
        description="Of weighted votes: the smaller, the fewer count.",
    )


ENTRIES: tuple[Entry, ...] = (
    Entry(
        kind=Kind.METRIC,
        name="accuracy",
        help="Share of classes that are right; per class, and as a confusion matrix.",
        settings=AccuracySettings,
        factory="lzn_runtime.evaluation.accuracy:evaluate",
        measures=frozenset({"classification"}),
    ),
    Entry(
        kind=Kind.METRIC,
        name="frechet",
        help="Frechet distance of drawn to real samples, by features of a named extractor.",
        settings=FrechetSettings,
        factory="lzn_runtime.evaluation.frechet:evaluate",
        measures=frozenset({"generation"}),
    ),
    Entry(
        kind=Kind.METRIC,
        name="spatial_frechet",
        help="The same by features that still know places, of an earlier layer: sFID.",
        settings=FrechetSettings,
        factory="lzn_runtime.evaluation.frechet:evaluate_spatial",
        measures=frozenset({"generation"}),
        needs="spatial",
    ),
    Entry(
        kind=Kind.METRIC,
        name="inception_score",
        help="How sure an extractor is of each drawn sample's class, and how varied they are.",
        settings=InceptionScoreSettings,
        factory="lzn_runtime.evaluation.inception_score:evaluate",
        measures=frozenset({"generation"}),
        needs="probabilities",
    ),
    Entry(
        kind=Kind.METRIC,
        name="precision",
        help="Share of drawn samples among the real ones: inside the ball of one of them.",
        settings=ManifoldSettings,
        factory="lzn_runtime.evaluation.precision_recall:evaluate_precision",
        measures=frozenset({"generation"}),
    ),
    Entry(
        kind=Kind.METRIC,
        name="recall",
        help="Share of real samples among the drawn ones: inside the ball of one of them.",
        settings=ManifoldSettings,
        factory="lzn_runtime.evaluation.precision_recall:evaluate_recall",
        measures=frozenset({"generation"}),
    ),
    Entry(
        kind=Kind.METRIC,
        name="cmmd",
        help="Maximum mean discrepancy of drawn and real samples: CMMD, where CLIP is named.",
        settings=CmmdSettings,
        factory="lzn_runtime.evaluation.cmmd:evaluate",
        measures=frozenset({"generation"}),
    ),
    Entry(
        kind=Kind.METRIC,
        name="recognition",
        help="Share of drawn samples that a separate classifier takes for what was asked for.",
        settings=RecognitionSettings,
        factory="lzn_runtime.evaluation.recognition:evaluate",
        measures=frozenset({"conditional_generation"}),
        needs="labels",
    ),
    Entry(
        kind=Kind.METRIC,
        name="reconstruction",
        help="Distance between samples and what the model makes of them.",
        settings=ReconstructionSettings,
        factory="lzn_runtime.evaluation.reconstruction:evaluate",
        measures=frozenset({"reconstruction"}),
    ),
    Entry(
        kind=Kind.METRIC,
        name="linear_probe",
        help="Accuracy of a logistic regression on the embedding.",
        settings=LinearProbeSettings,
        factory="lzn_runtime.evaluation.linear_probe:evaluate",
        measures=frozenset({"embedding"}),
    ),
    Entry(
        kind=Kind.METRIC,
        name="knn",
        help="Accuracy of the nearest training samples' vote, by their embeddings.",
        settings=KnnSettings,
        factory="lzn_runtime.evaluation.knn:evaluate",
        measures=frozenset({"embedding"}),
    ),
)
