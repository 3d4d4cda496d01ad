"""Torch-free halves with one fault each, by the check of the conformance kit that must find it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from helpers.toy_settings import TOY, ToySettings, toy_costs
from lzn_dsl.registry.entry import Capability, Cost, Entry, Sizes
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Settings


class Unbounded(ToySettings):
    rate: float = Field(default=1.0, ge=0, description="A number without an upper side.")


class UnboundedItems(ToySettings):
    widths: list[Annotated[int, Field(ge=1)]] = Field(default=[4], description="Widths.")


class Undescribed(ToySettings):
    rate: float = Field(default=1.0, ge=0, le=1)


class WithoutSize(Settings):
    hidden: int = Field(default=16, ge=1, le=1024, description="Width of the hidden layers.")


class FixedSize(ToySettings):
    size: int | None = Field(default=3, ge=1, le=10_000, description="Numbers of a vector.")


class DiscreteToy(ToySettings):
    classes: int | None = Field(default=None, ge=2, le=100, description="Number of classes.")


def _says(*words: object) -> Callable[[Any], Any]:
    return lambda settings: frozenset(words)


def _no_parameters(settings: ToySettings, sizes: Sizes, registry: Registry) -> dict[str, Cost]:
    return {"encoder": Cost(), "decoder": Cost()}


def _one_part(settings: ToySettings, sizes: Sizes, registry: Registry) -> dict[str, Cost]:
    return {"encoder": toy_costs(settings, sizes, registry)["encoder"]}


_DISCRETE = _says(Capability.ENCODABLE, Capability.DECODABLE, Capability.DISCRETE)

FAULTY_DECLARATIONS: dict[str, tuple[str, Entry]] = {
    "no help": ("declaration", replace(TOY, help="")),
    "a factory without attribute": ("declaration", replace(TOY, factory="helpers.toy_modality")),
    "an open range": ("settings", replace(TOY, settings=Unbounded)),
    "open items": ("settings", replace(TOY, settings=UnboundedItems)),
    "no description": ("settings", replace(TOY, settings=Undescribed)),
    "a capability as text": ("capabilities", replace(TOY, capabilities=_says("encodable"))),
    "nothing encodable": ("capabilities", replace(TOY, capabilities=_says(Capability.DECODABLE))),
    "discrete without classes": ("capabilities", replace(TOY, capabilities=_DISCRETE)),
    "a decoder unspoken of": (
        "build",
        replace(TOY, capabilities=_says(Capability.ENCODABLE), costs=None),
    ),
    "discrete with a decoder of samples": (
        "build",
        replace(TOY, settings=DiscreteToy, capabilities=_DISCRETE),
    ),
    "costs of nothing": ("costs", replace(TOY, costs=_no_parameters)),
    "costs of one part": ("costs", replace(TOY, costs=_one_part)),
    "a fact that is no setting": ("facts", replace(TOY, settings=WithoutSize)),
    "a fact with a default": ("facts", replace(TOY, settings=FixedSize)),
}
"""What is wrong, the check that must find it, and the entry."""
