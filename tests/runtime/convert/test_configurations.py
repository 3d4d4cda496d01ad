"""The six released configurations are recognised by their weights, and convert at full size."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from torch import Tensor

from helpers.paper_networks import fixture_facts
from lzn_dsl.registry.plugins import default_registry
from lzn_runtime.convert.convert import convert
from lzn_runtime.convert.program import choose_program, configurations
from lzn_runtime.convert.shapes import Shapes, UnknownLayoutError, find_layout

REGISTRY = default_registry()
CONFIGS: dict[str, Any] = fixture_facts("state_dicts")["configs"]
NAMES = {
    "case_study_1_cifar10": "cifar10",
    "case_study_1_afhqcat": "afhq_cat",
    "case_study_1_celebahq": "celeba_hq",
    "case_study_1_lsunbedroom": "lsun_bedroom",
    "case_study_2": "imagenet_embedding",
    "case_study_3": "cifar10_joint",
}
PARTS = ("encoder", "decoder", "label_anchor")


def order(config: str, part: str) -> list[list[Any]]:
    module = CONFIGS[config]["modules"][part]
    if "same_as" in module:
        return order(*module["same_as"].split("/"))
    entries: list[list[Any]] = module["order"]
    return entries


def shapes(config: str) -> dict[str, Shapes]:
    return {
        part: {name: tuple(shape) for name, shape, _, _ in order(config, part)}
        for part in CONFIGS[config]["modules"]
    }


def decays(config: str) -> dict[str, str]:
    return {
        f"{part}_ema.decay": repr(CONFIGS[config][f"{part}_ema"]["decay"])
        for part in CONFIGS[config]["modules"]
    }


def test_all_six_are_known() -> None:
    assert set(configurations()) == set(NAMES.values())


@pytest.mark.parametrize("config", CONFIGS)
def test_a_configuration_is_recognised_by_its_weights(config: str) -> None:
    found = shapes(config)
    layout = find_layout(found["encoder"], found.get("decoder"), found.get("label_anchor"))
    program = choose_program(layout, decays(config), REGISTRY, None)
    assert program.name == NAMES[config]
    counts = {(m.name, p): n for m in program.plan.modalities for p, n in m.parameters.items()}
    for part, module in CONFIGS[config]["modules"].items():
        ours = ("label", "encoder") if part == "label_anchor" else ("image", part)
        assert counts[ours] == module["num_parameters"]


def test_an_unknown_decay_gives_a_program_of_its_own() -> None:
    found = shapes("case_study_1_afhqcat")
    layout = find_layout(found["encoder"], found["decoder"], None)
    program = choose_program(layout, {"encoder_ema.decay": "0.5"}, REGISTRY, None)
    assert program.name == ""
    named = choose_program(layout, {}, REGISTRY, "celeba_hq")
    assert named.name == "celeba_hq"
    assert program.plan.modality("image").parameters == named.plan.modality("image").parameters


def test_what_no_network_has_is_named() -> None:
    found = shapes("case_study_3")
    encoder, decoder, labels = (dict(found[part]) for part in PARTS)
    resnet = dict(shapes("case_study_2")["encoder"])

    def refused(match: str, *parts: Shapes | None) -> None:
        with pytest.raises(UnknownLayoutError, match=match):
            find_layout(*parts)  # type: ignore[arg-type]  # the parts of one checkpoint

    refused("no blocks", {}, decoder, labels)
    refused("no `decoder`", encoder, None, None)
    refused("no `anchor`", encoder, decoder, {})
    taps = {n: s for n, s in encoder.items() if "transformations" not in n}
    refused("no latent blocks", taps, decoder, labels)
    short = {n: s for n, s in encoder.items() if not n.startswith("all_modules.2.")}
    refused("levels of", short, decoder, labels)
    odd = {**encoder, "latent_transformations.0.0.weight": (200, 20_500)}
    refused("no square pictures", odd, decoder, labels)
    refused(
        "no head|without a head", {n: s for n, s in resnet.items() if "head" not in n}, None, None
    )
    refused("a ResNet-50 has", {n: s for n, s in resnet.items() if "net.4" not in n}, None, None)


def full_checkpoint(config: str) -> dict[str, Any]:
    """A checkpoint of the full shapes with random weights, and empty averages."""
    rng = torch.Generator().manual_seed(0)
    found: dict[str, Any] = {"epoch": 1, "iteration": 1000}
    for part in CONFIGS[config]["modules"]:
        state: dict[str, Tensor] = {}
        for name, shape, dtype, _ in order(config, part):
            value = torch.rand(shape, generator=rng).sub_(0.5)
            state[f"model.module.{name}"] = value.to(getattr(torch, dtype))
        found[part] = state
        found[f"{part}_ema"] = {**CONFIGS[config][f"{part}_ema"], "shadow_params": []}
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    "config", ["case_study_1_cifar10", "case_study_1_afhqcat", "case_study_2", "case_study_3"]
)
def test_a_configuration_converts_at_full_size(tmp_path: Path, config: str) -> None:
    checkpoint = full_checkpoint(config)
    torch.save(checkpoint, tmp_path / "full.pt")
    made = convert(tmp_path / "full.pt", tmp_path / "run", raw=True)
    assert made.name == NAMES[config]
    assert made.step == 1000
    modules = CONFIGS[config]["modules"]
    assert made.parameters == sum(m["num_parameters"] for m in modules.values())
    states = [state for part, state in checkpoint.items() if part in PARTS]
    want = sorted(float(v.sum()) for state in states for n, v in state.items() if "sigmas" not in n)
    path = next(made.folder.glob("checkpoints/*/ema.safetensors"))
    with safe_open(path, framework="pt") as weights:
        names = list(weights.keys())
        assert sorted(float(weights.get_tensor(name).sum()) for name in names) == want
    shutil.rmtree(tmp_path)  # gigabytes that pytest would keep
