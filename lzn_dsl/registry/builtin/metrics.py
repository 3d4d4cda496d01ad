"""Built-in metrics: what they measure and how they are set. Torch-free half.

The result types that a metric may judge are those of `lzn_dsl.semantics.evaluations.shapes`.
"""

from typing import ClassVar

from pydantic import Field

from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.registry.settings import Component, Settings, component


class AccuracySettings(Settings):
    """Share of samples whose class is right, over the whole dataset."""

    positional: ClassVar[tuple[str, ...]] = ("top_k",)

    top_k: int = Field(
        default=5, ge=1, le=1_000, description="Also count a class among the k likeliest as right."
    )


class FrechetSettings(Settings):
    """Frechet distance between features of drawn and of real samples."""

    positional: ClassVar[tuple[str, ...]] = ("samples",)

    samples: int = Field(default=1_000, ge=2, le=100_000, description="Samples that are drawn.")
    extractor: Component = component(
        "extractor", "classifier", description="What turns pictures into features."
    )
    ridge: float = Field(
        default=1e-6,
        ge=0,
        le=1.0,
        description="Added to all variances, as a share of the real features' mean variance.",
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


class LinearProbeSettings(Settings):
    """Accuracy of a logistic regression on the embedding of the training data."""

    positional: ClassVar[tuple[str, ...]] = ("label",)

    label: str | None = Field(
        default=None, description="Column that is predicted; none for the first with classes."
    )
    train_samples: int = Field(
        default=10_000, ge=2, le=10_000_000, description="Training samples it learns from, at most."
    )
    l2: float = Field(
        default=1.0, ge=0, le=1e6, description="Penalty: l2 / 2 times the squared weights."
    )
    max_steps: int = Field(
        default=200, ge=1, le=100_000, description="Steps of L-BFGS after which it stops."
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
        name="recognition",
        help="Share of drawn samples that a separate classifier takes for what was asked for.",
        settings=RecognitionSettings,
        factory="lzn_runtime.evaluation.recognition:evaluate",
        measures=frozenset({"conditional_generation"}),
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
)
