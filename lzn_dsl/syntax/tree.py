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
    operand: Name
    span: Span


@dataclass(frozen=True)
class Phrase:
    """A verb phrase: verb, operand, prepositions with operands."""

    verb: Name
    operand: Name
    complements: tuple[Complement, ...]
    span: Span

    def __str__(self) -> str:
        rest = "".join(f" {c.preposition.text} {c.operand.text}" for c in self.complements)
        return f"{self.verb.text} {self.operand.text}{rest}"


@dataclass(frozen=True)
class Let:
    """`let NAME = VALUE`."""

    name: Name
    value: Value
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
    """`task NAME = PHRASE { SETTINGS }`; a bare phrase is a task without a name."""

    name: Name | None
    phrase: Phrase
    settings: tuple[Setting, ...]
    span: Span


@dataclass(frozen=True)
class Train:
    """`train { SETTINGS }`."""

    settings: tuple[Setting, ...]
    span: Span


@dataclass(frozen=True)
class Evaluate:
    """`evaluate TASK on DATA with METRIC, ...`."""

    task: Name
    data: Name
    metrics: tuple[Call, ...]
    span: Span


@dataclass(frozen=True)
class Learn:
    """`learn PHRASE { SETTINGS }`: states or weighs an objective."""

    phrase: Phrase
    settings: tuple[Setting, ...]
    span: Span


@dataclass(frozen=True)
class Parameter:
    """An operand of a verb: `[preposition] name: capability ...`."""

    preposition: Name | None
    name: Name
    capabilities: tuple[Name, ...]
    span: Span


@dataclass(frozen=True)
class Apply:
    """One step of a verb's body: a primitive and what it is applied to.

    `encode source` has the primitive `encode` and one operand; `center of source` is the
    primitive `center`; `prior` has no operand; `blend(a, b, 0.5)` has three.
    """

    primitive: Name
    operands: tuple["Expression", ...]
    span: Span


@dataclass(frozen=True)
class Pipe:
    """`LEFT |> RIGHT`: the value on the left is the first operand of the step on the right."""

    stages: tuple["Expression", ...]
    span: Span


Expression = Apply | Pipe | Reference | Literal


@dataclass(frozen=True)
class Verb:
    """`verb NAME PARAMETER [PREP PARAMETER]... -> RESULT = BODY`."""

    name: Name
    parameters: tuple[Parameter, ...]
    result: Name
    body: Expression
    span: Span


Statement = Let | Space | Data | Modality | Task | Train | Evaluate | Learn | Verb


@dataclass(frozen=True)
class File:
    """A whole text, statement by statement."""

    statements: tuple[Statement, ...]
    span: Span
