"""Reads a program from a file, whatever the file turns out to be."""

import os
import stat
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.diagnostics.suggest import closest
from lzn_dsl.syntax.excess import too_large
from lzn_dsl.syntax.limits import DEFAULT_LIMITS, Limits

_SUFFIX = ".lzn"
_LOOKED_AT = 1000
# Without waiting for the other end of a pipe; not every system has both flags.
_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def read_source(path: Path | str, limits: Limits = DEFAULT_LIMITS) -> Source:
    """Return the text of a file. Never waits: a pipe or a device is refused, not read.

    Raises SpecError when there is no such file, or it is not a file, cannot be read, is too large,
    or is not UTF-8 text.
    """
    path = Path(path)
    name = str(path)
    try:
        _refuse_special(path, path.stat())
        descriptor = os.open(path, _OPEN_FLAGS)
    except FileNotFoundError:
        raise SpecError(_missing(path)) from None
    except (OSError, ValueError) as error:
        raise SpecError(_unreadable(name, error)) from error
    return read_descriptor(descriptor, name, limits)


def read_descriptor(descriptor: int, name: str, limits: Limits = DEFAULT_LIMITS) -> Source:
    """Return the text of an open file, and close it.

    Raises SpecError as `read_source` does.
    """
    with open(descriptor, "rb") as file:  # a descriptor has no path
        _refuse_special(Path(name), os.fstat(descriptor))  # what was opened, should it be another
        try:
            data = file.read(limits.file_bytes + 1)
        except OSError as error:
            raise SpecError(_unreadable(name, error)) from error
    return decode_source(data, name, limits)


def decode_source(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> Source:
    """Return the text that bytes stand for, such as those of standard input.

    Raises SpecError when they are too many, or not UTF-8 text.
    """
    if len(data) > limits.file_bytes:
        raise SpecError(too_large(name, limits))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SpecError(_not_text(name, "it is UTF-16", "save it as UTF-8"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = data[error.start]
        where = f"byte 0x{byte:02x} at {_position(data, error.start)}"
        raise SpecError(_not_text(name, f"{where} is not UTF-8", "save it as UTF-8")) from None
    if "\0" in text:
        where = _position(data, data.index(b"\0"))
        hint = "a program is a text file; is this one?"
        raise SpecError(
            Diagnostic("LZN106", f"`{name}` has a zero byte at {where}", hint=hint)
        ) from None
    return Source(name, text)


def _position(data: bytes, offset: int) -> str:
    before = data[:offset]
    start = before.rfind(b"\n") + 1
    column = len(before[start:].decode("utf-8-sig", "replace")) + 1
    return f"line {before.count(10) + 1}, column {column}"


def _not_text(name: str, what: str, hint: str) -> Diagnostic:
    return Diagnostic("LZN105", f"`{name}` is not UTF-8 text: {what}", hint=hint)


def _refuse_special(path: Path, status: os.stat_result) -> None:
    if stat.S_ISREG(status.st_mode):
        return
    kind = next((kind for is_kind, kind in _KINDS if is_kind(status.st_mode)), "no file")
    hint = f"name a file in it, such as `{path / 'NAME.lzn'}`" if kind == "a folder" else ""
    raise SpecError(Diagnostic("LZN102", f"`{path}` is {kind}, not a file", hint=hint))


def _unreadable(name: str, error: OSError | ValueError) -> Diagnostic:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Diagnostic("LZN103", f"`{name}` cannot be read: {reason.lower()}")


def _missing(path: Path) -> Diagnostic:
    if not path.parent.is_dir():
        return Diagnostic("LZN101", f"there is no folder `{path.parent}`")
    if path.is_symlink():
        summary = f"`{path}` is a link to a file that is not there"
        return Diagnostic("LZN101", summary, hint=f"it leads to `{path.readlink()}`")
    programs = programs_in(path.parent)
    nearest = closest(path.name, programs) or closest(path.name + _SUFFIX, programs)
    return Diagnostic(
        "LZN101",
        f"there is no file `{path}`",
        notes=programs_note(programs),
        hint=f"did you mean `{path.with_name(nearest)}`?" if nearest else "",
    )


def programs_in(folder: Path) -> list[str]:
    """Return the names of the programs in a folder, of its first thousand entries."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, _LOOKED_AT)]
    except OSError:
        return []
    return sorted(name for name in names if name.endswith(_SUFFIX))


def programs_note(programs: Sequence[str]) -> tuple[str, ...]:
    """Return the note that names the first programs of a folder; none where there are none."""
    listed = ", ".join(f"`{name}`" for name in programs[:8])
    return (f"programs there: {listed}{', ...' if len(programs) > 8 else ''}",) if listed else ()
