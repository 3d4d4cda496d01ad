"""What a failed check of a setting says, in words."""

import json
import re
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import JsonValue, ValidationError
from pydantic.fields import FieldInfo

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.habits import here, meant
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.diagnostics.suggest import Suggestion
from lzn_dsl.registry.settings import Settings, component_kind
from lzn_dsl.syntax import tree

_SHOWN_LENGTH = 80
_NUMBER = re.compile(r"-?[0-9][0-9_]*(\.[0-9]+)?(e-?[0-9]+)?")


@dataclass(frozen=True)
class Given:
    """A value of a setting, ready to be checked, and where it was written."""

    value: JsonValue
    span: Span


def rejections(
    failure: ValidationError,
    settings: type[Settings],
    given: Mapping[str, Given],
    owner: tree.Name | None,
) -> Iterator[Diagnostic]:
    """Say what is wrong with settings that were refused, one finding a setting.

    `owner` is the component whose settings they are, None for a block.
    """
    seen: set[str] = set()
    for error in failure.errors():
        name = str(error["loc"][0]) if error["loc"] else ""
        if name in seen:
            continue
        seen.add(name)
        whole = owner.span if owner else next(iter(given.values())).span
        if error["type"] == "missing":
            where = owner.text if owner else "this"
            takes = describe_field(settings.model_fields[name])
            yield Diagnostic("LZN303", f"`{where}` needs `{name}`", whole, takes)
        elif name not in given:  # a rule about several settings
            yield Diagnostic("LZN302", str(error.get("ctx", {}).get("error", error["msg"])), whole)
        else:
            expected, hint = _expected(error, settings.model_fields[name])
            hint = hint or _other_spelling(given[name], settings, name)
            summary = f"`{name}` cannot be {_as_written(given[name])}"
            yield Diagnostic("LZN302", summary, given[name].span, expected, hint=hint)


def spread_list(settings: type[Settings], arguments: Sequence[tree.Argument]) -> Diagnostic | None:
    """Say that several values without names are one list: `conv(16, 32)`."""
    values = [a.value for a in arguments if a.key is None]
    if len(values) < 2 or len(settings.positional) != 1:
        return None
    name = settings.positional[0]
    lists = any(get_origin(p) is list for p in _parts(settings.model_fields[name].annotation))
    if not lists or not all(isinstance(value, tree.Literal) for value in values):
        return None
    return Diagnostic(
        "LZN304",
        f"`{name}` takes one list, not {len(values)} values",
        values[0].span.to(values[-1].span),
        hint=f"write `[{', '.join(value.span.text for value in values)}]`",
    )


def _as_written(given: Given) -> str:
    """Show a value as the program has it, or, for a constant, what that stands for."""
    text, value = given.span.text, given.value
    if isinstance(value, str) and text == value:
        return f"`{text}`"
    number = isinstance(value, int | float) and text[:1] in "-.0123456789" and text
    return text if number and len(text) <= _SHOWN_LENGTH else show_value(value)


def _other_spelling(given: Given, settings: type[Settings], name: str) -> str:
    """Say how a value of another language is written, such as `True` or `"64"`."""
    value = given.value
    if not isinstance(value, str):
        return ""
    word = here("value", value) or value.casefold()
    if word in ("true", "false", "none"):
        return Suggestion(value, word)
    bare = value.isidentifier() and component_kind(settings, name) is not None
    if given.span.text != value and (bare or _NUMBER.fullmatch(value)):
        return f"write it without quotes: `{value}`"
    return ""


def _expected(error: Mapping[str, Any], field: FieldInfo) -> tuple[str, str]:
    choices = allowed_words(field)
    if choices:
        given = error["input"]
        hint = meant("split", given, choices) if isinstance(given, str) else ""
        return f"expected one of {', '.join(f'`{c}`' for c in choices)}", hint
    if error["type"] == "value_error":
        return str(error["ctx"]["error"]), ""
    return f"expected {describe_field(field)}", ""


def describe_field(field: FieldInfo) -> str:
    """Say in words what a field takes: kind of value, range, whether it may be `none`."""
    words = _describe_type(field.annotation)
    limits = _limits(field)
    return f"{words} {limits}".strip()


def allowed_words(field: FieldInfo) -> list[str]:
    """Return the words a field may be, for a field that takes one of a few words."""
    return [
        word
        for part in _parts(field.annotation)
        if get_origin(part) is Literal
        for word in get_args(part)
        if isinstance(word, str)
    ]


def show_value(value: object) -> str:
    """Show a value as a spec writes it."""
    if value is None:
        return "none"
    if isinstance(value, dict) and "name" in value:
        return str(value["name"])
    text = json.dumps(value)
    return text if len(text) <= _SHOWN_LENGTH else f"{text[: _SHOWN_LENGTH - 3]}..."


def _parts(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (types.UnionType, typing.Union):
        return get_args(annotation)
    return (annotation,)


def _describe_type(annotation: Any) -> str:
    names = {int: "a whole number", float: "a number", str: "a name or text", bool: "true or false"}
    words = []
    for part in _parts(annotation):
        origin = get_origin(part)
        if part is type(None):
            words.append("`none`")
        elif origin in (list, tuple):
            inner = [a for a in get_args(part) if a is not Ellipsis]
            each = _describe_type(inner[0]).removeprefix("a ") if inner else "value"
            limits = _limits(FieldInfo.from_annotation(inner[0])) if inner else ""
            words.append(f"a list of {each}s {limits}".strip())
        elif origin is Literal:
            words.append(" or ".join(show_value(word) for word in get_args(part)))
        else:
            words.append(names.get(part, "a component"))
    return " or ".join(words)


def _limits(field: FieldInfo) -> str:
    low: float | None = None
    high: float | None = None
    low_open = high_open = False
    for rule in field.metadata:
        if getattr(rule, "ge", None) is not None:
            low = rule.ge
        if getattr(rule, "gt", None) is not None:
            low, low_open = rule.gt, True
        if getattr(rule, "le", None) is not None:
            high = rule.le
        if getattr(rule, "lt", None) is not None:
            high, high_open = rule.lt, True
        if getattr(rule, "min_length", None) is not None and field.annotation not in (
            str,
            str | None,
        ):
            return f"(at least {rule.min_length} of them)"
    if high is None:
        return "" if low is None else f"{'above' if low_open else 'at least'} {_number(low)}"
    if low is None:
        return f"{'below' if high_open else 'at most'} {_number(high)}"
    if low_open:
        return f"above {_number(low)}, {'below' if high_open else 'at most'} {_number(high)}"
    return f"from {_number(low)}{', below' if high_open else ' to'} {_number(high)}"


def _number(value: float) -> str:
    whole = float(value).is_integer() and abs(value) >= 1000
    return f"{int(value):_}" if whole or isinstance(value, int) else f"{value:g}"
