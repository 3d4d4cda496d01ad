"""Where in a text a setting stands, for a finding about its value."""

from collections.abc import Sequence

from lzn_dsl.diagnostics.source import Span
from lzn_dsl.syntax import tree


def first_place(file: tree.File) -> Span:
    """Return the first statement's first word, for what no statement speaks of."""
    if not file.statements:
        return Span(file.span.source, 0, 0)
    span = file.statements[0].span
    return Span(span.source, span.start, span.start + len(span.text.split()[0]))


def train_block(file: tree.File) -> tree.Train | None:
    """Return the `train` block of the whole program, if there is one."""
    blocks = (s for s in file.statements if isinstance(s, tree.Train))
    return next((block for block in blocks if block.module is None), None)


def train_place(file: tree.File, *keys: str) -> Span:
    """Return where the first of some settings of `train` that is stated has its value.

    Where none is stated, the word `train`, or the first word of the program.
    """
    block = train_block(file)
    if block is None:
        return first_place(file)
    for key in keys:
        if setting := find_setting(block.settings, key):
            return setting.value.span
    return Span(block.span.source, block.span.start, block.span.start + len("train"))


def find_setting(settings: Sequence[tree.Setting], key: str) -> tree.Setting | None:
    """Return the setting of that name, if it is stated."""
    return next((s for s in settings if s.key.text == key), None)


def find_argument(call: tree.Call, key: str, positional: Sequence[str]) -> tree.Argument | None:
    """Return the argument of that name, if it is stated, by name or by its position."""
    unnamed = [a for a in call.arguments if a.key is None]
    by_place = dict(zip(positional, unnamed, strict=False))
    named = (a for a in call.arguments if a.key is not None and a.key.text == key)
    return next(named, by_place.get(key))


def space_place(file: tree.File) -> Span:
    """Return where the dimension of the space is stated, or the first word of the program."""
    for statement in file.statements:
        if isinstance(statement, tree.Space):
            argument = find_argument(statement.component, "dim", ("dim",))
            return (argument or statement.component).span
    return first_place(file)


def task_statements(file: tree.File) -> dict[Span, tree.Task]:
    """Return the statements of tasks by the spans of the tasks: of their names, or phrases."""
    tasks = (s for s in file.statements if isinstance(s, tree.Task))
    return {(task.name or task.body).span: task for task in tasks}


def learn_statement(file: tree.File, span: Span) -> tree.Learn | None:
    """Return the `learn` statement whose phrase has that span."""
    if not is_here(span, file):
        return None
    learns = (s for s in file.statements if isinstance(s, tree.Learn))
    return next((s for s in learns if s.phrase.span == span), None)


def evaluate_statement(file: tree.File, span: Span) -> tree.Evaluate | None:
    """Return the `evaluate` statement of which a metric has that span."""
    if not is_here(span, file):
        return None
    stated = (s for s in file.statements if isinstance(s, tree.Evaluate))
    return next((s for s in stated if any(m.span == span for m in s.metrics)), None)


def is_here(span: Span, file: tree.File) -> bool:
    """Whether a place is in a file, and not in one that it imports."""
    return span.source == file.span.source
