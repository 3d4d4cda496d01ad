"""A lock on a run folder, so that two processes never train in one.

The lock is the operating system's (`flock`) on the file `.lock`: it ends with the process that has
it, however that ends, so that no lock is ever stale. The file's text only names the holder.
"""

import contextlib
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError

if sys.platform != "win32":  # there, two runs in one folder are not noticed
    import fcntl

NAME = ".lock"


@contextlib.contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder. Raises StorageError (LZN704) where another process has it."""
    handle = _open(folder / NAME)
    try:
        _take(handle, folder)
        _sign(handle)
        yield
        with contextlib.suppress(OSError):
            os.ftruncate(handle, 0)
    finally:
        os.close(handle)


@contextlib.contextmanager
def waiting_lock(folder: Path, name: str) -> Iterator[None]:
    """Hold the lock `name` of a folder, for a short time, after whoever has it.

    Raises StorageError (LZN708) where the folder cannot be written to.
    """
    handle = _open(folder / name)
    try:
        if sys.platform != "win32":
            with contextlib.suppress(OSError):  # a file system without locks
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StorageError(
            Diagnostic(code="LZN708", summary=f"`{path.parent}` cannot be written to: {error}")
        ) from error


def _take(handle: int, folder: Path) -> None:
    if sys.platform == "win32":
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise StorageError(
            Diagnostic(
                code="LZN704",
                summary=f"another process is training in `{folder}`",
                notes=_holder(handle),
                hint="wait for it, stop it, or use another folder",
            )
        ) from error
    except OSError:
        return  # a file system without locks


def _sign(handle: int) -> None:
    facts = {
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "since": time.strftime("%Y-%m-%d %H:%M:%S"),
    }
    with contextlib.suppress(OSError):  # a full disk must not stop a run that only reads
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(facts).encode(), 0)


def _holder(handle: int) -> tuple[str, ...]:
    try:
        facts = json.loads(os.pread(handle, 4096, 0))
        return (f"it is process {facts['pid']} on {facts['host']}, since {facts['since']}",)
    except (OSError, ValueError, KeyError, TypeError):
        return ()
