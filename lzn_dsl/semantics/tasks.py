"""Tasks: phrases resolved to verbs and elaborated to typed steps."""

from collections.abc import Iterable, Mapping

from lzn_dsl.semantics.binding import Binder
from lzn_dsl.semantics.elaborate import elaborate
from lzn_dsl.semantics.program import Modality, Task
from lzn_dsl.semantics.settings import TaskSettings
from lzn_dsl.semantics.verbs import VerbTable, operand_names
from lzn_dsl.syntax import tree


def tasks(
    statements: Iterable[tree.Statement],
    binder: Binder,
    verbs: VerbTable,
    modalities: Mapping[str, Modality],
) -> dict[str, Task]:
    """Resolve and type the tasks of a program; a bare phrase is named by its verb."""
    table: dict[str, Task] = {}
    for statement in statements:
        if not isinstance(statement, tree.Task):
            continue
        name = statement.name.text if statement.name else _free_name(statement.body, table)
        if name in table:
            assert statement.name is not None
            binder.error(
                "LZN205",
                f"the task `{name}` is defined twice",
                statement.name.span,
                notes=[f"first defined at {table[name].span}"],
                hint="rename or remove one of them",
            )
            continue
        task = _task(name, statement, binder, verbs, modalities)
        if task is not None:
            table[name] = task
    return table


def _free_name(phrase: tree.Apply, table: Mapping[str, Task]) -> str:
    base = phrase.head.text
    operands = operand_names(phrase) or ()
    for name in (base, "_".join([base, *(o.text for o in operands)])):
        if name not in table:
            return name
    number = 2
    while f"{base}_{number}" in table:
        number += 1
    return f"{base}_{number}"


def _task(
    name: str,
    statement: tree.Task,
    binder: Binder,
    verbs: VerbTable,
    modalities: Mapping[str, Modality],
) -> Task | None:
    assert isinstance(statement.body, tree.Apply)
    choice = verbs.choose(statement.body, modalities, binder.found)
    settings = binder.block(TaskSettings, statement.settings, f"task.{name}", statement.name)
    if choice is None or settings is None or verbs.is_broken(choice.verb):
        return None
    steps = elaborate(
        choice.verb, choice.bindings, lambda m: modalities[m].capabilities, binder.found
    )
    if steps is None:
        return None
    span = statement.name.span if statement.name else statement.body.span
    return Task(name, str(statement.body), choice.verb.name.text, steps, settings, span)
