"""Learning-rate schedules that a `train` block may name: what may be said of them."""

from typing import ClassVar

from pydantic import Field

from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.registry.settings import Settings


class ConstantSettings(Settings):
    """Settings of `constant`."""

    warmup: int = Field(
        default=0, ge=0, le=1_000_000, description="Steps over which the rate rises from zero."
    )


class CosineSettings(Settings):
    """Settings of `cosine`."""

    positional: ClassVar[tuple[str, ...]] = ("final",)

    warmup: int = Field(
        default=0, ge=0, le=1_000_000, description="Steps over which the rate rises from zero."
    )
    final: float = Field(
        default=0.0, ge=0.0, le=1.0, description="Share of the rate that is left at the last step."
    )


ENTRIES: tuple[Entry, ...] = (
    Entry(
        kind=Kind.SCHEDULE,
        name="constant",
        help="The same learning rate in every step, after a linear warm-up.",
        settings=ConstantSettings,
        factory="lzn_runtime.training.schedules:constant",
    ),
    Entry(
        kind=Kind.SCHEDULE,
        name="cosine",
        help="A learning rate that falls along half a cosine, after a linear warm-up.",
        settings=CosineSettings,
        factory="lzn_runtime.training.schedules:cosine",
    ),
)
