"""LZNW90x: what could be said in fewer or clearer words. Pedantic: off unless selected."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Edit, Fix
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.lint import walk
from lzn_dsl.lint.deletion import delete_part, delete_setting, delete_statement
from lzn_dsl.lint.finding import warning
from lzn_dsl.lint.rule import TreeRule
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component, Settings, component_kind
from lzn_dsl.semantics.objectives import OBJECTIVES
from lzn_dsl.semantics.settings import ModuleSettings, TaskSettings, TrainSettings
from lzn_dsl.syntax import tree

_LONG_NUMBER = re.compile(r"(-?)([0-9]{5,})((?:\.[0-9]*)?)")
_EMPTY_BLOCK = re.compile(r"[ \t]*\{\s*\}\Z")


class _Stated(NamedTuple):
    """A setting as written, with the class of settings that it is one of."""

    key: str
    value: tree.Value
    settings: type[Settings]
    span: Span


def defaults(file: tree.File, registry: Registry) -> Iterator[Diagnostic]:
    """Find settings that state their default. Datasets are left be: which split is worth saying."""
    constants = {s.name.text for s in file.statements if isinstance(s, tree.Let | tree.Param)}
    for statement in file.statements:
        for stated in _settings(statement, registry):
            if not _is_default(stated, constants):
                continue
            edit, safe = _delete(statement, stated.span)
            yield warning(
                "LZNW901",
                f"`{stated.key}` states its default",
                stated.span,
                fix=Fix(f"leave `{stated.key}` out", (edit,), safe),
            )


def separators(file: tree.File, registry: Registry) -> Iterator[Diagnostic]:
    """Find numbers of five digits or more that nothing separates."""
    del registry
    for statement in file.statements:
        for literal in walk.literals(statement):
            found = _LONG_NUMBER.fullmatch(literal.span.text)
            if found is None:
                continue
            sign, digits, fraction = found.groups()
            better = f"{sign}{_grouped(digits)}{fraction}"
            yield warning(
                "LZNW902",
                f"`{literal.span.text}` is hard to read",
                literal.span,
                fix=Fix(f"write `{better}`", (Edit(literal.span, better),)),
            )


def empty_brackets(file: tree.File, registry: Registry) -> Iterator[Diagnostic]:
    """Find parentheses and braces with nothing between them."""
    del registry
    for statement in file.statements:
        for call in walk.calls(statement):
            if not call.arguments and call.span.end > call.name.span.end:
                span = Span(call.span.source, call.name.span.end, call.span.end)
                yield _empty(
                    span, "parentheses", Fix("remove them", (Edit(span, ""),), _bare(span))
                )
        block = _EMPTY_BLOCK.search(statement.span.text)
        if block is None or isinstance(statement, tree.Verb):
            continue
        start = statement.span.start + block.start()
        span = Span(statement.span.source, start, statement.span.end)
        fix = Fix("remove them", (Edit(span, ""),))
        if isinstance(statement, tree.Train):
            fix = delete_statement(statement, "remove the block", safe=True)
        yield _empty(span, "braces", fix)


def _delete(statement: tree.Statement, span: Span) -> tuple[Edit, bool]:
    if isinstance(statement, tree.Task | tree.Learn):
        for setting in statement.settings:
            if setting.span == span:
                return delete_setting(statement, setting)
    return delete_part(span)


def _empty(span: Span, what: str, fix: Fix) -> Diagnostic:
    shown = Span(span.source, span.end - len(span.text.strip()), span.end)
    return warning("LZNW905", f"these {what} are empty", shown, fix=fix)


def _bare(span: Span) -> bool:
    """Whether there is no comment between two brackets."""
    return "#" not in span.text


def _settings(statement: tree.Statement, registry: Registry) -> Iterator[_Stated]:
    match statement:
        case tree.Train(settings=lines, module=module):
            yield from _block(lines, ModuleSettings if module else TrainSettings, registry)
        case tree.Task(settings=lines, method=method):
            if method is not None:
                yield from _call(method, Kind.METHOD, registry)
            yield from _block(lines, TaskSettings, registry)
        case tree.Learn(phrase=phrase, settings=lines):
            if objective := OBJECTIVES.get(phrase.head.text):
                yield from _block(lines, objective, registry)
        case tree.Space(component=call):
            yield from _call(call, Kind.SPACE, registry)
        case tree.Modality(component=call):
            yield from _call(call, Kind.MODALITY, registry)
        case tree.Evaluate(metrics=metrics):
            for metric in metrics:
                yield from _call(metric, Kind.METRIC, registry)
        case _:
            return


def _block(
    lines: Sequence[tree.Setting], settings: type[Settings], registry: Registry
) -> Iterator[_Stated]:
    for line in lines:
        yield from _value(_Stated(line.key.text, line.value, settings, line.span), registry)


def _call(call: tree.Call, kind: Kind, registry: Registry) -> Iterator[_Stated]:
    entry = registry.find(kind, call.name.text)
    if entry is None:
        return
    slots = entry.settings.positional
    unnamed = [a for a in call.arguments if a.key is None]
    for argument in call.arguments:
        if argument.key is not None:
            key = argument.key.text
        elif argument is unnamed[-1] and len(unnamed) <= len(slots):
            key = slots[len(unnamed) - 1]  # without it, the others keep their places
        else:
            continue
        stated = _Stated(key, argument.value, entry.settings, argument.span)
        yield from _value(stated, registry)


def _value(stated: _Stated, registry: Registry) -> Iterator[_Stated]:
    """Yield a setting and those inside its value."""
    if stated.key not in stated.settings.model_fields:
        return
    yield stated
    kind = component_kind(stated.settings, stated.key)
    if kind is not None:
        for part in walk.inside(stated.value):
            if isinstance(part, tree.Call) and part.arguments:
                yield from _call(part, Kind(kind), registry)
                return


def _is_default(stated: _Stated, constants: set[str]) -> bool:
    field = stated.settings.model_fields[stated.key]
    if field.is_required():
        return False
    default, value = field.default, stated.value
    if isinstance(value, tree.Call):
        plain = not value.arguments and isinstance(default, Component)
        return plain and default == Component(name=value.name.text)
    if isinstance(value, tree.Reference):
        word = value.name.text
        if word in constants:
            return False
        if isinstance(default, Component):
            return default == Component(name=word)
        return default is None if word == "none" else bool(default == word)
    plain_value = _plain(value)
    return (
        plain_value is not None
        and isinstance(default, bool) == isinstance(plain_value, bool)
        and bool(default == plain_value)
    )


def _plain(value: tree.Value) -> object:
    """Return the number, text or list of those that a value is, or None."""
    if isinstance(value, tree.Literal):
        return value.value
    if isinstance(value, tree.Sequence):
        items = [_plain(item) for item in value.items]
        return None if any(item is None for item in items) else items
    return None


def _grouped(digits: str) -> str:
    head = len(digits) % 3
    parts = [digits[:head]] if head else []
    return "_".join([*parts, *(digits[i : i + 3] for i in range(head, len(digits), 3))])


RULES = (
    TreeRule("LZNW901", defaults, pedantic=True),
    TreeRule("LZNW902", separators, pedantic=True),
    TreeRule("LZNW905", empty_brackets, pedantic=True),
)
