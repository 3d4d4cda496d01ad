"""The torch-free halves of modalities, encoders, decoders, networks and samplers."""

import subprocess
import sys

import pytest
from pydantic import ValidationError

from lzn_dsl.registry.builtin import decoders, encoders, modalities, networks, samplers
from lzn_dsl.registry.builtin.encoders import ConvSettings
from lzn_dsl.registry.builtin.modalities import ImageSettings, LabelSettings
from lzn_dsl.registry.builtin.networks import UNetSettings
from lzn_dsl.registry.entry import Capability, Entry, Sizes
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import component_kind

ENTRIES = (
    modalities.ENTRIES + encoders.ENTRIES + decoders.ENTRIES + networks.ENTRIES + samplers.ENTRIES
)
REGISTRY = Registry(ENTRIES)
SIZES = Sizes(latent_dim=16, sample={"height": 8, "width": 8, "channels": 1}, num_classes=10)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: f"{e.kind}-{e.name}")
def test_every_setting_has_a_default_and_a_description_of_one_line(entry: Entry) -> None:
    defaults = entry.settings()
    for name, field in entry.settings.model_fields.items():
        assert field.description, name
        assert "\n" not in field.description
        assert hasattr(defaults, name)
    assert set(entry.settings.positional) <= set(entry.settings.model_fields)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: f"{e.kind}-{e.name}")
def test_every_nested_component_is_registered_by_its_default(entry: Entry) -> None:
    for name, field in entry.settings.model_fields.items():
        kind = component_kind(entry.settings, name)
        if kind is not None:
            assert REGISTRY.find(kind, field.default.name) is not None


@pytest.mark.parametrize(
    ("settings", "given"),
    [
        (ConvSettings, {"widths": []}),
        (ConvSettings, {"widths": [32, 0]}),
        (ConvSettings, {"widths": [32, 64], "strides": [1]}),
        (ConvSettings, {"strides": [1, 3, 1]}),
        (UNetSettings, {"width": 3}),
        (UNetSettings, {"mults": [1, 17]}),
        (UNetSettings, {"patch": 0}),
        (LabelSettings, {"classes": 1}),
        (LabelSettings, {"classes": 3, "names": ["a", "b"]}),
        (LabelSettings, {"names": ["a", "b", "a"]}),
        (ImageSettings, {"height": 0}),
        (ImageSettings, {"colour": 3}),
        (samplers.EulerSettings, {"steps": 0}),
        (samplers.Dopri5Settings, {"rtol": 0.0}),
        (decoders.FlowSettings, {"times": "late"}),
    ],
)
def test_settings_outside_their_range_are_refused(
    settings: type[ConvSettings], given: dict[str, object]
) -> None:
    with pytest.raises(ValidationError):
        settings.model_validate(given)


def test_a_picture_can_be_decoded_only_with_a_decoder() -> None:
    entry = REGISTRY.get("modality", "image")
    assert entry.capabilities is not None
    both = {Capability.ENCODABLE, Capability.DECODABLE}
    assert entry.capabilities(ImageSettings()) == both
    assert entry.capabilities(ImageSettings(decoder=None)) == {Capability.ENCODABLE}


def test_a_label_is_discrete() -> None:
    entry = REGISTRY.get("modality", "label")
    assert entry.capabilities is not None
    assert Capability.DISCRETE in entry.capabilities(LabelSettings())


def test_a_picture_without_decoder_costs_its_encoder_alone() -> None:
    entry = REGISTRY.get("modality", "image")
    assert entry.costs is not None
    with_decoder = entry.costs(ImageSettings(), SIZES, REGISTRY)
    assert set(with_decoder) == {"encoder", "decoder"}
    without = entry.costs(ImageSettings(decoder=None), SIZES, REGISTRY)
    assert without == {"encoder": with_decoder["encoder"]}


@pytest.mark.parametrize(("side", "patch"), [(8, 1), (16, 1), (28, 2), (48, 2), (64, 4)])
def test_larger_pictures_get_larger_patches(side: int, patch: int) -> None:
    assert UNetSettings().patch_for(side, 1) == patch
    assert UNetSettings(patch=3).patch_for(side, side) == 3


def test_the_encoder_keeps_full_resolution_first_for_small_pictures_and_last_for_large() -> None:
    settings = ConvSettings(widths=[8, 16])
    assert settings.levels(8, 16) == [(8, 1), (16, 2)]
    assert settings.levels(28, 28) == [(8, 2), (16, 1)]
    assert ConvSettings(widths=[8, 16], strides=[1, 1]).levels(28, 28) == [(8, 1), (16, 1)]


def test_the_torch_free_half_does_not_import_torch() -> None:
    names = ("modalities", "encoders", "decoders", "networks", "samplers")
    imports = "; ".join(f"import lzn_dsl.registry.builtin.{name}" for name in names)
    code = f"import sys; {imports}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
