"""Torch-free halves of two small modalities that conform; the other halves: `NAME_modality`."""

from typing import ClassVar

from pydantic import Field

from lzn_dsl.registry.entry import Capability, Cost, Entry, Kind, Sizes
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Settings


class ToySettings(Settings):
    """Real vectors."""

    positional: ClassVar[tuple[str, ...]] = ("size",)

    size: int | None = Field(default=None, ge=1, le=10_000, description="Numbers of a vector.")
    hidden: int = Field(default=16, ge=1, le=1024, description="Width of the hidden layers.")


def toy_capabilities(settings: ToySettings) -> frozenset[Capability]:
    return frozenset({Capability.ENCODABLE, Capability.DECODABLE})


def toy_costs(settings: ToySettings, sizes: Sizes, registry: Registry) -> dict[str, Cost]:
    size, hidden, dim = sizes.sample["size"], settings.hidden, sizes.latent_dim
    return {
        "encoder": Cost(parameters=(size + 1) * hidden + (hidden + 1) * dim),
        "decoder": Cost(parameters=(dim + 1) * hidden + (hidden + 1) * size),
    }


TOY = Entry(
    kind=Kind.MODALITY,
    name="toy",
    help="Real vectors.",
    settings=ToySettings,
    factory="helpers.toy_modality:build_toy",
    capabilities=toy_capabilities,
    costs=toy_costs,
)


class TokenSettings(Settings):
    """Token sequences of one length."""

    length: int | None = Field(default=None, ge=1, le=1000, description="Tokens of a sequence.")
    tokens: int | None = Field(default=None, ge=2, le=1000, description="Size of the vocabulary.")


TOKENS = Entry(
    kind=Kind.MODALITY,
    name="tokens",
    help="Token sequences of one length.",
    settings=TokenSettings,
    factory="helpers.token_modality:build_tokens",
    capabilities=toy_capabilities,
)
