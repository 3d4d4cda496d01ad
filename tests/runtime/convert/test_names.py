"""Names, shapes and order of the published state dicts, one to one, for all six configurations."""

from typing import Any

import pytest
import torch
from torch import nn

from helpers.paper_networks import encoder_of, fixture_facts, names_of, resnet_of, velocity_of

MODULES = [
    (config, part)
    for config, facts in fixture_facts("state_dicts")["configs"].items()
    for part in facts["modules"]
    if part != "label_anchor"
]


def published(config: str, part: str) -> dict[str, Any]:
    configs = fixture_facts("state_dicts")["configs"]
    facts: dict[str, Any] = configs[config]["modules"][part]
    if "same_as" not in facts:
        return facts
    other, _, same = facts["same_as"].partition("/")
    return {**published(other, same), **{k: v for k, v in facts.items() if k != "same_as"}}


def module_of(config: str, part: str) -> nn.Module:
    with torch.device("meta"):
        if config == "case_study_2":
            return resnet_of(224)
        large = config not in ("case_study_1_cifar10", "case_study_3")
        side = 256 if large else 32
        if part == "encoder":
            return encoder_of(side, large=large)
        return velocity_of(side, 10 if config == "case_study_3" else 0, large=large)


@pytest.mark.parametrize(("config", "part"), MODULES)
def test_names_and_shapes_map_one_to_one_in_order(config: str, part: str) -> None:
    module, facts = module_of(config, part), published(config, part)
    names, parameters = names_of(module), dict(module.named_parameters())
    assert set(names) == set(parameters) == set(module.state_dict())
    want = [(name, tuple(shape)) for name, shape, _, kind in facts["order"] if kind != "buffer"]
    assert [(names[ours], tuple(parameters[ours].shape)) for ours in names] == want
    trained = [names[ours] for ours in names if parameters[ours].requires_grad]
    assert trained == [name for name, _, _, kind in facts["order"] if kind == "parameter"]
    assert len(trained) == facts["num_shadow"]
    assert sum(p.numel() for p in parameters.values()) == facts["num_parameters"]
