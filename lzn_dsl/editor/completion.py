"""What may be written at a place: what the parser would take there, by the names in scope."""

from collections.abc import Callable, Iterable, Iterator

from lzn_dsl.editor.candidates import (
    Item,
    component,
    datasets,
    defined,
    entries,
    forms,
    members,
    modalities,
    modules,
    namespaces,
    plain_values,
    program_files,
    tasks,
    text_of,
    verbs,
)
from lzn_dsl.editor.describe import describe_setting, takes
from lzn_dsl.editor.document import Document
from lzn_dsl.editor.frames import Block, Body, Call, Expect, Line, Steps
from lzn_dsl.editor.mentions import Role, Slot
from lzn_dsl.editor.place import Place, place_at
from lzn_dsl.editor.words import CAPABILITIES, OBJECTIVES, RESULTS, TYPES, WORDS
from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.semantics.evaluations import shapes
from lzn_dsl.semantics.primitives import PRIMITIVES
from lzn_dsl.semantics.verbs import form
from lzn_dsl.syntax.tokens import PREPOSITIONS, STATEMENTS

Resolve = Callable[[Document, str], Document | None]
"""Finds the document that a namespace of a document stands for."""

_LINE_WORDS = ("on", "with", "as", "in")


def complete(document: Document, offset: int, resolve: Resolve) -> tuple[int, list[Item]]:
    """Return where the word at an offset starts, and what may be written in its place."""
    place = place_at(document, offset)
    if place is None:
        return _paths(document, offset)
    if place.expect is Expect.MODULE and place.space:
        found = list(modules(document, place.space))
    elif place.space:
        other = resolve(document, place.space)
        found = members(other, place.expect) if other else []
    else:
        found = [*_names(place, resolve), *_keywords(place)]
        if place.expect is Expect.STATEMENT:
            found.sort(key=lambda item: item.sort != "keyword")
    unique: dict[str, Item] = {}
    for item in found:
        unique.setdefault(item.label, item)
    return place.start, list(unique.values())


def _paths(document: Document, offset: int) -> tuple[int, list[Item]]:
    """Return the programs that may be imported, where the place is in the path of an import."""
    token = document.token_before(offset)
    if token is None or document.path is None or token.kind not in ("STRING", "UNCLOSED_STRING"):
        return offset, []
    walk, _ = document.walk_to(token.start)
    if not isinstance(walk.frames[-1], Line) or walk.line.expect is not Expect.PATH:
        return offset, []
    return token.start + 1, list(program_files(document.folder, document.path))


def _keywords(place: Place) -> Iterator[Item]:
    frame, expect = place.frame, place.expect
    if expect is Expect.STATEMENT:
        for kind in sorted(STATEMENTS):
            if place.takes(kind):
                word = WORDS[kind.lower()]
                yield Item(kind.lower(), "keyword", word.help, help=f"`{word.example}`")
        return
    if isinstance(frame, Steps):
        if place.accepts is not None:
            yield from _prepositions(place, frame)
            if place.takes("USING") and frame.expect is Expect.NOTHING:
                yield Item("using", "keyword", WORDS["using"].help)
    elif isinstance(frame, Line) and place.accepts is not None:
        words = sorted(w.lower() for w in PREPOSITIONS & place.accepts)
        if frame.head == "VERB" and frame.expect is not Expect.NEW_NAME:
            yield from (Item(word, "preposition") for word in words)
        elif frame.expect is Expect.NOTHING:
            yield from (Item(word, "keyword") for word in words if word in _LINE_WORDS)
    if isinstance(frame, Body) and place.takes("LET"):
        yield Item("let", "keyword", "Give a value a name.")


def _prepositions(place: Place, steps: Steps) -> Iterator[Item]:
    taken = [w.lower() for w in sorted(PREPOSITIONS & (place.accepts or frozenset()))]
    known = {
        p.preposition.text: form(v)
        for v in forms(place.document, steps.head)
        for p in v.parameters
        if p.preposition
    }
    is_verb = bool(forms(place.document, steps.head))
    if place.walk.line.head == "LEARN":
        known = {"with": OBJECTIVES[steps.head][0]} if steps.head == "align" else {}
    elif steps.head in PRIMITIVES and not is_verb:
        known = {"of": PRIMITIVES[steps.head].form}
    elif not is_verb:
        known = dict.fromkeys(taken, "")
    elif steps.expect is Expect.OPERAND:  # a verb has an operand first
        return
    elif steps.used:
        known["and"] = "where the zones of both meet"
    for word in taken:
        if word in known and (word == "and" or word not in steps.used):
            yield Item(word, "preposition", known[word])


def _names(place: Place, resolve: Resolve) -> Iterator[Item]:
    document, frame, expect = place.document, place.frame, place.expect
    if isinstance(frame, Call | Block) and not frame.key:
        yield from _keys(place, frame, resolve)
        if isinstance(frame, Block) or not frame.slot.field:
            return
    if not place.takes("NAME"):
        return
    if isinstance(frame, Steps):
        yield from _steps(place, frame)
    elif expect is Expect.VALUE:
        yield from _values(place)
    elif expect is Expect.RESULT:
        yield from (Item(name, Role.LOCAL, "operand of this verb") for name in place.walk.locals)
        yield from (Item(word, Role.WORD, help_) for word, help_ in RESULTS.items())
        yield from modalities(document)
    elif expect in _NAMES_OF:
        yield from _NAMES_OF[expect](document)


def _capabilities(document: Document) -> Iterator[Item]:
    yield from (Item(word, Role.CAPABILITY, help_) for word, help_ in CAPABILITIES.items())
    yield from (component(e) for e in entries(document, Kind.MODALITY))


def _types(_: Document) -> Iterator[Item]:
    yield from (Item(word, Role.TYPE, help_) for word, help_ in TYPES.items())


_NAMES_OF: dict[Expect, Callable[[Document], Iterable[Item]]] = {
    Expect.STATEMENT: verbs,
    Expect.TASK: tasks,
    Expect.DATA: datasets,
    Expect.MODALITY: modalities,
    Expect.MODULE: modules,
    Expect.TYPE: _types,
    Expect.CAPABILITY: _capabilities,
}


def _keys(place: Place, frame: Call | Block, resolve: Resolve) -> Iterator[Item]:
    if isinstance(frame, Block) and frame.path:
        other = resolve(place.document, f'"{frame.path}"')
        for d in other.definitions if other else ():
            if d.is_param and d.name not in frame.given:
                detail = text_of(other, d.start) if other else ""
                yield Item(d.name, Role.SETTING, detail, text=f"{d.name}: ")
    if frame.settings is None:
        return
    owner = frame.callee if isinstance(frame, Call) else ""
    for settings in frame.known if isinstance(frame, Call) else (frame.settings,):
        for name in settings.model_fields:
            if name not in frame.given:
                help_ = describe_setting(Slot(settings, name), owner)
                yield Item(name, Role.SETTING, takes(settings, name), help_, f"{name}: ")


def _values(place: Place) -> Iterator[Item]:
    document, slot, line = place.document, place.slot, place.walk.line
    if slot.kind:
        yield from (component(e) for e in _fitting(place, entries(document, slot.kind)))
        if slot.settings is None and slot.kind is not Kind.METHOD:
            return
    if slot.settings is not None and slot.field:
        yield from plain_values(document, slot.settings, slot.field)
    elif line.head in ("LET", "PARAM"):
        yield from (component(e) for e in document.registry.entries)
        yield from (Item(word, "keyword") for word in ("true", "false"))
    yield from defined(document, Role.CONSTANT, before=place.walk.start)
    yield from namespaces(document)


def _steps(place: Place, steps: Steps) -> Iterator[Item]:
    document, walk = place.document, place.walk
    if steps.expect is Expect.OBJECTIVE:
        for name, (written, help_) in OBJECTIVES.items():
            yield Item(name, Role.OBJECTIVE, written, help_)
    elif steps.expect is Expect.STEP:
        primitives = [Item(p.name, Role.PRIMITIVE, p.form, p.help) for p in PRIMITIVES.values()]
        if walk.in_verb:
            yield from (Item(name, Role.LOCAL, "of this verb") for name in walk.locals)
            yield from primitives
        yield from verbs(document)
        yield from tasks(document, but=place.walk.start)
        yield from primitives
        yield from namespaces(document)
    elif steps.expect is Expect.OPERAND:
        if walk.in_verb:
            yield from (Item(name, Role.LOCAL, "of this verb") for name in walk.locals)
        yield from modalities(document, _wanted(document, steps))
        yield from namespaces(document)


def _wanted(document: Document, steps: Steps) -> list[set[str]]:
    """Return what each form of the verb asks of the operand that is being written."""
    wanted = []
    for verb in forms(document, steps.head):
        for parameter in verb.parameters:
            preposition = parameter.preposition.text if parameter.preposition else ""
            if preposition == steps.preposition:
                wanted.append({word.text for word in parameter.capabilities})
    return wanted


def _fitting(place: Place, found: list[Entry]) -> list[Entry]:
    """Leave out the metrics that cannot judge the task of an `evaluate`."""
    program, line = place.document.program, place.walk.line
    task = program.tasks.get(line.name) if program else None
    if program is None or task is None or line.head != "EVALUATE":
        return found
    shape = shapes(task, program.modalities)
    return [e for e in found if e.kind is not Kind.METRIC or e.measures & shape]
