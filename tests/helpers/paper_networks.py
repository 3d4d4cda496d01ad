"""The paper's networks as the fixtures of tests/data/parity have them: tiny, or with made weights.

Weights are put in by their published names. Weights by recipe are a hash of name and place; see the
formula in the fixtures' JSON files.
"""

import json
import math
import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from helpers.parity import cases, tensors
from lzn_dsl.registry.builtin.ncsnpp import NcsnppEncoderSettings, NcsnppSettings
from lzn_dsl.registry.builtin.resnet import ResNet50Settings
from lzn_dsl.registry.entry import Sizes
from lzn_dsl.registry.registry import Registry
from lzn_runtime.convert.names import encoder_names, resnet_names, velocity_names
from lzn_runtime.networks.ncsnpp.encoder import NcsnppEncoder, build_encoder
from lzn_runtime.networks.ncsnpp.velocity import NcsnppVelocity, build_velocity
from lzn_runtime.networks.resnet import ResNetEncoder, build_resnet50

FOLDER = Path(__file__).parent.parent / "data" / "parity"
TINY = ("ncsnpp_tiny", "ncsnpp_tiny_fir")
_NONE = Registry(())
_LARGE: dict[str, Any] = {
    "mults": [1, 1, 2, 2, 2, 2, 2],
    "blocks": 2,
    "resample": "fir",
    "picture_skips": True,
}
_LATENT_SIDES = [64, 32, 16, 8, 4]


def encoder_of(side: int, *, large: bool) -> NcsnppEncoder:
    """The encoder of the paper's 32 x 32 models, or of its 256 x 256 ones."""
    settings = {**_LARGE, "latent_sides": _LATENT_SIDES} if large else {}
    return build_encoder(NcsnppEncoderSettings(**settings), _sizes(200, side, 0), _NONE)


def velocity_of(side: int, num_classes: int, *, large: bool) -> NcsnppVelocity:
    """The velocity of the paper's 32 x 32 models, or of its 256 x 256 ones."""
    settings: dict[str, Any] = {}
    if large:
        settings = {**_LARGE, "time": "fourier", "scale_by_time": True}
    return build_velocity(NcsnppSettings(**settings), _sizes(200, side, num_classes), _NONE)


def resnet_of(side: int) -> ResNetEncoder:
    """The ResNet-50 as it was released, with two layers in its head."""
    return build_resnet50(ResNet50Settings(head=2), _sizes(256, side, 0), _NONE)


def names_of(module: nn.Module) -> dict[str, str]:
    """Our names of its parameters beside the published ones."""
    if isinstance(module, NcsnppEncoder):
        return encoder_names(module)
    if isinstance(module, NcsnppVelocity):
        return velocity_names(module)
    assert isinstance(module, ResNetEncoder)
    return resnet_names(module)


def tiny_encoder(fixture: str) -> NcsnppEncoder:
    """The encoder of a fixture with its weights, in float64."""
    case = cases(fixture)["net"]
    settings = NcsnppEncoderSettings(
        **_body(case),
        latent_channels=case["nbc"],
        latent_units=case["nbu"],
        latent_sides=case.get("res"),
    )
    encoder = build_encoder(settings, _sizes(case["q"], case["size"], 0), _NONE)
    _load(encoder, tensors(fixture), "encoder.")
    return encoder.double()


def tiny_velocity(fixture: str) -> NcsnppVelocity:
    """The velocity of a fixture with its weights, in float64."""
    case = cases(fixture)["net"]
    model = case["model_config"]["model"]
    settings = NcsnppSettings(
        **_body(case),
        time=model["embedding_type"],
        fourier_scale=model["fourier_scale"],
        scale_by_time=model["scale_by_sigma"],
    )
    velocity = build_velocity(settings, _sizes(case["q"], case["size"], case["K"]), _NONE)
    _load(velocity, tensors(fixture), "decoder.")
    return velocity.double()


def _body(case: Mapping[str, Any]) -> dict[str, Any]:
    model = case["model_config"]["model"]
    return {
        "width": case["nf"],
        "mults": case["ch_mult"],
        "blocks": case["nrb"],
        "attention": case["attn"],
        "resample": "fir" if model["fir"] else "mean",
        "picture_skips": model["progressive"] == "output_skip",
    }


def _sizes(latent_dim: int, side: int, num_classes: int) -> Sizes:
    return Sizes(latent_dim, {"height": side, "width": side, "channels": 3}, num_classes)


def _load(module: nn.Module, found: Mapping[str, Tensor], prefix: str) -> None:
    module.load_state_dict({o: found[prefix + p] for o, p in names_of(module).items()})


def load_recipe(module: nn.Module, prefix: str, seed: int) -> None:
    """Give every parameter its made weights."""
    parameters = dict(module.named_parameters())
    with torch.no_grad():
        for ours, published in names_of(module).items():
            parameter = parameters[ours]
            parameter.copy_(recipe(prefix + published, tuple(parameter.shape), seed))


def recipe(key: str, shape: tuple[int, ...], seed: int) -> Tensor:
    """Return the made tensor of a name."""
    made = torch.from_numpy(_uniform(key, shape, seed))
    if key.startswith("input."):
        return made
    if len(shape) == 1:
        if key.endswith(".W"):
            return made * 16
        return 1 + 0.25 * made if key.endswith("weight") else 0.125 * made
    fan = shape[0] if key.endswith(".W") else math.prod(shape[1:])
    return made * float(np.float32(math.sqrt(3 / fan)))


def _uniform(key: str, shape: tuple[int, ...], seed: int) -> NDArray[np.float32]:
    word = np.uint64
    with np.errstate(over="ignore"):
        x = np.arange(math.prod(shape), dtype=word) + (word(zlib.crc32(key.encode())) << word(32))
        x = x + word(seed) * word(0x9E3779B97F4A7C15)
        x = (x ^ (x >> word(30))) * word(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> word(27))) * word(0x94D049BB133111EB)
        x = x ^ (x >> word(31))
    centred = ((x >> word(40)).astype(np.int64) - (1 << 23)).astype(np.float32)
    return (centred / np.float32(1 << 23)).reshape(shape)


@cache
def fixture_facts(fixture: str) -> dict[str, Any]:
    """All that a fixture's JSON file says."""
    facts: dict[str, Any] = json.loads((FOLDER / f"{fixture}.json").read_text(encoding="utf-8"))
    return facts
