"""Reads the files of a program: each once, and only from inside the project."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.diagnostics.suggest import closest
from lzn_dsl.linking.place import SUFFIX, locate, open_inside, project_root
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.lexer import lex
from lzn_dsl.syntax.limits import DEFAULT_LIMITS, Limits
from lzn_dsl.syntax.parser import parse
from lzn_dsl.syntax.reading import programs_in, programs_note, read_descriptor

_REASONS = {
    "LZN102": "it is not a file",
    "LZN104": "it is too large",
    "LZN105": "it is not UTF-8 text",
    "LZN106": "it has a zero byte",
}


@dataclass(frozen=True, eq=False)
class Loaded:
    """A file of a program: where it is and its text, which is parsed when it is needed."""

    path: Path
    source: Source
    limits: Limits = field(default=DEFAULT_LIMITS, repr=False)

    @cached_property
    def tokens(self) -> int:
        """How many words and signs it has; not more than one beyond the limit."""
        return len(lex(self.source, self.limits.tokens))

    @property
    def file(self) -> tree.File:
        """Its tree, without the statements that are wrong."""
        return self._parsed[0]

    @property
    def found(self) -> tuple[Diagnostic, ...]:
        """What is wrong with its text."""
        return self._parsed[1]

    @cached_property
    def _parsed(self) -> tuple[tree.File, tuple[Diagnostic, ...]]:
        return parse(self.source, self.limits)


class Library:
    """The files of one program.

    Args:
        source: The program's own text.
        folder: The folder it is in; imports start there.
        texts: Texts to take in place of the files of these real paths, such as those that are
            open in an editor.
        closed: Whether to refuse all imports, as for a text that a stranger sent.
    """

    def __init__(
        self,
        source: Source,
        folder: Path,
        *,
        texts: Mapping[Path, str] | None = None,
        closed: bool = False,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._source = source
        self._folder = folder
        self._texts = texts or {}
        self._closed = closed
        self._limits = limits
        self._loaded: dict[Path, Loaded] = {}
        self._found: dict[tuple[str, Path], Path] = {}

    @cached_property
    def top(self) -> Loaded:
        """The program's own file."""
        return Loaded(self._home / Path(self._source.name).name, self._source, self._limits)

    @cached_property
    def top_path(self) -> Path:
        """The real path of the program's own file."""
        return Path(os.path.realpath(self.top.path))

    @cached_property
    def root(self) -> Path:
        """The folder that imports may not leave."""
        return project_root(self._home)

    def find(self, written: str, importer: Loaded) -> Path:
        """Return where an import of a file leads; the file may not be there.

        Raises SpecError, without a place, where it may not lead there (LZN230, LZN231), or nothing
        may be imported (LZN244).
        """
        if self._closed:
            hint = "save the program to a file and check that file"
            raise SpecError(Diagnostic("LZN244", "this program may not import files", hint=hint))
        key = (written, importer.path.parent)
        if key not in self._found:
            self._found[key] = locate(*key, self.root)
        return self._found[key]

    def load(self, path: Path) -> Loaded:
        """Return the file at a path that `find` returned.

        Raises SpecError, without a place, where there is none (LZN232) or it cannot be read
        (LZN233). What is said quotes nothing of it.
        """
        if path not in self._loaded:
            source = self._read(path, self._name(path))
            self._loaded[path] = Loaded(path, source, self._limits)
        return self._loaded[path]

    @cached_property
    def _home(self) -> Path:
        return Path(os.path.realpath(self._folder))

    def _name(self, path: Path) -> str:
        """The name a file is known by: its path, as one would write it to get the program's own."""
        beside = os.path.relpath(path, self._home)
        return Path(os.path.normpath(Path(self._source.name).parent / beside)).as_posix()

    def _read(self, path: Path, name: str) -> Source:
        if path in self._texts:
            return Source(name, self._texts[path])
        try:
            return read_descriptor(open_inside(path, self.root), name, self._limits)
        except (FileNotFoundError, NotADirectoryError):
            raise SpecError(_missing(path, name)) from None
        except OSError as error:
            reason = error.strerror.lower() if error.strerror else str(error)
            raise SpecError(_unreadable(name, reason)) from None
        except SpecError as failure:
            reason = _REASONS.get(failure.diagnostics[0].code, "the system refuses it")
            raise SpecError(_unreadable(name, reason)) from None


def _unreadable(name: str, reason: str) -> Diagnostic:
    hint = f"`lzn check {name}` may say more"
    return Diagnostic("LZN233", f"`{name}` cannot be imported: {reason}", hint=hint)


def _missing(path: Path, name: str) -> Diagnostic:
    beside = programs_in(path.parent)
    near = closest(path.stem, [other.removesuffix(SUFFIX) for other in beside])
    return Diagnostic(
        "LZN232",
        f"there is no file `{name}`",
        None,
        "paths start from the folder of this file",
        programs_note(beside),
        f"did you mean `{PurePosixPath(name).with_name(f'{near}{SUFFIX}')}`?" if near else "",
    )
