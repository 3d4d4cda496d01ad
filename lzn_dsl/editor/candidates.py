"""What may be written, by kind: names of the program, components, settings, plain values."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import get_args

from lzn_dsl.editor.describe import default_of, describe_entry, describe_verb
from lzn_dsl.editor.document import Document
from lzn_dsl.editor.frames import Expect
from lzn_dsl.editor.mentions import Role
from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.registry.settings import Settings
from lzn_dsl.semantics.declarations import SEEN, UNSEEN
from lzn_dsl.semantics.messages import allowed_words
from lzn_dsl.semantics.modules import PARTS, parts_of
from lzn_dsl.semantics.settings import TrainSettings
from lzn_dsl.semantics.verbs import form, prelude
from lzn_dsl.syntax import tree

_FILES = 200  # as many programs are looked for


@dataclass(frozen=True)
class Item:
    """One thing that may be written.

    Attributes:
        label: What is shown.
        sort: What it is: a role, `keyword`, `preposition` or `file`.
        detail: A few words on it.
        help: More on it, as Markdown.
        text: What is written; the label where empty.
    """

    label: str
    sort: str
    detail: str = ""
    help: str = ""
    text: str = ""


def plain_values(document: Document, settings: type[Settings], name: str) -> Iterator[Item]:
    """Yield the words that a setting takes."""
    field = settings.model_fields[name]
    default = default_of(settings, name)
    words = allowed_words(field)
    if isinstance(field.default, str) and field.default not in words:
        words = [*words, field.default]
    for word in words:
        yield Item(word, Role.WORD, f"{name}, by default" if word == default else name)
    parts = get_args(field.annotation) or (field.annotation,)
    if bool in parts:
        yield from (Item(word, "keyword") for word in ("true", "false"))
    if (settings, name) == (TrainSettings, "on"):
        yield from datasets(document)
    elif str in parts and not field.metadata:
        yield from modalities(document)
    if type(None) in parts:
        yield Item("none", Role.WORD, "no value")


def program_files(folder: Path, but: Path | None) -> Iterator[Item]:
    """Yield the programs in a folder and the folders in it, by their paths from it."""
    found = islice((p for pattern in ("*.lzn", "*/*.lzn") for p in folder.glob(pattern)), _FILES)
    for path in sorted(found):
        if path != but:
            yield Item(path.relative_to(folder).as_posix(), "file")


def members(other: Document, expect: Expect) -> list[Item]:
    """Return the names of another file that fit where something is expected."""
    roles = {
        Expect.VALUE: (Role.CONSTANT, Role.DATA),
        Expect.TASK: (Role.TASK,),
        Expect.DATA: (Role.DATA,),
        Expect.STEP: (Role.VERB, Role.TASK),
        Expect.STATEMENT: (Role.VERB, Role.TASK),
    }.get(expect, (Role.CONSTANT, Role.DATA, Role.TASK, Role.VERB))
    return [
        Item(d.name, d.role, text_of(other, d.start)) for d in other.definitions if d.role in roles
    ]


def defined(document: Document, role: Role, before: int | None = None) -> Iterator[Item]:
    """Yield the names of a role that a text defines, or those before an offset."""
    for d in document.definitions:
        if d.role is role and (before is None or d.start < before):
            yield Item(d.name, role, text_of(document, d.start))


def datasets(document: Document) -> Iterator[Item]:
    """Yield the datasets of a program, or those it has by default."""
    yield from defined(document, Role.DATA)
    if "" in document.datasets:
        for name in (SEEN, UNSEEN):
            yield Item(name, Role.DATA, "by default")


def tasks(document: Document, but: int = -1) -> Iterator[Item]:
    """Yield the tasks of a program, but for the one whose statement starts at an offset."""
    for d in document.definitions:
        if d.role is Role.TASK and document.span(d.statement)[0] != but:
            yield Item(d.name, Role.TASK, text_of(document, d.start))
    for name, task in document.program.tasks.items() if document.program else ():
        if all(d.name != name for d in document.definitions):
            yield Item(name, Role.TASK, task.phrase)


def namespaces(document: Document) -> Iterator[Item]:
    """Yield the names of imported files."""
    for d in document.definitions:
        if d.role is Role.NAMESPACE:
            yield Item(d.name, Role.NAMESPACE, d.path, text=f"{d.name}.")


def modalities(document: Document, wanted: Iterable[set[str]] = ()) -> Iterator[Item]:
    """Yield the modalities, or those that can do what one of several sets of words asks."""
    options = list(wanted)
    program = document.program
    for name in document.names.by_role[Role.MODALITY]:
        known = program.modalities.get(name) if program else None
        if known and options:
            able = {*map(str, known.capabilities), known.component.name}
            if not any(words <= able for words in options):
                continue
        column = document.columns.get(name)
        yield Item(name, Role.MODALITY, column.kind if column else "modality")


def modules(document: Document, of: str = "") -> Iterator[Item]:
    """Yield the modules of a program, or the parts of the modality that they are `of`."""
    program = document.program
    for name in document.names.by_role[Role.MODALITY]:
        known = program.modalities.get(name) if program else None
        for part in parts_of(known) if known else PARTS:
            if not of:
                yield Item(f"{name}.{part}", Role.MODULE, f"{part} of `{name}`")
            elif name == of:
                yield Item(part, Role.MODULE, f"{part} of `{name}`")


def verbs(document: Document) -> Iterator[Item]:
    """Yield the verbs, with all their forms."""
    by_name: dict[str, list[tree.Verb]] = {}
    for verb in (*document.verbs, *prelude()):
        by_name.setdefault(verb.name.text, []).append(verb)
    for name, found in by_name.items():
        shown = " / ".join(form(verb) for verb in found)
        yield Item(name, Role.VERB, shown, describe_verb(found))
    yield from (d for d in defined(document, Role.VERB) if d.label not in by_name)


def forms(document: Document, name: str) -> list[tree.Verb]:
    """Return the definitions of a verb."""
    return [v for v in (*document.verbs, *prelude()) if v.name.text == name]


def entries(document: Document, kind: Kind) -> list[Entry]:
    """Return the components of a kind."""
    registry = document.registry
    return [registry.get(kind, name) for name in registry.names(kind)]


def component(entry: Entry) -> Item:
    """Return a component as something to write."""
    return Item(entry.name, Role.COMPONENT, entry.help, describe_entry(entry))


def text_of(document: Document, offset: int) -> str:
    """Return the first line of the statement around an offset."""
    statement = document.statement_at(offset)
    if statement is None:
        return ""
    start, end = document.span(statement)
    return document.text[start:end].partition("\n")[0][:100]
