"""Built-in decoders: from latents back to samples. Torch-free half."""

from dataclasses import replace
from typing import ClassVar, Literal

from pydantic import Field

from lzn_dsl.registry.entry import Cost, Entry, Kind, Sizes
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component, Settings, component


class FlowSettings(Settings):
    """A rectified flow from noise to samples, conditioned on the latent."""

    positional: ClassVar[tuple[str, ...]] = ("network",)

    network: Component = component("network", "unet", description="Network of the velocity.")
    sampler: Component = component("sampler", "euler", description="How a sample is drawn.")
    classes: str | None = Field(
        default="auto",
        description="The discrete modality whose classes, read off the latent, also condition it: "
        "its name, auto for the one that is there, or none.",
    )
    times: Literal["uniform", "logit_normal"] = Field(
        default="uniform", description="Distribution of training times; logit_normal favours 1/2."
    )
    start: float = Field(
        default=0.0, ge=0, le=0.1, description="Time of the noise; the paper's flows begin at 1e-3."
    )


def flow_cost(settings: FlowSettings, sizes: Sizes, registry: Registry) -> Cost:
    """Cost of one evaluation of the velocity: of the loss, and of each step of a sampler."""
    network = registry.get(Kind.NETWORK, settings.network.name)
    if network.cost is None:
        return Cost()
    told = network_sizes(sizes)
    return network.cost(registry.settings(Kind.NETWORK, settings.network), told, registry)


def network_sizes(sizes: Sizes) -> Sizes:
    """Return the sizes that the velocity knows: without latents, a latent of no dimensions."""
    return sizes if sizes.latents else replace(sizes, latent_dim=0)


ENTRIES: tuple[Entry, ...] = (
    Entry(
        kind=Kind.DECODER,
        name="flow",
        help="Rectified flow: draws samples, and inverts them to their noise.",
        settings=FlowSettings,
        factory="lzn_runtime.flow.decoder:build_flow",
        cost=flow_cost,
    ),
)
