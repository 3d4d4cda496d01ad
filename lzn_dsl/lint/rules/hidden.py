"""LZNW11x: names that hide others, so that a word means something else than it seems to."""

from collections.abc import Iterator

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.lint.finding import warning
from lzn_dsl.lint.rule import TreeRule
from lzn_dsl.registry.registry import Registry
from lzn_dsl.semantics.messages import allowed_words
from lzn_dsl.semantics.primitives import PRIMITIVES
from lzn_dsl.semantics.verbs import form, prelude
from lzn_dsl.syntax import tree


def constants(file: tree.File, registry: Registry) -> Iterator[Diagnostic]:
    """Find constants and parameters that take the place of a component, dataset or word."""
    datasets = {s.name.text for s in file.statements if isinstance(s, tree.Data)}
    meanings = _meanings(registry)
    for statement in file.statements:
        if not isinstance(statement, tree.Let | tree.Param):
            continue
        name = statement.name.text
        hidden = f"the dataset `{name}`" if name in datasets else meanings.get(name)
        if hidden:
            yield warning(
                "LZNW111",
                f"the constant `{name}` hides {hidden}",
                statement.name.span,
                label=f"as a value, `{name}` now means this constant",
                hint="give it another name",
            )


def verbs(file: tree.File, registry: Registry) -> Iterator[Diagnostic]:
    """Find verbs with the words of a built-in verb."""
    del registry
    built_in = {_shape(verb): verb for verb in prelude()}
    for statement in file.statements:
        if isinstance(statement, tree.Verb) and (known := built_in.get(_shape(statement))):
            yield warning(
                "LZNW112",
                f"`{form(statement)}` has the form of a built-in verb",
                statement.name.span,
                label=f"built in: `{form(known)}`",
                notes=("which of the two a phrase means is not to be seen from the phrase",),
                hint="give it a name of its own",
            )


def tasks(file: tree.File, registry: Registry) -> Iterator[Diagnostic]:
    """Find tasks that have the name of a primitive or of a verb with other words."""
    del registry
    built_in = {verb.name.text for verb in prelude()}
    own = {s.name.text for s in file.statements if isinstance(s, tree.Verb)}
    for statement in file.statements:
        if not isinstance(statement, tree.Task) or statement.name is None:
            continue
        name = statement.name.text
        kind = "step" if name in PRIMITIVES else "verb" if name in built_in | own else ""
        applies = isinstance(statement.body, tree.Apply) and statement.body.head.text == name
        if kind and not applies:
            yield warning(
                "LZNW113",
                f"the task `{name}` has the name of a {kind}",
                statement.name.span,
                hint="give it a name of its own",
            )


def _meanings(registry: Registry) -> dict[str, str]:
    """Return what bare names stand for as values: components and words of settings."""
    table = {"none": "the word `none`"}
    for entry in registry.entries:
        for setting, field in entry.settings.model_fields.items():
            default = [field.default] if isinstance(field.default, str) else []
            for word in (*allowed_words(field), *default):
                meaning = f"the word `{word}`, which `{setting}` of `{entry.name}` may be"
                table.setdefault(word, meaning)
    return table | {entry.name: f"the {entry.kind} `{entry.name}`" for entry in registry.entries}


def _shape(verb: tree.Verb) -> tuple[str, tuple[str, ...]]:
    prepositions = sorted(p.preposition.text for p in verb.parameters if p.preposition)
    return verb.name.text, tuple(prepositions)


RULES = (
    TreeRule("LZNW111", constants),
    TreeRule("LZNW112", verbs),
    TreeRule("LZNW113", tasks),
)
