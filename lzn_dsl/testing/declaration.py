"""Checks of a modality's torch-free half: its entry, settings and capabilities."""

import subprocess
import sys
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from lzn_dsl.registry.entry import Capability, Entry, Kind
from lzn_dsl.registry.plugins import check_entry
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component, component_kind
from lzn_dsl.testing.checks import Check
from lzn_dsl.testing.report import Problem


@dataclass(frozen=True)
class Declared:
    """An entry as it is declared, and the component that a program would make of it."""

    entry: Entry
    registry: Registry
    component: Component


def check_declaration(subject: Declared) -> Iterator[Problem]:
    """The entry is one that the registry takes, with a line of help."""
    check_entry(subject.entry, Kind.MODALITY)
    if not subject.entry.help.strip() or "\n" in subject.entry.help:
        yield Problem(
            "a line of help",
            repr(subject.entry.help),
            "say in one line what the samples are: `lzn ls modalities` shows it",
        )


def check_settings(subject: Declared) -> Iterator[Problem]:
    """Every setting is described, and every number has a range with two sides."""
    for name, field in subject.entry.settings.model_fields.items():
        if not field.description:
            yield Problem(
                f"a description of the setting `{name}`", "none", "give it `description=`"
            )
        if component_kind(subject.entry.settings, name) is None:
            for what, low, high in numbers(field):
                if low is None or high is None:
                    yield Problem(
                        f"a smallest and a largest value of {what} `{name}`",
                        f"{_side(low)} to {_side(high)}",
                        f"give `{name}` both `ge=` and `le=`, so that no value fails later",
                    )
    subject.registry.complete(Kind.MODALITY, subject.entry.name, subject.component.settings)


def check_capabilities(subject: Declared) -> Iterator[Problem]:
    """The capabilities are some of the language's; a discrete modality has `classes`."""
    entry = subject.entry
    assert entry.capabilities is not None, "checked by `declaration`"
    found = entry.capabilities(subject.registry.settings(Kind.MODALITY, subject.component))
    if not isinstance(found, frozenset) or not all(isinstance(c, Capability) for c in found):
        yield Problem(
            "a frozenset of Capability", repr(found), "return `frozenset({Capability.ENCODABLE})`"
        )
        return
    if Capability.ENCODABLE not in found:
        yield Problem(
            "at least `encodable`", _words(found), "a modality lives in the latent space: encode it"
        )
    if Capability.DISCRETE in found and "classes" not in entry.settings.model_fields:
        yield Problem(
            "a setting `classes`, the number of classes of a discrete modality",
            f"settings: {_names(entry)}",
            "add `classes: int | None = Field(default=None, ge=2, le=..., description=...)`",
        )


def check_imports(subject: Declared) -> Iterator[Problem]:
    """Importing the torch-free half imports no torch, in a process of its own."""
    module = subject.entry.settings.__module__
    if _can_find(module) and (reason := _import_failure(module)):
        yield Problem(
            f"`import {module}` without torch",
            reason,
            "every command imports it: move what needs torch into the module that `factory` names",
        )


@cache
def _import_failure(module: str) -> str:
    """Say why a module cannot be imported without torch; empty where it can."""
    code = f"import sys; sys.path[:0] = {sys.path!r}; sys.modules['torch'] = None; import {module}"
    done = subprocess.run(  # noqa: S603 -- this interpreter, on the name of a module
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return ""
    return (done.stderr.strip().splitlines() or ["it cannot be imported"])[-1]


def numbers(field: FieldInfo) -> Iterator[tuple[str, float | None, float | None]]:
    """Yield for each kind of number that a field takes: words, smallest value, largest value."""
    for part in _alternatives(field.annotation):
        kind, rules = _annotated(part)
        if kind in (int, float):
            yield "the setting", *_bounds([*field.metadata, *rules])
        if get_origin(kind) in (list, tuple):
            for item in get_args(kind):
                inner, rules = _annotated(item)
                if inner in (int, float):
                    yield "the items of the setting", *_bounds(rules)


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    union = get_origin(annotation) in (types.UnionType, typing.Union)
    return get_args(annotation) if union else (annotation,)


def _annotated(part: Any) -> tuple[Any, list[Any]]:
    """Take an annotated type apart: the type, and the rules of its `Field`s."""
    if get_origin(part) is not typing.Annotated:
        return part, []
    kind, *notes = get_args(part)
    return kind, [rule for note in notes for rule in getattr(note, "metadata", [note])]


def _bounds(rules: list[Any]) -> tuple[float | None, float | None]:
    """Return the smallest and the largest value that rules allow, None where there is no limit."""
    lows = [getattr(rule, side, None) for rule in rules for side in ("ge", "gt")]
    highs = [getattr(rule, side, None) for rule in rules for side in ("le", "lt")]
    return next((v for v in lows if v is not None), None), next(
        (v for v in highs if v is not None), None
    )


def _can_find(module: str) -> bool:
    """Whether a module can be imported by name; one of a test or a notebook cannot."""
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError, AttributeError):
        return False


def _side(value: float | None) -> str:
    return "anything" if value is None else f"{value:g}"


def _words(found: frozenset[Capability]) -> str:
    return ", ".join(sorted(found)) or "none"


def _names(entry: Entry) -> str:
    return ", ".join(f"`{name}`" for name in entry.settings.model_fields) or "none"


CHECKS = (
    Check(
        "declaration", "the registry takes the entry, which has a line of help", check_declaration
    ),
    Check(
        "settings",
        "settings are described, numbers have a range with two sides, the defaults are valid",
        check_settings,
        needs=("declaration",),
    ),
    Check(
        "capabilities",
        "capabilities are those of the language; a discrete modality has `classes`",
        check_capabilities,
        needs=("declaration",),
    ),
    Check("imports", "the torch-free half imports no torch", check_imports, needs=("declaration",)),
)
