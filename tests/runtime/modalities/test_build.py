"""Building a modality: pure in seed and name, and strict about what a factory returns."""

from dataclasses import replace

import pytest
import torch

from lzn_dsl.registry.builtin import decoders, encoders, modalities, networks, samplers
from lzn_dsl.registry.entry import Sizes
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component
from lzn_runtime.modalities.build import build_modality

PARTS = encoders.ENTRIES + decoders.ENTRIES + networks.ENTRIES + samplers.ENTRIES
REGISTRY = Registry(modalities.ENTRIES + PARTS)
SIZES = Sizes(latent_dim=4, sample={"height": 6, "width": 5, "channels": 1})
IMAGE = Component(name="image")


def test_a_modality_is_a_function_of_seed_and_name() -> None:
    before = torch.random.get_rng_state()
    first = build_modality("image", IMAGE, SIZES, REGISTRY, seed=3).state_dict()
    assert torch.equal(torch.random.get_rng_state(), before)
    torch.manual_seed(9)
    again = build_modality("image", IMAGE, SIZES, REGISTRY, seed=3).state_dict()
    assert first.keys() == again.keys()
    assert all(torch.equal(first[name], again[name]) for name in first)
    name = "encoder.head.weight"
    for other in (
        build_modality("image", IMAGE, SIZES, REGISTRY, seed=4),
        build_modality("photo", IMAGE, SIZES, REGISTRY, seed=3),
    ):
        assert not torch.equal(other.state_dict()[name], first[name])


def test_a_factory_must_build_a_modality() -> None:
    strange = replace(modalities.ENTRIES[0], factory="lzn_runtime.networks.unet:build_unet")
    network = replace(strange, settings=networks.UNetSettings)
    with pytest.raises(TypeError, match="`image` must build a Modality, got UNet"):
        build_modality("image", IMAGE, SIZES, Registry((network, *PARTS)), seed=0)
