"""The syntax tree: frozen nodes, each with the span of the text it came from.

Nothing here knows what a name means; that is the work of `lzn_dsl.semantics`.
"""

from dataclasses import dataclass

from lzn_dsl.diagnostics.source import Span


@dataclass(frozen=True)
class Name:
    """A name as written."""

    text: str
    span: Span


@dataclass(frozen=True)
class Literal:
    """A number, string or boolean; `4_000`, `5k` and `1e-3` are numbers."""

    value: int | float | str | bool
    span: Span


@dataclass(frozen=True)
class Reference:
    """A bare name as a value: a `let` constant, a component without settings, a dataset."""

    name: Name
    span: Span


@dataclass(frozen=True)
class Sequence:
    """A list of values: `[16, 32, 64]`."""

    items: tuple["Value", ...]
    span: Span


@dataclass(frozen=True)
class Argument:
    """One argument of a call: `width: 32`, or a value alone."""

    key: Name | None
    value: "Value"
    span: Span


@dataclass(frozen=True)
class Call:
    """A component with settings: `conv(width: 32)`."""

    name: Name
    arguments: tuple[Argument, ...]
    span: Span


Value = Literal | Reference | Sequence | Call


@dataclass(frozen=True)
class Setting:
    """One line of a block: `steps: 4_000`."""

    key: Name
    value: Value
    span: Span


@dataclass(frozen=True)
class Complement:
    """A preposition with its operand: `from label`."""

    preposition: Name
    operand: "Expression"
    span: Span


@dataclass(frozen=True)
class Apply:
    """A verb, task or primitive and what it is applied to.

    `generate image from label` has one operand and one complement; `center of source` only a
    complement; `blend(a, b, 0.5)` three operands. A name alone, such as `prior`, is a `Reference`.
    """

    head: Name
    operands: tuple["Expression", ...]
    complements: tuple[Complement, ...]
    span: Span

    def __str__(self) -> str:
        return " ".join(self.span.text.split())


@dataclass(frozen=True)
class Pipe:
    """`LEFT |> RIGHT`: the value on the left is the first operand of the step on the right."""

    stages: tuple["Expression", ...]
    span: Span

    def __str__(self) -> str:
        return " ".join(self.span.text.split())


Expression = Apply | Pipe | Reference | Literal


@dataclass(frozen=True)
class Version:
    """`lzn 1`: the version of the language that a file is written in."""

    number: Literal
    span: Span


@dataclass(frozen=True)
class Import:
    """`import "base.lzn" as base { steps: 100 }`: another file's names, its parameters set."""

    path: Literal
    alias: Name | None
    settings: tuple[Setting, ...]
    span: Span


@dataclass(frozen=True)
class Let:
    """`let NAME = VALUE`."""

    name: Name
    value: Value
    span: Span


@dataclass(frozen=True)
class Range:
    """`LOW..HIGH`, both included."""

    low: Literal
    high: Literal
    span: Span


@dataclass(frozen=True)
class Param:
    """`param NAME: TYPE = DEFAULT in LOW..HIGH`: a constant that others may set."""

    name: Name
    type: Name
    default: Value
    domain: Range | Sequence | None
    span: Span


@dataclass(frozen=True)
class Space:
    """`space gaussian(dim: 64)`."""

    component: Call
    span: Span


@dataclass(frozen=True)
class Data:
    """`data NAME = DATASET(...)`."""

    name: Name
    component: Call
    span: Span


@dataclass(frozen=True)
class Modality:
    """`modality NAME = KIND(...)`: refines what the data says of a column."""

    name: Name
    component: Call
    span: Span


@dataclass(frozen=True)
class Task:
    """`task NAME = BODY using METHOD { SETTINGS }`.

    A verb with its operands alone is a task without a name.
    """

    name: Name | None
    body: Expression
    settings: tuple[Setting, ...]
    span: Span
    method: Call | None = None


@dataclass(frozen=True)
class Train:
    """`train { SETTINGS }`, or `train MODULE { SETTINGS }` of one module: `image.decoder`."""

    settings: tuple[Setting, ...]
    span: Span
    module: Name | None = None


@dataclass(frozen=True)
class Evaluate:
    """`evaluate TASK on DATA with METRIC, ...`."""

    task: Name
    data: Name
    metrics: tuple[Call, ...]
    span: Span


@dataclass(frozen=True)
class Learn:
    """`learn VERB MODALITY with MODALITY { SETTINGS }`: states or weighs an objective."""

    phrase: Apply
    settings: tuple[Setting, ...]
    span: Span


@dataclass(frozen=True)
class Parameter:
    """An operand of a verb: `[preposition] name: capability ... [= default]`."""

    preposition: Name | None
    name: Name
    capabilities: tuple[Name, ...]
    default: Literal | None
    span: Span


@dataclass(frozen=True)
class Binding:
    """`let NAME = PIPE` in the body of a verb: a value with a name."""

    name: Name
    value: Expression
    span: Span


@dataclass(frozen=True)
class Verb:
    """`verb NAME PARAMETER [PREP PARAMETER]... -> RESULT = BODY`, or with `{ lets, BODY }`."""

    name: Name
    parameters: tuple[Parameter, ...]
    result: Name
    bindings: tuple[Binding, ...]
    body: Expression
    span: Span


Statement = (
    Version
    | Import
    | Let
    | Param
    | Space
    | Data
    | Modality
    | Task
    | Train
    | Evaluate
    | Learn
    | Verb
)


@dataclass(frozen=True)
class File:
    """A whole text, statement by statement."""

    statements: tuple[Statement, ...]
    span: Span
