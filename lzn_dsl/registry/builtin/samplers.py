"""Built-in samplers: solvers that carry noise to samples along a flow. Torch-free half."""

from typing import ClassVar

from pydantic import Field

from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.registry.settings import Settings


class EulerSettings(Settings):
    """Euler's method on equal steps of time."""

    positional: ClassVar[tuple[str, ...]] = ("steps",)

    steps: int = Field(default=20, ge=1, le=10_000, description="Number of equal steps.")


class Dopri5Settings(Settings):
    """Adaptive Runge-Kutta method of order 5 by Dormand and Prince, step sizes per sample."""

    rtol: float = Field(default=1e-3, ge=1e-7, le=0.1, description="Relative error of a step.")
    atol: float = Field(default=1e-3, ge=1e-7, le=0.1, description="Absolute error of a step.")
    max_evaluations: int = Field(
        default=2_000, ge=10, le=1_000_000, description="Evaluations after which it gives up."
    )


ENTRIES: tuple[Entry, ...] = (
    Entry(
        kind=Kind.SAMPLER,
        name="euler",
        help="Equal steps; the number of steps is the cost.",
        settings=EulerSettings,
        factory="lzn_runtime.flow.euler:build_euler",
    ),
    Entry(
        kind=Kind.SAMPLER,
        name="dopri5",
        help="Adaptive steps for each sample up to a wanted accuracy.",
        settings=Dopri5Settings,
        factory="lzn_runtime.flow.dormand_prince:build_dopri5",
    ),
)
