"""What the checks look at: a modality as the runtime builds it, and a batch of its samples.

Dimensions: b batch, q latent size, c classes of a decoder that is told some.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from lzn_dsl.registry.entry import Capability, Entry, Kind, Sizes
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component
from lzn_runtime import randomness
from lzn_runtime.conformance.samples import Samples
from lzn_runtime.latent import compute_latents
from lzn_runtime.modalities.build import build_modality
from lzn_runtime.modalities.protocol import ClassDecoder, Decoder, Modality

KEY = randomness.key(0, "conformance")
TOLD = 3
"""Classes that a decoder is told which can be told some."""

STEPS = 60
"""Steps of training before a decoder is judged."""
_RATE = 3e-3

Outputs = dict[str, Tensor]


@dataclass(frozen=True, eq=False)
class Subject:
    """A modality under examination. What it builds is on the CPU, in evaluation mode.

    Attributes:
        entry: Its entry.
        registry: Where its parts are found.
        component: It, with its settings.
        sizes: The latent space and the facts of the samples.
        column: The samples, as a dataset's column holds them (b, ...).
    """

    entry: Entry
    registry: Registry
    component: Component
    sizes: Sizes
    column: Tensor

    @classmethod
    def of(
        cls,
        entry: Entry,
        registry: Registry,
        component: Component,
        samples: Samples,
        *,
        latent_dim: int,
    ) -> "Subject":
        """Return the modality tried on these samples, its decoder told classes if it can be."""
        complete = registry.complete(Kind.MODALITY, component.name, component.settings)
        told = TOLD if can_be_told_classes(complete) else 0
        sizes = Sizes(latent_dim, samples.facts, told)
        return cls(entry, registry, complete, sizes, samples.column)

    def build(self, *, seed: int = 0) -> Modality:
        """Build the modality anew."""
        built = build_modality(
            self.entry.name, self.component, self.sizes, self.registry, seed=seed
        )
        return built.eval()

    @cached_property
    def modality(self) -> Modality:
        """The modality; not to be changed."""
        return self.build()

    @cached_property
    def capabilities(self) -> frozenset[Capability]:
        """What its entry says that it can do."""
        assert self.entry.capabilities is not None, self.entry
        settings = self.registry.settings(Kind.MODALITY, self.component)
        return self.entry.capabilities(settings)

    @cached_property
    def samples(self) -> Tensor:
        """The samples as the model takes them (b, ...); not to be changed."""
        return self.modality.to_model(self.column.clone())

    @cached_property
    def index(self) -> Int[Tensor, " b"]:
        """Global numbers of the samples, which are not their places in the batch."""
        return 100 + torch.arange(len(self.column))

    @cached_property
    def classes(self) -> Float[Tensor, "b c"] | None:
        """One-hot classes for a decoder that is told some."""
        count = self.sizes.num_classes
        if not count:
            return None
        labels = torch.arange(len(self.column)) % count
        return functional.one_hot(labels, count).to(torch.float32)

    def latents(self, modality: Modality, samples: Tensor) -> Float[Tensor, "b q"]:
        """Return latents in the zones of samples, with the own noise of the first so many."""
        noise = randomness.normal(KEY, self.index[: len(samples)], (self.sizes.latent_dim,))
        pool = modality.finite_anchors()
        own = None if pool is None else samples
        return compute_latents(modality.encoder(samples), noise, pool=pool, own=own)

    @cached_property
    def fixed_latents(self) -> Float[Tensor, "b q"]:
        """Points to decode that do not depend on the encoder (b, q)."""
        key = randomness.key(0, "conformance latents")
        return randomness.normal(key, self.index, (self.sizes.latent_dim,))

    @cached_property
    def first_latents(self) -> Float[Tensor, "b q"]:
        """Latents in the zones of the samples, as the encoder has them before training."""
        with torch.no_grad():
            return self.latents(self.modality, self.samples)

    def without_classes(self) -> "Subject":
        """Return the same modality with a decoder that is told no classes."""
        return replace(self, sizes=replace(self.sizes, num_classes=0))

    def copy(self) -> Modality:
        """Return a copy of the modality that may be changed."""
        return copy.deepcopy(self.modality)

    @cached_property
    def trained(self) -> Modality:
        """The modality after a few steps of decoding the samples from their first latents."""
        modality = self.copy().train()
        decoder, latents = modality.decoder, self.first_latents
        assert isinstance(decoder, Decoder), decoder
        optimizer = torch.optim.Adam(modality.parameters(), lr=_RATE)
        for step in range(STEPS):
            optimizer.zero_grad()
            loss = decoder.loss(
                self.samples,
                latents,
                classes=self.classes,
                key=randomness.key(0, "conformance training", step),
                index=self.index,
            )
            loss.mean().backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        return modality.eval()

    def outputs(self, modality: Modality, rows: Int[Tensor, " r"] | None = None) -> Outputs:
        """Return all that a modality computes for the samples, or for these rows of them."""
        chosen = torch.arange(len(self.column)) if rows is None else rows
        return {name: call(chosen) for name, call in self.calls(modality)}

    def calls(
        self, modality: Modality
    ) -> Iterator[tuple[str, Callable[[Int[Tensor, " r"]], Tensor]]]:
        """Yield the functions of a modality by name, each from rows of the samples to a batch."""
        samples, latents, index = self.samples, self.fixed_latents, self.index
        classes, decoder = self.classes, modality.decoder

        def told(rows: Tensor) -> Tensor | None:
            return None if classes is None else classes[rows]

        yield "encoder", lambda r: modality.encoder(samples[r])
        yield "encoder.features", lambda r: modality.encoder.features(samples[r])
        if isinstance(decoder, ClassDecoder):
            yield "decoder.decode", lambda r: decoder.decode(latents[r])
        elif isinstance(decoder, Decoder):
            yield (
                "decoder.loss",
                lambda r: decoder.loss(
                    samples[r], latents[r], classes=told(r), key=KEY, index=index[r]
                ),
            )
            yield (
                "decoder.sample",
                lambda r: decoder.sample(latents[r], classes=told(r), key=KEY, index=index[r]),
            )


def can_be_told_classes(component: Component) -> bool:
    """Whether the modality's decoder is a component with a setting `classes`."""
    decoder = component.settings.get("decoder")
    settings = decoder.get("settings") if isinstance(decoder, Mapping) else None
    return isinstance(settings, Mapping) and settings.get("classes") is not None
