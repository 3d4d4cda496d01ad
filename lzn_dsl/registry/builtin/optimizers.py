"""Optimizers that a `train` block may name: what may be said of them."""

from typing import Annotated, ClassVar

from pydantic import Field

from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.registry.settings import Settings

_Share = Annotated[float, Field(ge=0.0, lt=1.0)]


class AdamSettings(Settings):
    """Settings of `adam`."""

    positional: ClassVar[tuple[str, ...]] = ("lr",)

    lr: float = Field(default=1e-3, gt=0.0, le=10.0, description="Learning rate at its highest.")
    betas: tuple[_Share, _Share] = Field(
        default=(0.9, 0.999), description="Decay of the averages of gradient and squared gradient."
    )
    weight_decay: float = Field(
        default=0.0, ge=0.0, le=10.0, description="Pull of the weights to zero, in the gradient."
    )


class AdamWSettings(AdamSettings):
    """Settings of `adamw`."""

    weight_decay: float = Field(
        default=1e-2, ge=0.0, le=10.0, description="Pull of the weights to zero, times `lr`."
    )


class SgdSettings(Settings):
    """Settings of `sgd`."""

    positional: ClassVar[tuple[str, ...]] = ("lr",)

    lr: float = Field(default=0.1, gt=0.0, le=1000.0, description="Learning rate at its highest.")
    momentum: float = Field(
        default=0.9, ge=0.0, lt=1.0, description="Share of the last step that the next one keeps."
    )
    weight_decay: float = Field(
        default=0.0, ge=0.0, le=10.0, description="Pull of the weights to zero, in the gradient."
    )


ENTRIES: tuple[Entry, ...] = (
    Entry(
        kind=Kind.OPTIMIZER,
        name="adam",
        help="Adam: steps scaled by running averages of the gradient and its square.",
        settings=AdamSettings,
        factory="lzn_runtime.training.optimizers:adam",
    ),
    Entry(
        kind=Kind.OPTIMIZER,
        name="adamw",
        help="Adam with weight decay apart from the gradient.",
        settings=AdamWSettings,
        factory="lzn_runtime.training.optimizers:adamw",
    ),
    Entry(
        kind=Kind.OPTIMIZER,
        name="sgd",
        help="Gradient descent with momentum.",
        settings=SgdSettings,
        factory="lzn_runtime.training.optimizers:sgd",
    ),
)
