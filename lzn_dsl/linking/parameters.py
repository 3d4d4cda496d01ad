"""Parameters of a file: what they are declared to take.

The default of a parameter and its domain stand for themselves: a name in them is a word, never a
constant.
"""

import json
from dataclasses import dataclass, replace
from enum import StrEnum

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.suggest import suggest
from lzn_dsl.syntax import tree

_INTEGERS = 2**63
_SHOWN = 40
_NUMERALS = tuple("-0123456789")


class ParamType(StrEnum):
    """The types of parameters."""

    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    WORD = "word"


_NUMBERS = (ParamType.INTEGER, ParamType.NUMBER)
_OTHER_WORDS = {
    ParamType.INTEGER: ("int", "whole"),
    ParamType.NUMBER: ("float", "real"),
    ParamType.TEXT: ("str", "string"),
    ParamType.BOOLEAN: ("bool", "flag"),
    ParamType.WORD: ("choice", "enum"),
}
_DESCRIPTIONS = {
    ParamType.INTEGER: "a whole number",
    ParamType.NUMBER: "a number",
    ParamType.TEXT: "a text in quotes",
    ParamType.BOOLEAN: "`true` or `false`",
    ParamType.WORD: "a word",
}


@dataclass(frozen=True)
class Parameter:
    """A parameter as it is declared.

    Attributes:
        low: Least value of a number, where it has a range.
        high: Largest value of a number, where it has a range.
        choices: The only values it takes, where it has a list of them.
    """

    statement: tree.Param
    type: ParamType
    low: float | None = None
    high: float | None = None
    choices: tuple[tree.Value, ...] = ()

    @property
    def takes(self) -> str:
        """What it takes, in words."""
        if self.choices:
            return f"one of {', '.join(f'`{written(choice)}`' for choice in self.choices)}"
        words = _DESCRIPTIONS[self.type]
        if self.low is None or self.high is None:
            return words
        return f"{words} from {_number(self.low)} to {_number(self.high)}"

    def accept(self, value: tree.Value) -> tree.Value | None:
        """Return a value as the parameter holds it, or None where it takes no such value."""
        plain = _typed(self.type, value)
        if plain is None or not self._in_range(plain):
            return None
        if self.choices and _plain(plain) not in [_plain(choice) for choice in self.choices]:
            return None
        return plain

    def _in_range(self, value: tree.Value) -> bool:
        if self.low is None or self.high is None or not isinstance(value, tree.Literal):
            return True
        return isinstance(value.value, int | float) and self.low <= value.value <= self.high


def declare(statement: tree.Param) -> tuple[Parameter | None, tuple[Diagnostic, ...]]:
    """Return a parameter as its statement declares it, or what is wrong with the statement."""
    name = statement.type
    if name.text not in {str(kind) for kind in ParamType}:
        return None, (_unknown_type(name),)
    parameter = Parameter(statement, ParamType(name.text))
    domain = statement.domain
    problem: Diagnostic | None = None
    if isinstance(domain, tree.Range):
        parameter, problem = _with_range(parameter, domain)
    elif isinstance(domain, tree.Sequence):
        parameter, problem = _with_choices(parameter, domain)
    elif parameter.type is ParamType.WORD:
        problem = Diagnostic(
            "LZN240",
            f"`{statement.name.text}` does not say which words it takes",
            statement.type.span,
            "a word is one of a few",
            hint=f"write `= {statement.default.span.text} in [WORD, WORD]`",
        )
    if problem is None and parameter.accept(statement.default) is None:
        problem = Diagnostic(
            "LZN240",
            f"`{statement.name.text}` cannot be `{written(statement.default)}` by default",
            statement.default.span,
            f"expected {parameter.takes}",
            hint=_better_default(parameter, statement.default),
        )
    return (None, (problem,)) if problem else (parameter, ())


def _with_range(parameter: Parameter, domain: tree.Range) -> tuple[Parameter, Diagnostic | None]:
    name = parameter.statement.name.text
    if parameter.type not in _NUMBERS:
        summary = f"`{name}` is of type `{parameter.type}`, which has no range"
        hint = "list the values: `in [VALUE, VALUE]`; or leave the range out"
        return parameter, Diagnostic("LZN240", summary, domain.span, hint=hint)
    limits = []
    for limit in (domain.low, domain.high):
        typed = _typed(parameter.type, limit)
        if not isinstance(typed, tree.Literal):
            wanted = f"expected {_DESCRIPTIONS[parameter.type]}"
            summary = f"the range of `{name}` has a limit that is none"
            return parameter, Diagnostic("LZN240", summary, limit.span, wanted)
        limits.append(typed.value)
    low, high = limits
    assert isinstance(low, int | float)
    assert isinstance(high, int | float)
    if low > high:
        summary = f"the range of `{name}` is empty"
        hint = f"write `{domain.high.span.text}..{domain.low.span.text}`"
        return parameter, Diagnostic("LZN240", summary, domain.span, hint=hint)
    return replace(parameter, low=low, high=high), None


def _with_choices(
    parameter: Parameter, domain: tree.Sequence
) -> tuple[Parameter, Diagnostic | None]:
    name = parameter.statement.name.text
    if parameter.type is ParamType.BOOLEAN or not domain.items:
        summary = f"`{name}` cannot have this list of values"
        label = "a boolean is `true` or `false`" if domain.items else "it is empty"
        return parameter, Diagnostic("LZN240", summary, domain.span, label)
    choices = []
    for item in domain.items:
        typed = _typed(parameter.type, item)
        if typed is None:
            summary = f"the list of `{name}` has a value of another type"
            wanted = f"expected {_DESCRIPTIONS[parameter.type]}"
            hint = unquoted(parameter, item)
            return parameter, Diagnostic("LZN240", summary, item.span, wanted, hint=hint)
        choices.append(typed)
    return replace(parameter, choices=tuple(choices)), None


def _typed(kind: ParamType, value: tree.Value) -> tree.Literal | tree.Reference | None:
    if isinstance(value, tree.Reference):
        return value if kind is ParamType.WORD and "." not in value.name.text else None
    if not isinstance(value, tree.Literal):
        return None
    plain = value.value
    if isinstance(plain, bool):
        return value if kind is ParamType.BOOLEAN else None
    if isinstance(plain, str):
        return value if kind is ParamType.TEXT else None
    if kind is ParamType.NUMBER:
        return value
    if kind is not ParamType.INTEGER:
        return None
    if isinstance(plain, int):
        return value
    whole = plain.is_integer() and abs(plain) < _INTEGERS
    return tree.Literal(int(plain), value.span) if whole else None


def _plain(value: tree.Value) -> object:
    if isinstance(value, tree.Literal):
        return type(value.value) is bool, value.value
    return value.name.text if isinstance(value, tree.Reference) else value


def _better_default(parameter: Parameter, default: tree.Value) -> str:
    if isinstance(default, tree.Reference) and parameter.type is not ParamType.WORD:
        name = "a name here is a word, never a constant"
        return unquoted(parameter, default) or name
    near = suggest(written(default), [written(choice) for choice in parameter.choices])
    return unquoted(parameter, default) or near


def unquoted(parameter: Parameter, value: tree.Value) -> str:
    """Say what to do where a text lacks its quotes, or a word has some; else nothing."""
    if parameter.type is ParamType.TEXT and isinstance(value, tree.Reference):
        return f'write it in quotes: `"{value.name.text}"`'
    if not isinstance(value, tree.Literal) or not isinstance(value.value, str):
        return ""
    return f"write it without quotes: `{value.value}`" if parameter.type is ParamType.WORD else ""


def _unknown_type(written: tree.Name) -> Diagnostic:
    types = [str(kind) for kind in ParamType]
    word = written.text.lower()
    meant = next((kind for kind, words in _OTHER_WORDS.items() if word in words), None)
    return Diagnostic(
        "LZN240",
        f"there is no type `{written.text}`",
        written.span,
        notes=(f"types: {', '.join(f'`{kind}`' for kind in types)}",),
        hint=f"write `{meant}`" if meant else suggest(written.text, types),
    )


def written(value: tree.Value) -> str:
    """Show a value as a program writes it, a long one only in part."""
    if isinstance(value, tree.Literal) and not value.span.text.startswith(_NUMERALS):
        text = json.dumps(value.value, ensure_ascii=False)
    else:
        text = " ".join(value.span.text.split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _number(value: float) -> str:
    return f"{value:_}" if isinstance(value, int) else f"{value:g}"
