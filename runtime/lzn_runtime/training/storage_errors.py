"""Which errors mean that the disk refused, and what is said of them."""

import errno

from safetensors import SafetensorError

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Severity

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL_WORDS = ("no space left", "os error 28", "disk quota exceeded", "file too large")
# What PyTorch and safetensors say where the system refused to write.
_WRITE_WORDS = (*_FULL_WORDS, "i/o error", "io error", "pytorchstreamwriter", "ioerror")

STORAGE_ERRORS = (OSError, RuntimeError, SafetensorError)
"""Catch these around a save, and ask `is_storage_error`."""


def is_storage_error(error: BaseException) -> bool:
    """Whether the error says that the system refused to write."""
    if isinstance(error, OSError):
        return True
    if not isinstance(error, RuntimeError | SafetensorError):
        return False
    return _says(error, _WRITE_WORDS)


def is_full(error: BaseException) -> bool:
    """Whether the error says that there is no space left."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    return _says(error, _FULL_WORDS)


def save_failed(error: BaseException, step: int) -> Diagnostic:
    """Return the warning about a checkpoint that could not be written (LZN705, LZN706)."""
    code, what = ("LZN705", "no space left") if is_full(error) else ("LZN706", str(error))
    return Diagnostic(
        code=code,
        summary=f"the checkpoint of step {step} could not be written: {what}",
        notes=("training goes on; checkpoints saved before are untouched",),
        hint="make room: the next checkpoint is tried in its turn",
        severity=Severity.WARNING,
    )


def _says(error: BaseException, words: tuple[str, ...]) -> bool:
    text = str(error).lower()
    return any(word in text for word in words)
