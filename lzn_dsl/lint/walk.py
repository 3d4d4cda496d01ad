"""The names, values and numbers that a syntax tree holds, wherever they stand."""

from collections.abc import Iterator

from lzn_dsl.syntax import tree


def expressions(statement: tree.Statement) -> Iterator[tree.Expression]:
    """Yield the expressions of a statement: bodies of tasks and verbs, phrases of `learn`."""
    match statement:
        case tree.Task():
            yield statement.body
        case tree.Learn():
            yield statement.phrase
        case tree.Verb():
            yield from (binding.value for binding in statement.bindings)
            yield statement.body
        case _:
            return


def values(statement: tree.Statement) -> Iterator[tree.Value]:
    """Yield the values of a statement, not those inside them."""
    match statement:
        case tree.Let():
            yield statement.value
        case tree.Param():
            yield statement.default
            if isinstance(statement.domain, tree.Sequence):
                yield statement.domain
        case tree.Space() | tree.Data() | tree.Modality():
            yield statement.component
        case tree.Evaluate():
            yield from statement.metrics
        case tree.Task() | tree.Train() | tree.Learn() | tree.Import():
            if isinstance(statement, tree.Task) and statement.method is not None:
                yield statement.method
            yield from (setting.value for setting in statement.settings)
        case _:
            return


def inside(value: tree.Value) -> Iterator[tree.Value]:
    """Yield a value and all values inside it."""
    yield value
    if isinstance(value, tree.Sequence):
        for item in value.items:
            yield from inside(item)
    elif isinstance(value, tree.Call):
        for argument in value.arguments:
            yield from inside(argument.value)


def calls(statement: tree.Statement) -> Iterator[tree.Call]:
    """Yield the components of a statement, those inside others included."""
    for value in values(statement):
        yield from (v for v in inside(value) if isinstance(v, tree.Call))


def heads(expression: tree.Expression) -> Iterator[tree.Name]:
    """Yield the verbs, tasks and primitives that an expression applies."""
    if isinstance(expression, tree.Pipe):
        for stage in expression.stages:
            yield from heads(stage)
            if isinstance(stage, tree.Reference):  # `prior`, or a verb without operands
                yield stage.name
    elif isinstance(expression, tree.Apply):
        yield expression.head
        for operand in _operands(expression):
            yield from heads(operand)


def mentions(expression: tree.Expression) -> Iterator[tree.Name]:
    """Yield the names that an expression is about, heads left out."""
    if isinstance(expression, tree.Reference):
        yield expression.name
    elif isinstance(expression, tree.Pipe):
        for stage in expression.stages:
            yield from mentions(stage)
    elif isinstance(expression, tree.Apply):
        for operand in _operands(expression):
            yield from mentions(operand)


def names(statement: tree.Statement) -> Iterator[tree.Name]:
    """Yield every name that a statement uses; not the one that it defines."""
    for value in values(statement):
        for part in inside(value):
            if isinstance(part, tree.Reference | tree.Call):
                yield part.name
    for expression in expressions(statement):
        yield from heads(expression)
        yield from mentions(expression)
    if isinstance(statement, tree.Evaluate):
        yield statement.task
        yield statement.data


def literals(statement: tree.Statement) -> Iterator[tree.Literal]:
    """Yield the numbers, texts and truth values of a statement."""
    for value in values(statement):
        yield from (v for v in inside(value) if isinstance(v, tree.Literal))
    if isinstance(statement, tree.Param) and isinstance(statement.domain, tree.Range):
        yield statement.domain.low
        yield statement.domain.high


def _operands(phrase: tree.Apply) -> tuple[tree.Expression, ...]:
    return (*phrase.operands, *(c.operand for c in phrase.complements))
