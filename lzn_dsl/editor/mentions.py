"""What the words of a program stand for."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.settings import Settings


class Role(StrEnum):
    """What a word stands for."""

    CONSTANT = "constant"
    DATA = "dataset"
    MODALITY = "modality"
    TASK = "task"
    VERB = "verb"
    LOCAL = "local"
    NAMESPACE = "namespace"
    MODULE = "module"
    PRIMITIVE = "primitive"
    OBJECTIVE = "objective"
    COMPONENT = "component"
    SETTING = "setting"
    WORD = "word"
    TYPE = "type"
    CAPABILITY = "capability"


NAMED = frozenset(
    {
        *(Role.CONSTANT, Role.DATA, Role.MODALITY, Role.TASK),
        *(Role.VERB, Role.LOCAL, Role.NAMESPACE),
    }
)
"""Roles of words that a program gives names to."""

DEFINES = {
    "LET": Role.CONSTANT,
    "PARAM": Role.CONSTANT,
    "DATA": Role.DATA,
    "MODALITY": Role.MODALITY,
    "TASK": Role.TASK,
    "VERB": Role.VERB,
}
"""What the name right after the first word of a statement stands for."""


@dataclass(frozen=True)
class Slot:
    """Where a value stands: the setting it is for, and the registry kind of its component.

    `settings` is None where the owner is unknown, as in `let`; `kind` is None for a plain value.
    """

    settings: type[Settings] | None = None
    field: str = ""
    kind: Kind | None = None


ANYWHERE = Slot()


class Mention(NamedTuple):
    """One word, what it stands for, and where.

    Attributes:
        text: The name, without the namespace before it.
        role: What it stands for.
        start: Offset of its first character.
        end: Offset after its last one.
        defines: Whether the word is what gives the name.
        scope: Of a local name, the offset where its verb starts; else -1.
        space: The namespace that it is looked up in; empty for the file's own names.
        slot: Of a setting, a component and a word: where it stands.
    """

    text: str
    role: Role
    start: int
    end: int
    defines: bool = False
    scope: int = -1
    space: str = ""
    slot: Slot = ANYWHERE

    @property
    def key(self) -> tuple[Role, str, int, str]:
        """What all mentions of one thing have in common."""
        return self.role, self.text, self.scope, self.space
