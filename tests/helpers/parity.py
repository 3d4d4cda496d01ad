"""Fixtures of tests/data/parity: numbers taken from the published code, see its JSON files."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor

_FOLDER = Path(__file__).parent.parent / "data" / "parity"


@cache
def cases(fixture: str) -> dict[str, dict[str, Any]]:
    """The cases of a fixture and their sizes."""
    text = (_FOLDER / f"{fixture}.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = json.loads(text)["cases"]
    return found


@cache
def tensors(fixture: str) -> dict[str, Tensor]:
    """All tensors of a fixture, by key. Do not change them."""
    return load_file(_FOLDER / f"{fixture}.safetensors")


def leaf(fixture: str, key: str, dtype: torch.dtype) -> Tensor:
    """A copy of an input that asks for a gradient."""
    return tensors(fixture)[key].to(dtype).clone().requires_grad_()


def worst(got: Tensor, fixture: str, key: str) -> float:
    """Largest difference to the float64 result, over its largest value."""
    want = tensors(fixture)[f"{key}.f64"].double()
    return float((got.detach().double() - want).abs().max() / want.abs().max())
