"""What the registry says of components and settings, as Markdown."""

from collections.abc import Iterable

from lzn_dsl.editor.mentions import Slot
from lzn_dsl.registry.entry import Entry
from lzn_dsl.registry.settings import Component, Settings, component_kind
from lzn_dsl.semantics.messages import allowed_words, describe_field
from lzn_dsl.semantics.verbs import form, help_of
from lzn_dsl.syntax import tree


def code(text: str) -> str:
    """Return a block of the language."""
    return f"```lzn\n{text}\n```"


def describe_entry(entry: Entry) -> str:
    """Describe a component: what it is, and its settings."""
    owner = f" of the package `{entry.plugin}`" if entry.plugin else ""
    parts = [f"**{entry.name}**: {entry.kind}{owner}", entry.help]
    doc = " ".join((entry.settings.__doc__ or "").split())
    if doc and not doc.startswith("Settings of") and doc.rstrip(".") not in entry.help:
        parts.append(doc)
    rows = [f"- {setting_line(entry.settings, name)}" for name in entry.settings.model_fields]
    return "\n\n".join([*parts, "\n".join(rows)] if rows else parts)


def describe_setting(slot: Slot, owner: str = "") -> str:
    """Describe a setting; empty where it is not known."""
    if slot.settings is None or slot.field not in slot.settings.model_fields:
        return ""
    about = f"setting of `{owner}`" if owner else "setting"
    field = slot.settings.model_fields[slot.field]
    return "\n\n".join(
        [f"**{slot.field}**: {about}", field.description or "", takes(slot.settings, slot.field)]
    )


def setting_line(settings: type[Settings], name: str) -> str:
    """Describe a setting in a line: name, values, default, help."""
    description = settings.model_fields[name].description or ""
    return f"`{name}` ({takes(settings, name)}): {description}"


def takes(settings: type[Settings], name: str) -> str:
    """Say what a setting takes, and its default."""
    field = settings.model_fields[name]
    kind = component_kind(settings, name)
    if words := allowed_words(field):
        what = " or ".join(f"`{word}`" for word in words)
    elif kind:
        several = isinstance(field.get_default(call_default_factory=True), list)
        what = f"a list of {kind}s" if several else f"a component: {kind}"
    else:
        what = describe_field(field)
    default = default_of(settings, name)
    return f"{what}; default `{default}`" if default is not None else f"{what}; required"


def default_of(settings: type[Settings], name: str) -> str | None:
    """Show the default of a setting as a program writes it; None for one that must be given."""
    field = settings.model_fields[name]
    return None if field.is_required() else show(field.get_default(call_default_factory=True))


def show(value: object) -> str:
    """Show a value of a setting as a program writes it."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Component):
        return str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(show(item) for item in value)}]"
    if isinstance(value, int):
        return f"{value:_}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def describe_verb(verbs: Iterable[tree.Verb]) -> str:
    """Show each form of a verb, its help, and its definition."""
    return "\n\n".join(
        "\n\n".join(p for p in (f"**{form(verb)}**", help_of(verb), code(verb.span.text)) if p)
        for verb in verbs
    )
