"""What a program does not say and the language infers, shown between its words."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from lzn_dsl.editor import sizes
from lzn_dsl.editor.document import Document
from lzn_dsl.editor.mentions import Role
from lzn_dsl.editor.navigation import uses
from lzn_dsl.semantics.settings import TrainSettings
from lzn_dsl.syntax.tokens import Token

_SHOWN_OBJECTIVES = 4
_SHOWN_DEFAULTS = ("steps", "batch")
_COUNTED = frozenset({Role.CONSTANT, Role.DATA, Role.MODALITY, Role.VERB})


@dataclass(frozen=True)
class Hint:
    """A few words shown at an offset; `help` is shown on top of them."""

    offset: int
    text: str
    help: str = ""


@dataclass(frozen=True)
class Lens:
    """A line shown above the line of an offset."""

    offset: int
    text: str


def hints(document: Document) -> list[Hint]:
    """Return what is inferred: sizes of data and modalities, types of tasks, objectives."""
    return sorted([*_of_names(document), *_of_training(document)], key=lambda hint: hint.offset)


def lenses(document: Document) -> list[Lens]:
    """Return how often each name is used, for those that other statements can use."""
    used = uses(document)
    found: list[Lens] = []
    seen: set[tuple[Role, str]] = set()
    for d in document.definitions:
        if d.role in _COUNTED and (d.role, d.name) not in seen:
            seen.add((d.role, d.name))
            places = used.get((d.role, d.name), [])
            tasks = {s.first for m in places if (s := document.statement_at(m.start))}
            found.append(Lens(document.span(d.statement)[0], _times(len(tasks))))
    return found


def _times(count: int) -> str:
    return {0: "not used", 1: "used by 1 statement"}.get(count, f"used by {count} statements")


def _of_names(document: Document) -> Iterator[Hint]:
    program = document.program
    for d in document.definitions:
        if d.role is Role.DATA and d.name in document.datasets:
            info = document.datasets[d.name]
            yield Hint(d.end, f": {sizes.dataset(info)}", info.missing)
        elif d.role is Role.MODALITY and d.name in document.columns:
            facts = sizes.size(document.columns[d.name].facts)
            if facts:
                yield Hint(d.end, f": {facts}", "known from the data")
        elif d.role is Role.TASK and program and d.name in program.tasks:
            yield Hint(d.end, f": {sizes.task(program.tasks[d.name])}")


def _of_training(document: Document) -> Iterator[Hint]:
    for statement in document.statements:
        words = document.words[statement.first : statement.stop]
        if words[0].kind != "TRAIN" or len(words) < 2 or words[1].kind != "LBRACE":
            continue
        program = document.program
        names = sizes.objectives(program) if program else []
        if names:
            shown = names[:_SHOWN_OBJECTIVES]
            more = f", {len(names) - len(shown)} more" if len(names) > len(shown) else ""
            yield Hint(words[0].end, f": {', '.join(shown)}{more}", "what is learned")
        defaults = [f"{n}: {_default(n)}" for n in _SHOWN_DEFAULTS if n not in _keys(words)]
        if defaults:
            yield Hint(words[1].end, f" {', '.join(defaults)}", "by default")


def _keys(words: list[Token]) -> set[str]:
    return {word.text for word, sign in pairwise(words) if sign.kind == "COLON"}


def _default(name: str) -> str:
    return f"{TrainSettings.model_fields[name].default:_}"
