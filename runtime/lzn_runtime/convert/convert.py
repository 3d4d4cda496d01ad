"""From a checkpoint of the paper's published code to a run folder whose tasks can be used.

The folder has what a training leaves: `spec.lzn`, `plan.json`, and a checkpoint of averaged weights
(or of the others) and support anchors, as safetensors. It has no state of an optimizer: a training
cannot go on from it.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save as save_tensors
from torch import Tensor

from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError
from lzn_dsl.planning.plan import Plan
from lzn_dsl.registry.plugins import default_registry
from lzn_dsl.registry.registry import Registry
from lzn_runtime.compile.model import build_model
from lzn_runtime.convert.program import ConvertedProgram, choose_program
from lzn_runtime.convert.reading import SECONDS, Published, read_checkpoint
from lzn_runtime.convert.shapes import UnknownLayoutError, find_layout
from lzn_runtime.convert.support import add_support
from lzn_runtime.convert.weights import our_weights, plain_states
from lzn_runtime.training.checkpoint_store import CheckpointStore
from lzn_runtime.training.environment import environment, host, versions
from lzn_runtime.training.plan_hash import plan_hash
from lzn_runtime.training.run_folder import RunFolder
from lzn_runtime.training.storage_errors import STORAGE_ERRORS, is_storage_error
from lzn_runtime.training.training_state import Facts

_LAST_STEP = 99_999_999


@dataclass(frozen=True)
class Converted:
    """What became of a checkpoint.

    Attributes:
        folder: The run folder.
        name: Which of the paper's configurations it is; empty for none of them.
        plan: Its plan.
        step: Training steps behind the weights.
        parameters: Number of parameters.
        support: Number of support anchors; 0 for none.
    """

    folder: Path
    name: str
    plan: Plan
    step: int
    parameters: int
    support: int


def convert(
    path: Path,
    out: Path,
    *,
    config: str | None = None,
    raw: bool = False,
    support: str | None = None,
    registry: Registry | None = None,
    seconds: int = SECONDS,
) -> Converted:
    """Convert a checkpoint.

    Args:
        path: The checkpoint, as the published code saves it.
        out: The run folder to make; it must not exist, or be empty.
        config: Name of the paper's configuration; by default it is recognised.
        raw: Take the weights that were trained, not their average.
        support: A folder of pictures or the name of a dataset, to bound zones by; see `support`.
        registry: Components of the program; by default those of this installation.
        seconds: Time that reading the file may take.

    Raises:
        StorageError: The file cannot be read (LZN708), is refused (LZN715), is of no published
            network (LZN716) or not finite (LZN717); the folder is in use (LZN904) or cannot be
            written (LZN706).
        SpecError: No configuration has that name (LZN903).
        DataError: The pictures of the support cannot be used.
    """
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise StorageError(Diagnostic("LZN904", f"`{out}` exists and is not empty"))
    known = registry or default_registry()
    folder = RunFolder(out)
    folder.make()
    try:
        return _convert(path, folder, known, config, support, averaged=not raw, seconds=seconds)
    except BaseException:
        _remove_if_empty(out)
        raise


def _convert(
    path: Path,
    folder: RunFolder,
    registry: Registry,
    config: str | None,
    support: str | None,
    *,
    averaged: bool,
    seconds: int,
) -> Converted:
    checkpoint = read_checkpoint(path, folder.path, seconds=seconds)
    shapes = {
        part: {name: tuple(value.shape) for name, value in state.items()}
        for part, state in plain_states(checkpoint).items()
    }
    try:
        layout = find_layout(
            shapes.get("encoder", {}), shapes.get("decoder"), shapes.get("label_anchor")
        )
        program = choose_program(layout, checkpoint.facts, registry, config)
    except UnknownLayoutError as error:
        summary = f"`{path}` is no checkpoint of a published network: {error}"
        raise StorageError(Diagnostic("LZN716", summary)) from error
    weights = our_weights(checkpoint, program.plan, registry, averaged=averaged)
    anchors: dict[str, Tensor] = {}
    if support is not None:
        model = build_model(program.plan, registry, device=torch.device("cpu"))
        model.load_state_dict(weights)
        add_support(model, program.plan, support, registry)
        anchors = model.supports()
    step = _step(checkpoint)
    source = {
        "file": path.name,
        "sha256": checkpoint.sha256,
        "weights": "averaged" if averaged else "trained",
        **checkpoint.facts,
    }
    _save(folder, program, source, step, weights, anchors)
    return Converted(
        folder.path,
        program.name,
        program.plan,
        step,
        sum(value.numel() for value in weights.values()),
        sum(len(value) for value in anchors.values()),
    )


def _step(checkpoint: Published) -> int:
    iteration = checkpoint.facts.get("iteration", "0")
    return min(int(iteration), _LAST_STEP) if iteration.isdecimal() else 0


def _save(
    folder: RunFolder,
    program: ConvertedProgram,
    source: dict[str, str],
    step: int,
    weights: dict[str, Tensor],
    anchors: dict[str, Tensor],
) -> None:
    cpu = torch.device("cpu")
    facts = Facts(
        step=step,
        plan=plan_hash(program.plan),
        data="that of a converted checkpoint",
        versions=versions(),
        host=host(cpu),
        support=sum(len(value) for value in anchors.values()),
    )
    told = json.dumps({**json.loads(environment(cpu)), "converted": source}, indent=1)
    folder.write(program.plan, spec=program.text, environment=told)
    store = CheckpointStore(folder.checkpoints, warn=lambda _: None)
    contents = {
        "ema.safetensors": save_tensors(weights),
        "support.safetensors": save_tensors(anchors),
        "state.json": facts.model_dump_json(indent=1).encode(),
    }
    try:
        store.save(step, contents, keep=1)
    except STORAGE_ERRORS as error:
        if not is_storage_error(error):
            raise
        summary = f"the converted checkpoint could not be written: {error}"
        raise StorageError(Diagnostic("LZN706", summary)) from error


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
