"""How errors about data name a file."""

import os
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import DataError, Diagnostic


def data_error(code: str, summary: str, *, hint: str = "") -> DataError:
    """Return the error of one finding about data."""
    return DataError(Diagnostic(code=code, summary=summary, hint=hint))


def show_path(path: Path | str) -> str:
    """Return a path as it can be printed: on one line, without control characters, valid UTF-8."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
