"""LZNW10x: names that a program defines and nowhere uses."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.linking.names import DECLARING, namespace
from lzn_dsl.lint import walk
from lzn_dsl.lint.deletion import delete_statement
from lzn_dsl.lint.finding import warning
from lzn_dsl.lint.rule import Checked, ProgramRule, TreeRule
from lzn_dsl.registry.registry import Registry
from lzn_dsl.syntax import tree

_Named = TypeVar("_Named", tree.Let, tree.Param, tree.Data, tree.Verb)


def _used(file: tree.File) -> set[str]:
    """Return every name in use; of `base.width`, also `base`."""
    names = {name.text for statement in file.statements for name in walk.names(statement)}
    return names | {name.split(".", 1)[0] for name in names}


def _unused(file: tree.File, statements: Iterable[_Named]) -> Iterator[_Named]:
    """Yield the statements whose names nothing uses.

    None of a file without a task, whose names are there for the files that import it.
    """
    if any(isinstance(s, tree.Task) for s in file.statements):
        used = _used(file)
        yield from (s for s in statements if s.name.text not in used)


def constants(file: tree.File, registry: Registry) -> Iterator[Diagnostic]:
    """Find `let` constants that no value names."""
    del registry
    for statement in _unused(file, (s for s in file.statements if isinstance(s, tree.Let))):
        yield warning(
            "LZNW101",
            f"the constant `{statement.name.text}` is not used",
            statement.name.span,
            fix=delete_statement(statement, "remove the constant", safe=False),
        )


def params(file: tree.File, registry: Registry) -> Iterator[Diagnostic]:
    """Find parameters of a program that no value names."""
    del registry
    for statement in _unused(file, (s for s in file.statements if isinstance(s, tree.Param))):
        yield warning(
            "LZNW102",
            f"the parameter `{statement.name.text}` is not used",
            statement.name.span,
            label="setting it would have no effect",
            hint="remove it, or use it where its value belongs",
            fix=delete_statement(statement, "remove the parameter", safe=False),
        )


def datasets(file: tree.File, registry: Registry) -> Iterator[Diagnostic]:
    """Find datasets that nothing trains on or is judged by."""
    del registry
    declared = [s for s in file.statements if isinstance(s, tree.Data)]
    stated = any(
        setting.key.text == "on"
        for statement in file.statements
        if isinstance(statement, tree.Train)
        for setting in statement.settings
    )
    for statement in _unused(file, declared if stated else declared[1:]):
        yield warning(
            "LZNW103",
            f"the dataset `{statement.name.text}` is not used",
            statement.name.span,
            label="nothing trains on it or is judged by it",
            hint=f"judge a task by it: `evaluate TASK on {statement.name.text} with METRIC`",
            fix=delete_statement(statement, "remove the dataset", safe=False),
        )


def verbs(file: tree.File, registry: Registry) -> Iterator[Diagnostic]:
    """Find verbs that no task and no verb applies."""
    del registry
    for statement in _unused(file, _verbs(file)):
        yield warning(
            "LZNW104",
            f"the verb `{statement.name.text}` is not used",
            statement.name.span,
            hint="use it in a task, or remove it",
            fix=delete_statement(statement, "remove the verb", safe=False),
        )


def imports(checked: Checked) -> Iterator[Diagnostic]:
    """Find imports of files that only declare, of which nothing is used."""
    used = _used(checked.file)
    for statement in checked.file.statements:
        if not isinstance(statement, tree.Import) or namespace(statement) in used:
            continue
        imported = checked.imports.get(namespace(statement))
        if imported and all(isinstance(s, DECLARING) for s in imported.statements):
            yield warning(
                "LZNW105",
                f"nothing of the import `{namespace(statement)}` is used",
                (statement.alias or statement.path).span,
                fix=delete_statement(statement, "remove the import", safe=False),
            )


def bindings(file: tree.File, registry: Registry) -> Iterator[Diagnostic]:
    """Find names in the bodies of verbs that the body does not use."""
    del registry
    for verb in _verbs(file):
        used = {name.text for name in _body_names(verb)}
        for binding in verb.bindings:
            if binding.name.text not in used:
                yield warning(
                    "LZNW106",
                    f"`{binding.name.text}` is not used in the verb `{verb.name.text}`",
                    binding.name.span,
                    hint="remove it, or use it in the step that yields the result",
                )


def parameters(file: tree.File, registry: Registry) -> Iterator[Diagnostic]:
    """Find parameters of verbs that the body does not use."""
    del registry
    for verb in _verbs(file):
        used = {name.text for name in _body_names(verb)}
        for parameter in verb.parameters:
            if parameter.name.text not in used:
                yield warning(
                    "LZNW107",
                    f"the verb `{verb.name.text}` does not use its `{parameter.name.text}`",
                    parameter.name.span,
                    label="has no effect on the result",
                    hint="use it in the body, or take it out of the verb",
                )


def _verbs(file: tree.File) -> Iterable[tree.Verb]:
    return (s for s in file.statements if isinstance(s, tree.Verb))


def _body_names(verb: tree.Verb) -> Iterator[tree.Name]:
    for expression in walk.expressions(verb):
        yield from walk.heads(expression)
        yield from walk.mentions(expression)


RULES = (
    TreeRule("LZNW101", constants),
    TreeRule("LZNW102", params),
    TreeRule("LZNW103", datasets),
    TreeRule("LZNW104", verbs),
    ProgramRule("LZNW105", imports),
    TreeRule("LZNW106", bindings),
    TreeRule("LZNW107", parameters),
)
