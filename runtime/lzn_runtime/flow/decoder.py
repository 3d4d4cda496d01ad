"""A decoder that draws samples by a rectified flow conditioned on the latent.

The loss of a sample is that of one time and one noise, both drawn from its key and index. Drawing
carries noise from t = start to t = 1; inverting carries a sample from t = 1 to t = start.

Dimensions: b batch, q latent size, c classes; `...` the shape of one sample.
"""

from collections.abc import Mapping
from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from lzn_dsl.registry.builtin.decoders import FlowSettings, network_sizes
from lzn_dsl.registry.entry import Kind, Sizes
from lzn_dsl.registry.registry import Registry
from lzn_runtime import randomness
from lzn_runtime.flow.rectified_flow import flow_loss, point_on_line
from lzn_runtime.flow.sampler import Sampler, Velocity
from lzn_runtime.loading import build_component
from lzn_runtime.modalities.protocol import Decoder


class FlowDecoder(Decoder):
    """Rectified flow with a network velocity(x_t, t, latents, classes).

    Args:
        network: The velocity.
        sampler: The sampler for callers who name none.
        shape: Shape of one sample.
        times: Distribution of training times: uniform on (start, 1), or the logistic of a normal,
            brought to (start, 1).
        start: First time of the flow, 0 or a little more.
        latents: Whether the network is told latents; if not, latents are given to it without their
            dimensions: (b, 0).
    """

    def __init__(
        self,
        network: nn.Module,
        sampler: Sampler,
        *,
        shape: tuple[int, ...],
        times: Literal["uniform", "logit_normal"] = "uniform",
        start: float = 0.0,
        latents: bool = True,
    ) -> None:
        super().__init__()
        self.network = network
        self.sampler = sampler
        self.shape = shape
        self.times = times
        self.start = start
        self.latents = latents

    def loss(
        self,
        samples: Float[Tensor, "b ..."],
        latents: Float[Tensor, "b q"],
        *,
        classes: Float[Tensor, "b c"] | None,
        key: int,
        index: Int[Tensor, " b"],
    ) -> Float[Tensor, " b"]:
        """Return the flow loss of each sample at one time and one noise: their mean square error.

        Predicting 0 gives about 1 plus the mean square of a sample.
        """
        t = self._times(key, index)
        noise = self._noise(key, index).to(samples.dtype)
        x_t = point_on_line(samples, noise, t)
        return flow_loss(self._velocity(latents, classes)(x_t, t), samples, noise)

    @torch.no_grad()
    def sample(
        self,
        latents: Float[Tensor, "b q"],
        *,
        classes: Float[Tensor, "b c"] | None,
        key: int,
        index: Int[Tensor, " b"],
        noise: Float[Tensor, "b ..."] | None = None,
        sampler: Sampler | None = None,
    ) -> Float[Tensor, "b ..."]:
        """Draw a sample for each latent. Raises `SamplerError` where the sampler cannot."""
        x = self._noise(key, index) if noise is None else noise
        velocity = self._velocity(latents, classes)
        return (sampler or self.sampler).integrate(velocity, x, start=self.start, end=1.0)

    @torch.no_grad()
    def invert(
        self,
        samples: Float[Tensor, "b ..."],
        latents: Float[Tensor, "b q"],
        *,
        classes: Float[Tensor, "b c"] | None,
        sampler: Sampler | None = None,
    ) -> Float[Tensor, "b ..."]:
        """Return the noise of each sample. Raises `SamplerError` where the sampler cannot."""
        velocity = self._velocity(latents, classes)
        return (sampler or self.sampler).integrate(velocity, samples, start=1.0, end=self.start)

    def _velocity(self, latents: Tensor, classes: Tensor | None) -> Velocity:
        latents = latents if self.latents else latents[:, :0]

        def velocity(x: Tensor, t: Tensor) -> Tensor:
            v: Tensor = self.network(x, t, latents, classes)
            return v

        return velocity

    def _times(self, key: int, index: Int[Tensor, " b"]) -> Float[Tensor, " b"]:
        key = randomness.key(key, "flow time")
        if self.times == "logit_normal":
            share = randomness.normal(key, index).sigmoid()
        else:
            share = randomness.uniform(key, index)
        return self.start + (1 - self.start) * share

    def _noise(self, key: int, index: Int[Tensor, " b"]) -> Float[Tensor, "b ..."]:
        return randomness.normal(randomness.key(key, "flow noise"), index, self.shape)


def sample_shape(sample: Mapping[str, int]) -> tuple[int, ...]:
    """Return the shape of one picture from its facts."""
    return (sample["channels"], sample["height"], sample["width"])


def build_flow(settings: FlowSettings, sizes: Sizes, registry: Registry) -> FlowDecoder:
    """Build the torch half of the decoder `flow`."""
    return FlowDecoder(
        build_component(Kind.NETWORK, settings.network, network_sizes(sizes), registry),
        build_component(Kind.SAMPLER, settings.sampler, sizes, registry),
        shape=sample_shape(sizes.sample),
        times=settings.times,
        start=settings.start,
        latents=sizes.latents,
    )
