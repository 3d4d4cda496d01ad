"""Settings of components: what a spec may say of them, as frozen pydantic models.

A component is a name with settings: `conv(widths: [32, 64])`. Its settings class is the torch-free
half of a registry entry: field types, two-sided ranges, defaults and one-line descriptions. Where a
setting is itself a component, the field is declared with `component(...)` and names the registry
kind in which its value is looked up.
"""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue

_NO_DEFAULT = object()


class Component(BaseModel):
    """A registered name with its settings, as a plan stores it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    settings: dict[str, JsonValue] = Field(default_factory=dict)

    def __str__(self) -> str:
        if not self.settings:
            return self.name
        return f"{self.name}({', '.join(f'{k}: {_show(v)}' for k, v in self.settings.items())})"


class Settings(BaseModel):
    """Base of all settings: frozen, and an unknown name is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    positional: ClassVar[tuple[str, ...]] = ()
    """Fields that may be given without their name, in order: `shift(2)`."""


def component(kind: str, default: object = _NO_DEFAULT, *, description: str) -> Any:
    """Declare a field whose value is a component of a registry kind (or a list of such).

    `default` is a component's name, a `Component`, None, or a tuple of components; without one, the
    field is required.
    """
    extra: dict[str, JsonValue] = {"component": kind}
    if default is _NO_DEFAULT:
        return Field(description=description, json_schema_extra=extra)
    value = Component(name=default) if isinstance(default, str) else default
    return Field(default=value, description=description, json_schema_extra=extra)


def component_kind(settings: type[Settings], field: str) -> str | None:
    """Return the registry kind that a field's value is looked up in, or None for a plain value."""
    extra = settings.model_fields[field].json_schema_extra
    kind = extra.get("component") if isinstance(extra, dict) else None
    return kind if isinstance(kind, str) else None


def _show(value: JsonValue) -> str:
    if isinstance(value, dict) and "name" in value:
        return str(Component.model_validate(value))
    if isinstance(value, list):
        return f"[{', '.join(_show(item) for item in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "none" if value is None else str(value)
