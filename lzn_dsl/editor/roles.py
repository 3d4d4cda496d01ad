"""Which of several things a name stands for, by where it stands and what the file defines."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lzn_dsl.editor.mentions import Role, Slot
from lzn_dsl.registry.registry import Registry
from lzn_dsl.semantics.primitives import PRIMITIVES
from lzn_dsl.semantics.settings import TrainSettings


@dataclass(frozen=True)
class Names:
    """The names of a file by what they stand for; among the verbs are the built-in ones."""

    by_role: Mapping[Role, Collection[str]]

    def has(self, role: Role, name: str) -> bool:
        """Whether the file has a name of that role."""
        return name in self.by_role.get(role, ())


@dataclass(frozen=True)
class Roles:
    """The roles of names in one statement; `locals` are those that its verb has given so far."""

    names: Names
    registry: Registry
    locals: Collection[str]

    def of_value(self, name: str, slot: Slot) -> Role:
        """Return the role of a bare name as a value."""
        if self.names.has(Role.CONSTANT, name):
            return Role.CONSTANT
        if slot.settings is TrainSettings and slot.field == "on":
            return Role.DATA
        if slot.kind or (slot.settings is None and self.registry.kinds_of(name)):
            return Role.COMPONENT
        text = slot.settings.model_fields[slot.field].annotation if slot.settings else None
        if text in (str, str | None) and self.names.has(Role.MODALITY, name):
            return Role.MODALITY
        return Role.WORD

    def of_head(self, name: str, *, lone: bool, in_verb: bool) -> Role:
        """Return the role of a name that begins a step; a lone one has no operand."""
        if name in self.locals:
            return Role.LOCAL
        if in_verb and name in PRIMITIVES:
            return Role.PRIMITIVE
        for role in (Role.VERB, Role.TASK):
            if self.names.has(role, name):
                return role
        if name in PRIMITIVES:
            return Role.PRIMITIVE
        if lone and self.names.has(Role.MODALITY, name):
            return Role.MODALITY
        return Role.VERB

    def of_operand(self, name: str) -> Role:
        """Return the role of a name that a step is applied to."""
        if name in self.locals:
            return Role.LOCAL
        if not self.names.has(Role.MODALITY, name):
            for role in (Role.TASK, Role.CONSTANT):
                if self.names.has(role, name):
                    return role
            if name in PRIMITIVES:
                return Role.PRIMITIVE
        return Role.MODALITY

    def of_result(self, name: str) -> Role:
        """Return the role of what a verb makes."""
        if name in self.locals:
            return Role.LOCAL
        return Role.MODALITY if self.names.has(Role.MODALITY, name) else Role.WORD


def dotted(role: Role) -> Role:
    """Return what a name of another file is, from what it would be in this one."""
    if role in (Role.LOCAL, Role.PRIMITIVE):
        return Role.VERB
    if role in (Role.WORD, Role.COMPONENT):
        return Role.CONSTANT
    return role
