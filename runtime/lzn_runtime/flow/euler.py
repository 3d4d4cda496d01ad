"""Euler's method on equal steps of time: x += (end - start) / n * v(x, t)."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from lzn_dsl.registry.builtin.samplers import EulerSettings
from lzn_dsl.registry.entry import Sizes
from lzn_dsl.registry.registry import Registry
from lzn_runtime.flow.sampler import Sampler, SamplerError, Velocity


@dataclass(frozen=True)
class Euler(Sampler):
    """Euler's method. Its error falls as 1 / num_steps; each step costs one evaluation."""

    num_steps: int

    def __post_init__(self) -> None:
        if self.num_steps < 1:
            raise ValueError(f"num_steps must be 1 or more, got {self.num_steps}")

    def integrate(
        self, velocity: Velocity, x: Float[Tensor, "b ..."], *, start: float, end: float
    ) -> Float[Tensor, "b ..."]:
        """Carry x from time `start` to time `end`; see `Sampler.integrate`."""
        length = end - start
        for step in range(self.num_steps):
            t = x.new_full((x.shape[0],), start + length * step / self.num_steps)
            x = x + length / self.num_steps * velocity(x, t)
        if not bool(torch.isfinite(x).all()):
            raise SamplerError("the velocity is not finite: the network's weights are damaged")
        return x


def build_euler(settings: EulerSettings, sizes: Sizes, registry: Registry) -> Euler:
    """Build the sampler `euler`."""
    del sizes, registry
    return Euler(settings.steps)
