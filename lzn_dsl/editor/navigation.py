"""Where a name is defined, where it is used, and what changes when it gets another name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from lzn_dsl.editor.document import Document
from lzn_dsl.editor.mentions import NAMED, Mention, Role
from lzn_dsl.syntax.tables import load_tables

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Files(Protocol):
    """The documents that names may come from or go to."""

    def resolve(self, document: Document, space: str) -> Document | None:
        """Return the document that a namespace of a document stands for."""

    def importers(self, document: Document) -> Iterator[tuple[Document, str]]:
        """Yield the documents that import a document, each with the namespace it gives it."""

    def builtin(self) -> Document:
        """Return the document of the built-in verbs."""


@dataclass(frozen=True)
class Location:
    """Characters `start` to `end` of a document."""

    document: Document
    start: int
    end: int


class RenameError(ValueError):
    """A name that cannot be changed, or not to what was asked; says why."""


def definition(files: Files, document: Document, offset: int) -> list[Location]:
    """Return where the name at an offset is defined; of an import's path, the file itself."""
    token = document.token_at(offset)
    if token and token.kind == "STRING":
        other = files.resolve(document, token.text)
        return [Location(other, 0, 0)] if other else []
    mention = document.mention_at(offset)
    if mention is None or mention.role not in NAMED:
        return []
    home = _home(files, document, mention)
    if home is None:
        return []
    found = [Location(home, m.start, m.end) for m in _same(home, mention) if m.defines]
    if not found:
        key = (mention.role, mention.text)
        found = [
            Location(home, d.start, d.end) for d in home.definitions if (d.role, d.name) == key
        ]
    if not found and mention.role is Role.VERB:
        builtin = files.builtin()
        found = [Location(builtin, m.start, m.end) for m in _same(builtin, mention) if m.defines]
    return found


def references(
    files: Files, document: Document, offset: int, *, definitions: bool = True
) -> list[Location]:
    """Return where the name at an offset is used, in the open files that can see it too."""
    mention = document.mention_at(offset)
    if mention is None or mention.role not in NAMED:
        return []
    home = _home(files, document, mention)
    if home is None:
        return []
    found = [(home, m) for m in _same(home, mention)]
    if mention.role not in (Role.LOCAL, Role.MODALITY, Role.NAMESPACE):
        for importer, space in files.importers(home):
            found += [
                (importer, m)
                for m in importer.mentions
                if (m.text, m.role) == (mention.text, mention.role) and m.space == space
            ]
    return [Location(d, m.start, m.end) for d, m in found if definitions or not m.defines]


def uses(document: Document) -> dict[tuple[Role, str], list[Mention]]:
    """Return the uses of each name that the text defines, by role and name."""
    found: dict[tuple[Role, str], list[Mention]] = {}
    for mention in document.mentions:
        if not mention.defines and not mention.space:
            found.setdefault((mention.role, mention.text), []).append(mention)
    return found


def renamable(files: Files, document: Document, offset: int) -> Location:
    """Return the name at an offset; RenameError where it cannot be changed."""
    mention = document.mention_at(offset)
    if mention is None or mention.role not in NAMED:
        raise RenameError("this is no name that the program gives")
    home = _home(files, document, mention)
    if home is None or not any(m.defines for m in _same(home, mention)):
        if mention.role is Role.VERB:
            raise RenameError(f"`{mention.text}` is a verb of the language")
        if mention.role is not Role.MODALITY:
            raise RenameError(f"`{mention.text}` is not defined in this program")
    if mention.role is Role.MODALITY and home and mention.text in home.columns:
        raise RenameError(f"`{mention.text}` is a column of the data, which gives it its name")
    return Location(document, mention.start, mention.end)


def rename(files: Files, document: Document, offset: int, name: str) -> list[Location]:
    """Return the places to write a new name at; RenameError where that is not possible."""
    renamable(files, document, offset)
    if not _NAME.fullmatch(name):
        raise RenameError(f"`{name}` is no name: write letters, digits and `_`, no digit first")
    if name in load_tables().words:
        raise RenameError(f"`{name}` is a word of the language")
    mention = document.mention_at(offset)
    assert mention is not None
    home = _home(files, document, mention) or document
    taken = {m.text for m in home.mentions if m.defines and m.scope in (-1, mention.scope)}
    if name in taken and name != mention.text:
        raise RenameError(f"`{name}` is a name of this program already")
    return references(files, document, offset)


def _home(files: Files, document: Document, mention: Mention) -> Document | None:
    """Return the document that gives a name."""
    return files.resolve(document, mention.space) if mention.space else document


def _same(home: Document, mention: Mention) -> list[Mention]:
    key = (mention.role, mention.text, mention.scope, "")
    return [m for m in home.mentions if m.key == key]
