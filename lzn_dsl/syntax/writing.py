"""Writes a program to its file: all of it or nothing."""

import os
from contextlib import suppress
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError


def write_text(path: Path, text: str) -> None:
    """Put a text in place of a file's, which keeps its permissions and its links.

    The text is written beside the file and then takes its place, so that a reader sees the one or
    the other. Raises StorageError where it cannot be written; the file is then as it was.
    """
    target = path.resolve()
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(None, "it is read-only")
        with beside.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            beside.chmod(target.stat().st_mode & 0o7777)
        beside.replace(target)
    except OSError as failure:
        with suppress(OSError):
            beside.unlink()
        reason = (failure.strerror or str(failure)).lower()
        raise StorageError(
            Diagnostic("LZN904", f"`{path}` cannot be written: {reason}")
        ) from failure
