"""Settings of the statements themselves: `space`, `train`, tasks and objectives."""

from typing import Self

from pydantic import Field, model_validator

from lzn_dsl.registry.settings import Component, Settings, component


class GaussianSettings(Settings):
    """The shared latent space, whose prior is N(0, I)."""

    positional = ("dim",)
    dim: int = Field(default=32, ge=1, le=4096, description="Dimension q of the latent space.")


class TrainSettings(Settings):
    """How the program trains."""

    on: str | None = Field(default=None, description="Dataset to train on; the first by default.")
    steps: int = Field(default=1000, ge=1, le=10_000_000, description="Training steps.")
    batch: int = Field(default=128, ge=1, le=65_536, description="Samples a step.")
    micro_batches: int = Field(
        default=1, ge=1, le=65_536, description="Slices in which networks see a batch."
    )
    seed: int = Field(default=0, ge=0, le=2**31 - 1, description="Seed of all randomness.")
    optimizer: Component = component("optimizer", "adam", description="Optimizer.")
    schedule: Component = component("schedule", "cosine", description="Learning rate over steps.")
    ema: float = Field(default=0.999, ge=0, lt=1, description="Decay of the averaged weights.")
    clip: float = Field(default=1.0, gt=0, le=1e6, description="Largest norm of the gradient.")
    augment: list[Component] = component(
        "augmentation", [], description="Augmentations of training images, in order."
    )
    views: list[Component] = component(
        "augmentation",
        [Component(name="crop"), Component(name="jitter")],
        description="How two views of a picture differ, where an objective compares two.",
    )
    solver_steps: int = Field(default=20, ge=1, le=1000, description="Steps of the latent flow.")
    support: int = Field(
        default=1000, ge=0, le=100_000, description="Training samples whose anchors bound zones."
    )
    workers: int = Field(default=0, ge=0, le=64, description="Processes that load data.")
    checkpoint_every: int = Field(default=500, ge=1, le=10_000_000, description="Steps.")
    sample_every: int = Field(default=500, ge=1, le=10_000_000, description="Steps.")
    log_every: int = Field(default=20, ge=1, le=1_000_000, description="Steps.")
    keep: int = Field(default=2, ge=1, le=1000, description="Checkpoints to keep.")

    @model_validator(mode="after")
    def _slices_have_samples(self) -> Self:
        if self.micro_batches > self.batch:
            raise ValueError(
                f"`micro_batches` must be at most `batch`: they are {self.micro_batches} and "
                f"{self.batch}"
            )
        return self


class ModuleSettings(Settings):
    """How one module trains, where that differs from the rest."""

    lr: float | None = Field(
        default=None, gt=0, le=1000, description="Peak learning rate; the optimizer's by default."
    )
    schedule: Component | None = component(
        "schedule", None, description="Learning rate over steps; that of `train` by default."
    )
    until: float = Field(
        default=1.0, gt=0, le=1, description="Share of the steps after which it is frozen."
    )


class TaskSettings(Settings):
    """How a trained task is used."""

    alpha: float = Field(
        default=1.0, ge=0, le=1, description="Scale of own noise when a sample is encoded."
    )
    sampler: Component | None = component(
        "sampler", None, description="Sampler of the decoder, in place of the decoder's own."
    )


class AlignSettings(Settings):
    """Latent alignment (paper, section 3.2): how strongly and where along the flow."""

    weight: float = Field(default=1.0, ge=0, le=1e6, description="Weight of the loss.")
    alpha: float = Field(default=0.3, ge=0, le=1, description="Scale of own noise in training.")
    cutoff: float = Field(
        default=0.2, ge=0, lt=1, description="Share of the flow's first steps left out."
    )
    until: float = Field(
        default=1.0, gt=0, le=1, description="Share of the flow's steps after which none counts."
    )
    log: bool = Field(default=True, description="Maximise the log of the probability.")

    @model_validator(mode="after")
    def _some_steps_count(self) -> Self:
        if self.cutoff >= self.until:
            raise ValueError(
                f"`until` must be above `cutoff`: they are {self.until:g} and {self.cutoff:g}"
            )
        return self


class ViewSettings(AlignSettings):
    """Latent alignment of two views of one sample (paper, section 5)."""

    alpha: float = Field(default=0.45, ge=0, le=1, description="Scale of own noise in training.")


class DecodeSettings(Settings):
    """A decoder's own loss (paper, section 3.1), given the latent of the sample itself."""

    weight: float = Field(default=1.0, ge=0, le=1e6, description="Weight of the loss.")
    alpha: float = Field(default=1.0, ge=0, le=1, description="Scale of own noise in training.")
    samples: int = Field(
        default=0, ge=0, le=65_536, description="Samples of a batch to decode; 0 for all."
    )
