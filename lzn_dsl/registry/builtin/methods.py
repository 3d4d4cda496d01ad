"""Methods: by what a task is trained. The paper's own, and those that it is compared with.

`task gist = embed image using simclr` differs from `task gist = embed image` in the objective
alone: encoder, data, batches, optimizer and whatever judges it stay the same.
"""

from typing import ClassVar, Literal

from pydantic import Field

from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.registry.settings import Settings

LATENT_ZONING = "latent_zoning"
"""The method of a task that names none."""


class LatentZoningSettings(Settings):
    """Settings of `latent_zoning`: its objectives have settings of their own (`learn`)."""


class RectifiedFlowSettings(Settings):
    """Settings of `rectified_flow`: its objective has settings of its own (`learn decode`)."""


class CrossEntropySettings(Settings):
    """Settings of `cross_entropy`."""

    weight: float = Field(default=1.0, ge=0, le=1e6, description="Weight of the loss.")
    smoothing: float = Field(
        default=0.0, ge=0, lt=1, description="Share of the target that all classes divide."
    )


class ContrastSettings(Settings):
    """What all methods by contrast of two views have."""

    positional: ClassVar[tuple[str, ...]] = ("temperature",)
    second: ClassVar[Literal["anchors", "samples"]] = "anchors"
    """What the method is given of the second view."""

    weight: float = Field(default=1.0, ge=0, le=1e6, description="Weight of the loss.")
    temperature: float = Field(
        default=0.2, ge=1e-3, le=100, description="What cosines are divided by."
    )


class SimclrSettings(ContrastSettings):
    """Settings of `simclr`."""


class MocoSettings(ContrastSettings):
    """Settings of `moco`."""

    second: ClassVar[Literal["anchors", "samples"]] = "samples"

    momentum: float = Field(
        default=0.99, ge=0, lt=1, description="Decay of the averaged encoder that makes the keys."
    )
    queue: int = Field(default=4096, ge=1, le=1_000_000, description="Keys of earlier batches.")


_CROSS_ENTROPY_VERBS = """\
# Says which class a sample is of: the one whose anchor has the largest product with the sample's.
verb classify source: encodable as target: discrete decodable -> target = anchor of source
    |> nearest target
"""

ENTRIES: tuple[Entry, ...] = (
    Entry(
        kind=Kind.METHOD,
        name=LATENT_ZONING,
        help="Latent zones: computation and alignment of latents; what a task has by default.",
        settings=LatentZoningSettings,
        factory="",
        suits=frozenset({"generation", "reconstruction", "embedding", "classification", "other"}),
    ),
    Entry(
        kind=Kind.METHOD,
        name="rectified_flow",
        help="A rectified flow whose decoder is told no latent (arXiv:2209.03003).",
        settings=RectifiedFlowSettings,
        factory="",
        suits=frozenset({"generation", "reconstruction"}),
        objective="decode",
    ),
    Entry(
        kind=Kind.METHOD,
        name="simclr",
        help="Contrast of two views within the batch (arXiv:2002.05709).",
        settings=SimclrSettings,
        factory="lzn_runtime.contrast.simclr:build_simclr",
        suits=frozenset({"embedding"}),
        objective="contrast",
    ),
    Entry(
        kind=Kind.METHOD,
        name="moco",
        help="Contrast with a queue of keys of an averaged encoder (arXiv:2003.04297).",
        settings=MocoSettings,
        factory="lzn_runtime.contrast.moco:build_moco",
        suits=frozenset({"embedding"}),
        objective="contrast",
    ),
    Entry(
        kind=Kind.METHOD,
        name="cross_entropy",
        help="A linear classifier of anchors, trained by cross-entropy.",
        settings=CrossEntropySettings,
        factory="",
        suits=frozenset({"classification"}),
        objective="classify",
        verbs=_CROSS_ENTROPY_VERBS,
    ),
)
