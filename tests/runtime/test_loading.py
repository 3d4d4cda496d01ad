"""Factories of registry entries: what they may name, and what is said otherwise."""

import math
from dataclasses import replace

import pytest

from lzn_dsl.registry.builtin.samplers import ENTRIES
from lzn_dsl.registry.entry import Sizes
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component
from lzn_runtime.loading import build_component, load_factory

EULER = ENTRIES[0]


def test_a_factory_is_loaded_by_its_name() -> None:
    assert load_factory(replace(EULER, factory="math:sqrt")) is math.sqrt


@pytest.mark.parametrize(
    ("factory", "message"),
    [
        ("math.sqrt", "must have the form `package.module:attribute`"),
        (":sqrt", "must have the form `package.module:attribute`"),
        ("no_such_package.module:build", "cannot be loaded: No module named 'no_such_package'"),
        ("math:no_such_thing", "cannot be loaded: .*no_such_thing"),
    ],
)
def test_a_factory_that_is_not_there_is_named(factory: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"`{factory}` of the sampler `euler` {message}"):
        load_factory(replace(EULER, factory=factory))


def test_a_factory_must_be_callable() -> None:
    with pytest.raises(TypeError, match="must be callable, got float"):
        load_factory(replace(EULER, factory="math:pi"))


def test_only_registered_names_are_built() -> None:
    registry, sizes = Registry(ENTRIES), Sizes(latent_dim=1, sample={})
    with pytest.raises(
        ValueError, match="no sampler is called `heun`; there are: `dopri5`, `euler`"
    ):
        build_component("sampler", Component(name="heun"), sizes, registry)
    with pytest.raises(ValueError, match="steps"):
        build_component("sampler", Component(name="euler", settings={"steps": 0}), sizes, registry)
