"""What a place in a statement is within: brackets of each kind, and the statement itself."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from lzn_dsl.editor.mentions import ANYWHERE, Slot
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Settings, component_kind


class Expect(StrEnum):
    """What a name at a place would be."""

    STATEMENT = "a statement"
    NEW_NAME = "a name for something new"
    PATH = "the path of a file"
    TASK = "a task"
    DATA = "a dataset"
    MODALITY = "a modality"
    MODULE = "a module"
    TYPE = "a type"
    CAPABILITY = "a capability"
    RESULT = "what a verb makes"
    OBJECTIVE = "an objective"
    KEY = "a setting"
    VALUE = "a value"
    STEP = "a step"
    OPERAND = "an operand"
    NOTHING = "no name"


FIRST: dict[str, Expect] = {
    "IMPORT": Expect.PATH,
    "SPACE": Expect.VALUE,
    "EVALUATE": Expect.TASK,
    "MODALITY": Expect.MODALITY,
    "TRAIN": Expect.MODULE,
    **dict.fromkeys(("LET", "PARAM", "DATA", "TASK", "VERB"), Expect.NEW_NAME),
}
"""What a name right after the first word of a statement would be."""


@cache
def slot_of(settings: type[Settings] | None, name: str) -> Slot:
    """Return where the value of a setting stands; an unknown setting tells nothing of it."""
    if settings is None or name not in settings.model_fields:
        return ANYWHERE
    kind = component_kind(settings, name)
    known = kind in {str(k) for k in Kind}
    return Slot(settings, name, Kind(kind) if kind and known else None)


@dataclass
class Call:
    """Within the parentheses of a component, whose settings are known if the component is.

    `others` are those of components of the same name, where the place does not tell the kind.
    """

    callee: str
    kind: Kind | None
    settings: type[Settings] | None
    others: tuple[type[Settings], ...] = ()
    key: str = ""
    given: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, callee: str, slot: Slot, registry: Registry) -> "Call":
        """Return the frame of a component that stands in a slot."""
        kinds = [slot.kind] if slot.kind else registry.kinds_of(callee)
        entries = [e for kind in kinds if (e := registry.find(kind, callee))]
        if not entries:
            return cls(callee, None, None)
        first, *others = entries
        return cls(callee, first.kind, first.settings, tuple(e.settings for e in others))

    @property
    def known(self) -> tuple[type[Settings], ...]:
        """The settings of all components that this may be."""
        return (*([self.settings] if self.settings else []), *self.others)

    @property
    def slot(self) -> Slot:
        """Where the next value stands: its key's place, or the next one without a key."""
        if self.key:
            owner = next((s for s in self.known if self.key in s.model_fields), self.settings)
            return slot_of(owner, self.key)
        free = self.settings.positional if self.settings else ()
        return slot_of(self.settings, next((n for n in free if n not in self.given), ""))

    def next(self) -> None:
        """Go on to the next argument."""
        self.given.add(self.key or self.slot.field)
        self.key = ""


@dataclass
class Block:
    """Within the braces of settings; `path` is the file whose parameters they are."""

    settings: type[Settings] | None
    path: str = ""
    key: str = ""
    given: set[str] = field(default_factory=set)

    @property
    def slot(self) -> Slot:
        """Where the next value stands."""
        return slot_of(self.settings, self.key)

    def next(self) -> None:
        """Go on to the next setting."""
        if self.key:
            self.given.add(self.key)
        self.key = ""


@dataclass
class Listing:
    """Within the brackets of a list."""

    slot: Slot


@dataclass
class Steps:
    """A phrase: what a task or a verb does, or what is learned.

    Attributes:
        expect: What a name here would be: a step, an operand, or none.
        head: The verb, task or primitive that the phrase begins with.
        preposition: The preposition that the operand follows.
        used: The prepositions so far.
    """

    expect: Expect = Expect.STEP
    head: str = ""
    preposition: str = ""
    used: tuple[str, ...] = ()

    def begin(self) -> None:
        """Go on to a new step."""
        self.expect, self.head, self.preposition, self.used = Expect.STEP, "", "", ()


@dataclass
class Body(Steps):
    """Within the braces of a verb; `naming` is between `let` and the name it gives."""

    naming: bool = False


@dataclass
class Line:
    """The statement itself.

    Attributes:
        head: The kind of its first word.
        expect: What a name here would be.
        name: The name that it gives; of `learn`, the objective; of `evaluate`, the task.
        path: Of `import`, the path as written.
        past_arrow: Whether the `->` of a verb was taken.
        slot: Where the next value stands.
    """

    head: str = ""
    expect: Expect = Expect.STATEMENT
    name: str = ""
    path: str = ""
    past_arrow: bool = False
    slot: Slot = ANYWHERE


Frame = Call | Block | Listing | Steps | Line
