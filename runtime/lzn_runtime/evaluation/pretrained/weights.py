"""Weights from a file that the user names: tensors by name, and nothing else.

`.safetensors` holds only tensors. Any other file is read as torch stores a state dict, by the
reader of torch that builds tensors and refuses every other object.
"""

import hashlib
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from lzn_dsl.datafiles.torch_archive import MALFORMED_ERRORS
from lzn_runtime.evaluation.errors import EvaluationError, evaluation_error

_IN_FOLDER = "model.safetensors"
_COUNTER = "num_batches_tracked"
"""Of batch normalisation: it has no part in use, and files of early versions of torch lack it."""


class Weights(NamedTuple):
    """Tensors by name, with the name of the file and its SHA-256."""

    tensors: dict[str, Tensor]
    file: str
    sha256: str


def read_weights(path: Path, *, extractor: str) -> Weights:
    """Read a file of weights, or the `model.safetensors` of a folder.

    Raises EvaluationError: LZN805 where there is no such file, LZN806 for one that is damaged or
    holds more than tensors.
    """
    file = path / _IN_FOLDER if path.is_dir() else path
    if not file.is_file():
        raise evaluation_error(
            "LZN805",
            f"the weights of the extractor `{extractor}` are not there: no file `{file.name}` in "
            f"`{file.parent.name or file.parent}`",
            hint="name the file by `weights:`; nothing is downloaded",
        )
    try:
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        found = _read(file)
    except (SafetensorError, *MALFORMED_ERRORS) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise unfit(file.name, extractor, f"it cannot be read: {reason}") from error
    inner = found.get("state_dict") if isinstance(found, Mapping) else None
    tensors = inner if isinstance(inner, Mapping) else found
    if not isinstance(tensors, Mapping) or not all(isinstance(t, Tensor) for t in tensors.values()):
        raise unfit(file.name, extractor, "it is no state dict: tensors by name")
    return Weights({str(name): t for name, t in tensors.items()}, file.name, digest)


def fill(network: nn.Module, weights: Weights, *, extractor: str) -> None:
    """Put weights, in float32, into a network that was built on the device `meta`.

    Raises EvaluationError LZN806 where they are those of another network.
    """
    wanted = network.state_dict()
    given = dict(weights.tensors)
    for name in wanted:
        if name.endswith(_COUNTER):
            given.setdefault(name, torch.tensor(0))
    for problem in _differences(wanted, given):
        raise unfit(weights.file, extractor, problem)
    floats = {n: t.float() if t.is_floating_point() else t for n, t in given.items()}
    network.load_state_dict(floats, assign=True)
    network.eval().requires_grad_(requires_grad=False)


def unfit(file: str, extractor: str, reason: str) -> EvaluationError:
    """Return the error that a file is not what an extractor takes."""
    return evaluation_error(
        "LZN806", f"`{file}` holds no weights of the extractor `{extractor}`: {reason}"
    )


def _read(file: Path) -> object:
    if file.suffix == ".safetensors":
        return load_file(file)
    with warnings.catch_warnings(action="ignore"):  # of pickles that it then refuses
        return torch.load(file, map_location="cpu", weights_only=True)


def _differences(wanted: Mapping[str, Tensor], given: Mapping[str, Tensor]) -> list[str]:
    missing = [f"it has no `{name}`" for name in wanted if name not in given]
    shapes = [
        f"`{name}` has the shape {tuple(given[name].shape)}, not {tuple(tensor.shape)}"
        for name, tensor in wanted.items()
        if name in given and given[name].shape != tensor.shape
    ]
    return missing + shapes + [f"it has a `{name}`" for name in given if name not in wanted]
