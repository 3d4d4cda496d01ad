"""The reference of the language, made from its parts: `python -m lzn_dsl.reference`.

Words and rules come from the grammar, verbs from the prelude, steps from the primitives, components
and their settings from the registry, and findings from the codes; so none of them can be forgotten.
"""

import re
import sys
from collections.abc import Iterable, Iterator

from lzn_dsl.diagnostics.codes import CODES
from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.registry.plugins import builtin_entries
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component, Settings, component_kind
from lzn_dsl.semantics.messages import allowed_words, describe_field, show_value
from lzn_dsl.semantics.primitives import PRIMITIVES
from lzn_dsl.semantics.settings import (
    AlignSettings,
    DecodeSettings,
    GaussianSettings,
    ModuleSettings,
    TaskSettings,
    TrainSettings,
)
from lzn_dsl.semantics.verbs import prelude
from lzn_dsl.syntax.tables import read_grammar
from lzn_dsl.syntax.tokens import PREPOSITIONS, STATEMENTS
from lzn_dsl.syntax.unexpected import FORMS

_BLOCKS: dict[str, type[Settings]] = {
    "space gaussian(...)": GaussianSettings,
    "train { ... }": TrainSettings,
    "train MODULE { ... }": ModuleSettings,
    "task ... { ... }": TaskSettings,
    "learn align M with N { ... }": AlignSettings,
    "learn decode M { ... }": DecodeSettings,
}
_HEAD = """# Language reference

Made by `python -m lzn_dsl.reference > docs/reference.md` from the grammar, the prelude, the
registry and the codes. [language.md](language.md) explains the language,
[tutorial.md](tutorial.md) shows it.
"""


def reference(registry: Registry) -> str:
    """Return the reference as Markdown, with the components of a registry."""
    parts = [_HEAD, *_statements(), *_grammar(), *_verbs(), *_steps(), *_blocks()]
    for kind in Kind:
        parts += _components(registry, kind)
    return "\n".join([*parts, *_codes()])


def _statements() -> Iterator[str]:
    yield "## Statements\n"
    yield from _table(
        ("statement", "form"),
        ((f"`{kind.lower()}`", f"`{FORMS[kind]}`") for kind in FORMS if kind in STATEMENTS),
    )
    words = ", ".join(f"`{word.lower()}`" for word in sorted(PREPOSITIONS))
    yield f"\nA phrase alone, such as `{FORMS['NAME']}`, is a task. Prepositions: {words}."
    yield "`using METHOD` may follow the phrase of a task. `train MODULE { ... }`, as in"
    yield "`train image.decoder { lr: 2e-3 }`, says how one encoder or decoder trains.\n"


def _grammar() -> Iterator[str]:
    yield "## Grammar\n"
    rules = read_grammar().partition("\nfile:")[2].partition("// Reserved words")[0]
    yield "```lark"
    yield f"file:{rules}".rstrip()
    yield "```\n"


def _verbs() -> Iterator[str]:
    yield "## Verbs\n"
    yield "Defined in the language itself, in `lzn_dsl/semantics/prelude.lzn`:\n"
    yield "```lzn-prelude"
    for verb in prelude():
        yield verb.span.text
    yield "```\n"


def _steps() -> Iterator[str]:
    yield "## Steps of a verb\n"
    rows = (
        (f"`{p.form}`", ", ".join(p.operands) or "nothing", p.result or "the value", p.help)
        for p in PRIMITIVES.values()
    )
    yield from _table(("step", "takes", "yields", ""), rows)
    yield ""


def _blocks() -> Iterator[str]:
    yield "## Settings of statements\n"
    for title, settings in _BLOCKS.items():
        yield f"### `{title}`\n"
        yield from _settings(settings)


def _components(registry: Registry, kind: Kind) -> Iterator[str]:
    entries = [registry.get(kind, name) for name in registry.names(kind)]
    if not entries or kind is Kind.SPACE:
        return
    yield f"## {'Modalities' if kind is Kind.MODALITY else f'{kind.capitalize()}s'}\n"
    for entry in entries:
        yield from _component(entry)


def _component(entry: Entry) -> Iterator[str]:
    yield f"### `{entry.name}`\n"
    yield f"{entry.help[0].upper()}{entry.help[1:].rstrip('.')}.\n"
    yield from _settings(entry.settings)


def _settings(settings: type[Settings]) -> Iterator[str]:
    rows = [_setting(settings, name) for name in settings.model_fields]
    if not rows:
        yield "No settings.\n"
        return
    yield from _table(("setting", "takes", "default", ""), rows)
    if settings.positional:
        names = ", ".join(f"`{name}`" for name in settings.positional)
        yield f"\nMay be given without a name, in this order: {names}."
    yield ""


def _setting(settings: type[Settings], name: str) -> tuple[str, str, str, str]:
    field = settings.model_fields[name]
    words = " or ".join(f"`{word}`" for word in allowed_words(field))
    takes = words or describe_field(field)
    if kind := component_kind(settings, name):
        takes = takes.replace("a component", f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}")
        takes = takes.replace("component", kind)
    value = field.get_default(call_default_factory=True)
    default = "needed" if field.is_required() else f"`{_default(value)}`"
    return f"`{name}`", takes, default, field.description or ""


def _default(value: object) -> str:
    if isinstance(value, tuple | list):
        return f"[{', '.join(_default(item) for item in value)}]"
    if isinstance(value, str | Component):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:_}"
    return show_value(value)


def _codes() -> Iterator[str]:
    yield "## Codes\n"
    yield "`lzn explain CODE` explains each, with a wrong and a right program.\n"
    yield from _table(
        ("code", "finding"), ((f"`{code.code}`", code.title) for code in CODES.values())
    )
    yield ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(re.sub(r'[|]', '&#124;', cell) for cell in row)} |"


def main() -> None:
    """Write the reference to standard output."""
    sys.stdout.write(reference(Registry(builtin_entries())))


if __name__ == "__main__":
    main()
