"""The registry value: which components a spec may name, with what settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import JsonValue

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.registry.settings import Component, Settings, component_kind


@dataclass(frozen=True)
class Registry:
    """A closed set of entries, looked up by kind and name.

    `warnings` tells which plugins could not be loaded and why.
    """

    entries: tuple[Entry, ...]
    warnings: tuple[Diagnostic, ...] = field(default=())

    @cached_property
    def _by_name(self) -> Mapping[tuple[Kind, str], Entry]:
        table: dict[tuple[Kind, str], Entry] = {}
        for entry in self.entries:
            if (entry.kind, entry.name) in table:
                raise ValueError(f"two entries for the {entry.kind} `{entry.name}`")
            table[entry.kind, entry.name] = entry
        return table

    def find(self, kind: Kind | str, name: str) -> Entry | None:
        """Return the entry of that kind and name, or None."""
        return self._by_name.get((Kind(kind), name))

    def get(self, kind: Kind | str, name: str) -> Entry:
        """Return the entry of that kind and name; ValueError where there is none."""
        entry = self.find(kind, name)
        if entry is None:
            known = ", ".join(f"`{n}`" for n in self.names(kind))
            raise ValueError(f"no {kind} is called `{name}`; there are: {known}")
        return entry

    def names(self, kind: Kind | str) -> list[str]:
        """Return the names of a kind, sorted."""
        return sorted(e.name for e in self.entries if e.kind == kind)

    def kinds_of(self, name: str) -> list[Kind]:
        """Return the kinds in which a name is registered."""
        return [e.kind for e in self.entries if e.name == name]

    def settings(self, kind: Kind | str, component: Component) -> Settings:
        """Return the validated settings of a component."""
        return self.get(kind, component.name).settings.model_validate(component.settings)

    def complete(self, kind: Kind | str, name: str, given: Mapping[str, JsonValue]) -> Component:
        """Return the component with every default filled in, nested components included."""
        settings = self.get(kind, name).settings.model_validate(given)
        return Component(name=name, settings=self.complete_settings(settings))

    def complete_settings(self, settings: Settings) -> dict[str, JsonValue]:
        """Return settings as a plan stores them, the components inside complete as well."""
        values: dict[str, JsonValue] = settings.model_dump(mode="json")
        for name in values:
            kind = component_kind(type(settings), name)
            if kind is not None:
                values[name] = self._complete_value(kind, values[name])
        return values

    def _complete_value(self, kind: str, value: JsonValue) -> JsonValue:
        if isinstance(value, list):
            return [self._complete_value(kind, item) for item in value]
        if value is None:
            return None
        inner = Component.model_validate(value)
        if self.find(kind, inner.name) is None:
            return value
        return self.complete(kind, inner.name, inner.settings).model_dump(mode="json")
