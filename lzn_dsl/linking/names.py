"""The names that a file declares, by what they name."""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import PurePosixPath

from lzn_dsl.diagnostics.source import Span
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.tokens import KEYWORDS


class Named(StrEnum):
    """What a name of a file can name. Columns are named by the data, components by the registry."""

    CONSTANT = "constant"
    PARAMETER = "parameter"
    DATASET = "dataset"
    VERB = "verb"
    TASK = "task"


VALUES = frozenset({Named.CONSTANT, Named.PARAMETER})
STEPS = frozenset({Named.VERB, Named.TASK})
DECLARING = (tree.Version, tree.Let, tree.Param, tree.Verb)
"""Statements that do nothing unless something names what they declare."""


def declarations(statements: Iterable[tree.Statement]) -> Iterator[tuple[Named, tree.Name]]:
    """Yield what each statement declares; a task without a name has the name `task_name` gives."""
    tasks: set[str] = set()
    for statement in statements:
        if isinstance(statement, tree.Let):
            yield Named.CONSTANT, statement.name
        elif isinstance(statement, tree.Param):
            yield Named.PARAMETER, statement.name
        elif isinstance(statement, tree.Data):
            yield Named.DATASET, statement.name
        elif isinstance(statement, tree.Verb):
            yield Named.VERB, statement.name
        elif isinstance(statement, tree.Task):
            name = task_name(statement, tasks)
            tasks.add(name.text)
            yield Named.TASK, name


def task_name(task: tree.Task, taken: Iterable[str]) -> tree.Name:
    """Return a task's name: that of its verb, and of its operands, where it states none."""
    if task.name is not None:
        return task.name
    assert isinstance(task.body, tree.Apply), task
    known = set(taken)
    base = task.body.head
    operands = (*task.body.operands, *(c.operand for c in task.body.complements))
    words = [o.name.text for o in operands if isinstance(o, tree.Reference)]
    for text in (base.text, "_".join([base.text, *words])):
        if text not in known:
            return tree.Name(text, base.span)
    number = 2
    while f"{base.text}_{number}" in known:
        number += 1
    return tree.Name(f"{base.text}_{number}", base.span)


def namespace(statement: tree.Import) -> str:
    """Return the name of an import: its own, or that of the file, which may be no name."""
    if statement.alias is not None:
        return statement.alias.text
    return PurePosixPath(str(statement.path.value)).stem


def is_name(text: str) -> bool:
    """Whether a text may name an import."""
    return bool(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text)) and text.upper() not in KEYWORDS


def as_written(names: Mapping[str, Span], at: Span) -> list[str]:
    """Return qualified names as the file of a place writes them: its own without a namespace."""
    return [
        name.rpartition(".")[2] if span.source == at.source else name
        for name, span in names.items()
    ]
