"""Reading a checkpoint from a stranger: in a process of its own that can do nothing else.

The process (see `child`) is given the open file, an empty one to write, and limits of memory, time
and size; it is killed when its time is up. What it wrote is read as safetensors, which holds
numbers and texts and nothing else.
"""

import hashlib
import json
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import IO

from safetensors import SafetensorError, safe_open
from torch import Tensor

from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError
from lzn_runtime.convert.child import MALFORMED, REFUSED
from lzn_runtime.convert.jail import BROKEN_OUT

MAX_BYTES = 64 * 1024**3
SECONDS = 900
_MEMORY = 1024**3
_SPARE = 64 * 1024**2
_BOOT = "import sys; sys.path[:] = {path!r}; from lzn_runtime.convert.child import main; main()"
_KEPT = ("LD_LIBRARY_PATH", "SYSTEMROOT")


@dataclass(frozen=True)
class Published:
    """What a checkpoint holds.

    Attributes:
        states: Tensors of each part (`encoder`, `decoder`, `label_anchor`) by published name.
        averages: Averaged weights of each part, in the order of its trained parameters.
        facts: Numbers beside them, such as `iteration` and `decoder_ema.decay`, as texts.
        sha256: Hash of the file.
    """

    states: Mapping[str, Mapping[str, Tensor]]
    averages: Mapping[str, tuple[Tensor, ...]]
    facts: Mapping[str, str]
    sha256: str


def read_checkpoint(path: Path, scratch: Path, *, seconds: int = SECONDS) -> Published:
    """Read a checkpoint, by way of a file as large as its weights in the folder `scratch`.

    Raises:
        StorageError: It cannot be read, or is no regular file (LZN708); it is damaged, holds more
            than tensors, numbers and texts, or takes too much time or memory (LZN715).
    """
    try:
        with _open(path) as source, tempfile.TemporaryDirectory(dir=scratch) as folder:
            facts = os.fstat(source.fileno())
            if facts.st_size > MAX_BYTES:
                raise _refused(path, f"it is larger than {MAX_BYTES // 1024**3} GiB")
            copy = Path(folder) / "copy.safetensors"
            with copy.open("xb") as target:
                _run_child(path, source, target, size=facts.st_size, seconds=seconds)
            states, averages, told = _collect(path, copy)
            source.seek(0)
            digest = hashlib.file_digest(source, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    return Published(states, averages, told, digest)


def _open(path: Path) -> BufferedReader:
    """Open a regular file; a pipe does not block, and is an OSError."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    file = os.fdopen(os.open(path, flags), "rb")
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise _unreadable(path, "it is no regular file")


def _run_child(
    path: Path, source: IO[bytes], target: IO[bytes], *, size: int, seconds: int
) -> None:
    limits = {"memory": _MEMORY + 2 * size, "seconds": seconds, "file_size": size + _SPARE}
    boot = _BOOT.format(path=[entry for entry in sys.path if entry])
    try:
        done = subprocess.run(  # noqa: S603 -- our own interpreter and module
            [sys.executable, "-I", "-c", boot, json.dumps(limits)],
            stdin=source,
            stdout=target,
            stderr=subprocess.PIPE,
            cwd=Path(sys.prefix),
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as expired:
        raise _refused(path, f"reading it takes more than {seconds} s") from expired
    if done.returncode == 0:
        return
    said = done.stderr.decode("ascii", "replace").strip()
    last = said.splitlines()[-1] if said else ""
    if done.returncode == REFUSED:
        raise _refused(path, f"it holds {last}")
    if done.returncode == MALFORMED:
        raise _refused(path, f"it is no sound torch checkpoint: {last}")
    if done.returncode == BROKEN_OUT:
        raise _refused(path, f"reading it tried more than reading ({last})")
    raise _refused(path, f"the process that read it ended with {done.returncode}")


def _collect(
    path: Path, copy: Path
) -> tuple[dict[str, dict[str, Tensor]], dict[str, tuple[Tensor, ...]], dict[str, str]]:
    states: dict[str, dict[str, Tensor]] = {}
    numbered: dict[str, dict[int, Tensor]] = {}
    try:
        with safe_open(copy, framework="pt") as tensors:
            for name in tensors.keys():  # noqa: SIM118 -- it is no mapping
                part, _, rest = name.partition("/")
                if part.endswith("_ema"):
                    numbered.setdefault(part.removesuffix("_ema"), {})[int(rest)] = (
                        tensors.get_tensor(name)
                    )
                else:
                    states.setdefault(part, {})[rest] = tensors.get_tensor(name)
            told = tensors.metadata() or {}
    except SafetensorError as error:
        raise _refused(path, "its tensors could not be copied") from error
    averages = {p: tuple(found[n] for n in sorted(found)) for p, found in numbered.items()}
    return states, averages, told


def _refused(path: Path, reason: str) -> StorageError:
    return StorageError(
        Diagnostic(
            code="LZN715",
            summary=f"`{path}` is refused: {reason}",
            notes=("nothing of it was run, and nothing was written",),
        )
    )


def _unreadable(path: Path, reason: str) -> StorageError:
    return StorageError(Diagnostic(code="LZN708", summary=f"`{path}` cannot be read: {reason}"))
