"""Building a modality: its factory, then its first weights."""

import torch

from lzn_dsl.registry.entry import Kind, Sizes
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component
from lzn_runtime.loading import build_component
from lzn_runtime.modalities.initialise import initialise
from lzn_runtime.modalities.protocol import Modality


def build_modality(
    name: str, component: Component, sizes: Sizes, registry: Registry, *, seed: int
) -> Modality:
    """Build the modality called `name`, on the CPU, with weights that `seed` and names decide.

    torch's global random state is left as it was.

    Raises:
        ValueError: The component is unknown.
        TypeError: Its factory does not build a `Modality`.
    """
    with torch.random.fork_rng(devices=()):
        modality = build_component(Kind.MODALITY, component, sizes, registry)
    if not isinstance(modality, Modality):
        raise TypeError(
            f"the factory of the modality `{component.name}` must build a Modality, "
            f"got {type(modality).__name__}"
        )
    initialise(modality, seed, prefix=name)
    return modality
