"""Everything that a training is, between two steps; and its files in a checkpoint.

A checkpoint holds `model`, `ema`, `optimizer` and `support` as safetensors, and `state.json`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from pydantic import BaseModel, ConfigDict, ValidationError
from safetensors.torch import save as save_tensors
from torch import Tensor, nn

from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError, TrainingError
from lzn_runtime.compile.model import LatentModel
from lzn_runtime.training.checkpoint_store import Stored
from lzn_runtime.training.optimizer_state import load_optimizer_tensors, optimizer_tensors
from lzn_runtime.training.tensor_file import BadTensorsError, load_tensors

_ROWS = ".rows"
"""Name of the rows of the support in its file; that of no modality."""


class Facts(BaseModel):
    """What `state.json` says of a checkpoint.

    Attributes:
        step: Steps that are done.
        plan: Hash of what decides the training; see `plan_hash`.
        data: Fingerprint of the training data.
        versions: Versions of the packages that wrote it.
        host: Machine that wrote it.
        support: Support samples that were asked for.
        skipped: Steps that were skipped because something was not finite.
        in_a_row: How many of the last steps were.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: int
    plan: str
    data: str
    versions: dict[str, str]
    host: dict[str, str]
    support: int
    skipped: int = 0
    in_a_row: int = 0


@dataclass
class TrainingState:
    """A training between two steps.

    Attributes:
        model: The weights that are trained.
        ema: Their running average, and the support that follows from it: what is used.
        optimizer: The optimizer of the model's parameters.
        step: Steps that are done.
        skipped: Steps that changed nothing.
        in_a_row: How many of the last steps did.
    """

    model: LatentModel
    ema: LatentModel
    optimizer: torch.optim.Optimizer
    step: int = 0
    skipped: int = 0
    in_a_row: int = 0


def pack(state: TrainingState, facts: Facts) -> dict[str, bytes]:
    """Return the files of a checkpoint.

    Raises TrainingError (LZN603) where a number is not finite: such a state is never saved.
    """
    parts = {
        "model": state.model.state_dict(),
        "ema": state.ema.state_dict(),
        "optimizer": optimizer_tensors(state.optimizer, state.model),
        "support": _support(state.ema),
    }
    files: dict[str, bytes] = {}
    for part, tensors in parts.items():
        _require_finite(part, tensors)
        files[f"{part}.safetensors"] = _bytes(tensors)
    files["state.json"] = facts.model_dump_json(indent=1).encode()
    return files


def read_facts(stored: Stored) -> Facts:
    """Return what `state.json` says. Raises StorageError (LZN709) where it is another format."""
    try:
        return Facts.model_validate_json(stored.files["state.json"])
    except (KeyError, ValidationError) as error:
        raise _unfit(stored, "`state.json` is not of this version of lzn_dsl") from error


def unpack(state: TrainingState, stored: Stored) -> None:
    """Load a checkpoint into a new state. Raises StorageError (LZN709) where it does not fit."""
    facts = read_facts(stored)
    load_weights(state.model, stored, "model")
    load_weights(state.ema, stored, "ema")
    load_support(state.ema, stored)
    try:
        load_optimizer_tensors(state.optimizer, state.model, _tensors(stored, "optimizer"))
    except ValueError as error:
        raise _unfit(stored, str(error)) from error
    state.step, state.skipped, state.in_a_row = facts.step, facts.skipped, facts.in_a_row


def load_weights(module: nn.Module, stored: Stored, part: str) -> None:
    """Load `model` or `ema` into a module.

    Raises StorageError (LZN709) where names or shapes differ.
    """
    found, wanted = _tensors(stored, part), module.state_dict()
    faults = [f"`{name}` is missing" for name in sorted(wanted.keys() - found.keys())]
    faults += [f"`{name}` is unknown" for name in sorted(found.keys() - wanted.keys())]
    faults += [
        f"`{name}` has shape {tuple(found[name].shape)}, the plan's {tuple(value.shape)}"
        for name, value in wanted.items()
        if name in found and found[name].shape != value.shape
    ]
    if faults:
        raise _unfit(stored, *faults)
    module.load_state_dict(found)


def load_support(model: LatentModel, stored: Stored) -> None:
    """Load the support anchors of a model."""
    for name, tensor in _tensors(stored, "support").items():
        if name == _ROWS:
            model.set_support_rows(tensor)
        else:
            model.set_support(name, tensor)


def _support(model: LatentModel) -> dict[str, Tensor]:
    rows = model.support_rows()
    return model.supports() if rows is None else {**model.supports(), _ROWS: rows}


def _tensors(stored: Stored, part: str) -> dict[str, Tensor]:
    try:
        return load_tensors(stored.files.get(f"{part}.safetensors", b""))
    except BadTensorsError as error:
        raise _unfit(stored, f"`{part}.safetensors` {error}") from error


def _require_finite(part: str, tensors: Mapping[str, Tensor]) -> None:
    for name, value in tensors.items():
        if value.is_floating_point() and not bool(torch.isfinite(value).all()):
            raise TrainingError(
                Diagnostic(
                    code="LZN603",
                    summary=f"`{name}` ({part}) is not finite; nothing was saved of this step",
                    hint="lower the learning rate; the last checkpoint is good",
                )
            )


def _bytes(tensors: Mapping[str, Tensor]) -> bytes:
    return save_tensors(
        {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    )


def _unfit(stored: Stored, *faults: str) -> StorageError:
    shown = faults[:8]
    more = (f"and {len(faults) - 8} more",) if len(faults) > 8 else ()
    return StorageError(
        Diagnostic(
            code="LZN709",
            summary=f"the checkpoint of step {stored.step} does not fit the plan",
            notes=(*shown, *more),
        )
    )
