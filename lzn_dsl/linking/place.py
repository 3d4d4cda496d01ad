"""Where an import may lead: to a file of the project, and nowhere else.

The project is the nearest folder above the program that holds `pyproject.toml` or `.git`, or, where
there is none, the program's own folder. A path starts from the file that states it.
"""

import os
import re
import stat
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError

SUFFIX = ".lzn"
_MARKS = ("pyproject.toml", ".git")
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)
)
_FOLDER_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_INSIDE = "a file of the project, by its path from this file"


def project_root(folder: Path) -> Path:
    """Return the folder that imports may not leave, for a program in a folder.

    `folder` is a real path: without links and without `..`.
    """
    for above in (folder, *folder.parents):
        if any(os.path.lexists(above / mark) for mark in _MARKS):
            return above
    return folder


def locate(written: str, folder: Path, root: Path) -> Path:
    """Return the real path of an import that a file in `folder` states; it may not be there.

    Both folders are real paths. Raises SpecError, without a place, where the path has a form that
    no import may have (LZN230) or leads out of the root (LZN231).
    """
    if problem := _refused_form(written):
        raise SpecError(
            Diagnostic("LZN230", f"an import cannot name {problem}", None, f"expected {_INSIDE}")
        )
    lexical = Path(os.path.normpath(folder / written))
    if not lexical.is_relative_to(root):
        raise SpecError(_leads_out("leads out of the project"))
    try:
        real = lexical.resolve()
    except (OSError, RuntimeError):  # a loop of links
        raise SpecError(_leads_out("leads through links without an end")) from None
    if not real.is_relative_to(root):
        raise SpecError(_leads_out("is a link that leads out of the project"))
    if real.suffix != SUFFIX:
        raise SpecError(_leads_out(f"is a link to a file whose name does not end in `{SUFFIX}`"))
    return real


def open_inside(path: Path, root: Path) -> int:
    """Open a file below a root for reading, and return its descriptor.

    Each folder on the way is opened from the one before it, and no link is followed, so that a path
    that is changed in the meantime leads nowhere. Raises OSError.
    """
    if os.open not in os.supports_dir_fd:
        _refuse_special(os.lstat(path))
        return os.open(path, _OPEN_FLAGS)
    *folders, name = path.relative_to(root).parts
    at = os.open(root, _FOLDER_FLAGS)
    try:
        for folder in folders:
            inner = os.open(folder, _FOLDER_FLAGS, dir_fd=at)
            os.close(at)
            at = inner
        _refuse_special(os.stat(name, dir_fd=at, follow_symlinks=False))
        return os.open(name, _OPEN_FLAGS, dir_fd=at)
    finally:
        os.close(at)


def _refuse_special(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise OSError("it is not a file")


def _refused_form(written: str) -> str:
    """Say what a path is that no import may have, or return an empty text."""
    if not written.strip():
        return "nothing"
    if "\0" in written or not written.isprintable():
        return "a path with characters that cannot be seen"
    if "\\" in written:
        return "a path with `\\`: write `/` between folders"
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", written):
        return "a drive or an address of the network"
    if written.startswith(("/", "~")):
        return "a path that starts outside of the project"
    if not written.endswith(SUFFIX) or written.endswith(f"/{SUFFIX}") or written == SUFFIX:
        return f"a file whose name does not end in `{SUFFIX}`"
    return ""


def _leads_out(what: str) -> Diagnostic:
    return Diagnostic(
        "LZN231",
        f"the import {what}",
        None,
        f"expected {_INSIDE}",
        hint="move the file into the project, or the program into the project of the file",
    )
