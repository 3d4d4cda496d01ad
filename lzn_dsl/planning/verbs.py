"""A program's verbs in its plan: written out as text, and read again.

So an expression over a trained model can use them, wherever the files are that defined them.
"""

from lzn_dsl.diagnostics.source import Source, Span
from lzn_dsl.planning.plan import ParameterPlan, VerbPlan
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.parser import parse_expression


def plan_verb(verb: tree.Verb) -> VerbPlan:
    """Return a verb as the plan keeps it."""
    return VerbPlan(
        name=verb.name.text,
        parameters=tuple(_parameter(parameter) for parameter in verb.parameters),
        result=verb.result.text,
        names=tuple((b.name.text, write(b.value)) for b in verb.bindings),
        body=write(verb.body),
    )


def read_verb(plan: VerbPlan) -> tree.Verb:
    """Return the verb that a plan keeps; ValueError where its text is none."""
    place = Span(Source(f"verb {plan.name}", plan.name), 0, len(plan.name))

    def name(text: str) -> tree.Name:
        return tree.Name(text, place)

    return tree.Verb(
        name(plan.name),
        tuple(
            tree.Parameter(
                name(p.preposition) if p.preposition else None,
                name(p.name),
                tuple(name(word) for word in p.words),
                None if p.default is None else tree.Literal(p.default, place),
                place,
            )
            for p in plan.parameters
        ),
        name(plan.result),
        tuple(tree.Binding(name(n), _read(text), place) for n, text in plan.names),
        _read(plan.body),
        place,
    )


def write(expression: tree.Expression) -> str:
    """Write an expression as text, by its names alone and not by where they came from."""
    if isinstance(expression, tree.Pipe):
        return " |> ".join(_inside(stage) for stage in expression.stages)
    if isinstance(expression, tree.Reference):
        return expression.name.text
    if isinstance(expression, tree.Literal):
        return expression.span.text
    operands = ", ".join(write(operand) for operand in expression.operands)
    called = expression.head.text + (f"({operands})" if operands else "")
    said = (f"{c.preposition.text} {_inside(c.operand)}" for c in expression.complements)
    return " ".join([called, *said])


def _inside(expression: tree.Expression) -> str:
    text = write(expression)
    bare = isinstance(expression, tree.Reference | tree.Literal)
    return text if bare else f"({text})"


def _read(text: str) -> tree.Expression:
    expression, found = parse_expression(Source("plan.json", text))
    if expression is None:
        raise ValueError(f"the plan holds a verb that cannot be read: {found[0].summary}: {text}")
    return expression


def _parameter(parameter: tree.Parameter) -> ParameterPlan:
    default = parameter.default
    return ParameterPlan(
        name=parameter.name.text,
        preposition=parameter.preposition.text if parameter.preposition else None,
        words=tuple(word.text for word in parameter.capabilities),
        default=None if default is None else float(default.value),
    )
