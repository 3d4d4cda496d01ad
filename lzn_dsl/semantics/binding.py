"""Binding: from a component as written to checked settings.

A value is bound where it is used: a bare name is a `let` constant if there is one, a component
where the setting takes one, and otherwise a word. Settings given by `--set` lie over those of the
file and pass the same checks.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import JsonValue, ValidationError

from lzn_dsl.diagnostics.diagnostic import Diagnostic, PluginError
from lzn_dsl.diagnostics.habits import here, meant
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.diagnostics.suggest import Suggestion, suggest
from lzn_dsl.linking.names import as_written
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.guard import blaming
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component, Settings, component_kind
from lzn_dsl.semantics.homes import advice
from lzn_dsl.semantics.messages import Given, describe_field, rejections, show_value, spread_list
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.limits import DEFAULT_LIMITS

NONE = "none"


@dataclass
class Binder:
    """Binds components and blocks of one program, collecting findings and origins.

    Attributes:
        registry: Where components are looked up.
        constants: The constants, in order of their definition, each with its last value.
        overrides: Values of `--set`, by path such as `train.steps`.
        origins: Filled in: where each value of the program came from.
        found: Filled in: the findings.
    """

    registry: Registry
    constants: Mapping[str, tree.Let]
    overrides: Mapping[str, tree.Value] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    found: list[Diagnostic] = field(default_factory=list)
    used_overrides: set[str] = field(default_factory=set)
    _expanded: int = 0  # values of lists so far
    _open_lists: int = 0

    def component(
        self,
        kind: Kind,
        call: tree.Call,
        path: str,
        *,
        facts: Mapping[str, JsonValue] | None = None,
    ) -> Component | None:
        """Bind a component of a kind; None where it has errors, which are then in `found`.

        `facts` are settings that the data says; a setting that contradicts them is an error.
        """
        entry = self.registry.find(kind, call.name.text)
        if entry is None:
            self._unknown_component(kind, call.name)
            return None
        given = self._arguments(entry.settings, call, path)
        try:
            with blaming(entry, "settings"):
                settings = self._check(entry.settings, given, path, call.name, facts or {})
        except PluginError as failure:
            self.found.extend(replace(d, span=call.name.span) for d in failure.diagnostics)
            return None
        return None if settings is None else Component(name=entry.name, settings=settings)

    def block(
        self,
        settings: type[Settings],
        lines: Sequence[tree.Setting],
        path: str,
        owner: tree.Name | None,
    ) -> dict[str, JsonValue] | None:
        """Bind the settings of a `{ }` block; None where it has errors."""
        given: dict[str, Given] = {}
        for line in lines:
            self._put(settings, given, line.key, line.value, path)
        self._overlay(settings, given, path)
        return self._check(settings, given, path, owner, {})

    def report_unused_overrides(self, roots: Sequence[str]) -> None:
        """Report each `--set` path that no setting of the program took."""
        for path, value in self.overrides.items():
            if path not in self.used_overrides:
                known = sorted({*self.origins, *roots})
                self.error(
                    "LZN210",
                    f"`--set` names no setting of this program: `{path}`",
                    value.span,
                    hint=suggest(path, known) or "`lzn plan SPEC --json` lists all settings",
                )

    def error(
        self,
        code: str,
        summary: str,
        span: Span,
        *,
        label: str = "",
        notes: Sequence[str] = (),
        hint: str = "",
    ) -> None:
        """Add an error to the findings."""
        self.found.append(Diagnostic(code, summary, span, label, tuple(notes), hint))

    def resolve(self, value: tree.Value) -> tree.Value:
        """Replace a name of a constant by its value."""
        if isinstance(value, tree.Reference) and value.name.text in self.constants:
            return self.constants[value.name.text].value
        return value

    def _arguments(self, settings: type[Settings], call: tree.Call, path: str) -> dict[str, Given]:
        given: dict[str, Given] = {}
        slots = list(settings.positional)
        arguments = call.arguments
        if spread := spread_list(settings, arguments):
            self.found.append(spread)
            arguments = tuple(a for a in arguments if a.key is not None)
        for argument in arguments:
            if argument.key is not None:
                self._put(settings, given, argument.key, argument.value, path)
            elif slots:
                key = tree.Name(slots.pop(0), argument.value.span)
                self._put(settings, given, key, argument.value, path)
            else:
                names = ", ".join(f"`{n}`" for n in settings.model_fields)
                self.error(
                    "LZN304",
                    f"`{call.name.text}` takes {_count(len(settings.positional))} without a name",
                    argument.span,
                    label="which setting is this?",
                    hint=f"write `NAME: value`; settings: {names}" if names else "",
                )
        self._overlay(settings, given, path)
        return given

    def _overlay(self, settings: type[Settings], given: dict[str, Given], path: str) -> None:
        for name in settings.model_fields:
            at = f"{path}.{name}"
            if at in self.overrides:
                value = self.overrides[at]
                given.pop(name, None)
                self._put(settings, given, tree.Name(name, value.span), value, path)
                self.used_overrides.add(at)
            elif name not in given and any(o.startswith(f"{at}.") for o in self.overrides):
                self._put_default(settings, given, name, path)

    def _put_default(
        self, settings: type[Settings], given: dict[str, Given], name: str, path: str
    ) -> None:
        """Bind a component that only `--set` speaks of, by its default name."""
        default = settings.model_fields[name].default
        kind = component_kind(settings, name)
        if kind is None or not isinstance(default, Component):
            return
        span = next(v.span for o, v in self.overrides.items() if o.startswith(f"{path}.{name}."))
        call = tree.Call(tree.Name(default.name, span), (), span)
        bound = self.component(Kind(kind), call, f"{path}.{name}")
        if bound is not None:
            given[name] = Given(bound.model_dump(mode="json"), span)

    def _put(
        self,
        settings: type[Settings],
        given: dict[str, Given],
        key: tree.Name,
        value: tree.Value,
        path: str,
    ) -> None:
        name = key.text
        if name not in settings.model_fields:
            known = ", ".join(f"`{n}`" for n in settings.model_fields)
            self.error(
                "LZN204",
                f"unknown setting `{name}`",
                key.span,
                notes=[f"settings here: {known}" if known else "it takes no settings"],
                hint=advice(name, value.span.text, settings.model_fields),
            )
            return
        if name in given:
            self.error("LZN212", f"`{name}` is given twice", key.span, hint="keep one of them")
            return
        count = len(self.found)
        bound = self._value(settings, name, value, f"{path}.{name}")
        if len(self.found) == count:
            given[name] = Given(bound, value.span)
            self.origins[f"{path}.{name}"] = str(value.span)

    def _value(
        self, settings: type[Settings], name: str, written: tree.Value, path: str
    ) -> JsonValue:
        kind = component_kind(settings, name)
        value = self.resolve(written)
        if isinstance(value, tree.Sequence):
            return self._items(settings, name, value, written.span, path)
        if isinstance(value, tree.Literal):
            number = value.value
            whole = isinstance(number, float) and number.is_integer() and abs(number) < 2**63
            return int(number) if whole else number
        if isinstance(value, tree.Reference):
            if value.name.text == NONE:
                return None
            if kind is None:
                return self._word(settings, name, value)
            value = tree.Call(value.name, (), value.span)
        if kind is None:
            self.error(
                "LZN310",
                f"`{name}` takes {describe_field(settings.model_fields[name])}",
                value.span,
                label="a component stands here",
            )
            return None
        bound = self.component(Kind(kind), value, path)
        return None if bound is None else bound.model_dump(mode="json")

    def _items(
        self, settings: type[Settings], name: str, value: tree.Sequence, span: Span, path: str
    ) -> JsonValue:
        """Bind a list; lists of constants of lists could go on for ever."""
        limits = DEFAULT_LIMITS
        self._expanded += len(value.items)
        self._open_lists += 1
        too_deep, too_many = self._open_lists > limits.nesting, self._expanded > limits.values
        try:
            if not too_deep and not too_many:
                return [self._value(settings, name, item, path) for item in value.items]
        finally:
            self._open_lists -= 1
        if not any(found.code == "LZN290" for found in self.found):
            what = f"{limits.nesting} lists within each other" if too_deep else f"{limits.values:_}"
            self.error("LZN290", f"the constants of `{name}` stand for more than {what}", span)
        return None

    def _word(self, settings: type[Settings], name: str, value: tree.Reference) -> JsonValue:
        """A bare name as a value: a word where the setting takes words, else an unknown name."""
        takes = describe_field(settings.model_fields[name])
        if "number" in takes and "name or text" not in takes:
            places = {n: constant.name.span for n, constant in self.constants.items()}
            constants = as_written(places, value.span)
            known = ", ".join(f"`{n}`" for n in constants)
            self.error(
                "LZN208",
                f"unknown name `{value.name.text}`",
                value.span,
                label=f"`{name}` takes {takes}",
                notes=[f"constants: {known}"] if known else [],
                hint=suggest(value.name.text, constants),
            )
        return value.name.text

    def _check(
        self,
        settings: type[Settings],
        given: Mapping[str, Given],
        path: str,
        owner: tree.Name | None,
        facts: Mapping[str, JsonValue],
    ) -> dict[str, JsonValue] | None:
        count = len(self.found)
        values: dict[str, Any] = {name: item.value for name, item in given.items()}
        for name, fact in facts.items():
            if values.get(name) is None:
                values[name] = fact
                self.origins[f"{path}.{name}"] = "data"
            elif values[name] != fact:
                self.error(
                    "LZN305",
                    f"`{name}` contradicts the data",
                    given[name].span,
                    label=f"the data says {show_value(fact)}",
                    hint=f"leave `{name}` out: it is known from the data",
                )
        if len(self.found) > count:
            return None
        try:
            checked = settings.model_validate_json(json.dumps(values), strict=True)
        except ValidationError as failure:
            self.found.extend(rejections(failure, settings, given, owner))
            return None
        complete = self.registry.complete_settings(checked)
        for name, value in complete.items():
            self._note_defaults(f"{path}.{name}", value)
        return complete if len(self.found) == count else None

    def _note_defaults(self, path: str, value: JsonValue) -> None:
        if isinstance(value, dict) and set(value) == {"name", "settings"}:
            self.origins.setdefault(path, "default")
            for name, inner in Component.model_validate(value).settings.items():
                self._note_defaults(f"{path}.{name}", inner)
            return
        self.origins.setdefault(path, "default")

    def _unknown_component(self, kind: Kind, name: tree.Name) -> None:
        known = self.registry.names(kind)
        others = [k for k in self.registry.kinds_of(name.text) if k != kind]
        notes = [f"{kind}s: {', '.join(f'`{n}`' for n in known)}"]
        notes += [f"`{name.text}` is a {other}" for other in others]
        notes += [w.summary for w in self.registry.warnings if w.code == "LZN901"]
        self.error(
            "LZN206",
            f"unknown {kind} `{name.text}`",
            name.span,
            notes=notes,
            hint=_another(kind, name.text, known),
        )


def _another(kind: Kind, word: str, known: Sequence[str]) -> str:
    """Say which component was meant, or that `none` is written in small letters."""
    if word.casefold() == NONE or here("value", word) == NONE:
        return Suggestion(word, NONE)
    return meant("metric", word, known) if kind is Kind.METRIC else suggest(word, known)


def _count(number: int) -> str:
    return {0: "no value", 1: "one value"}.get(number, f"{number} values")
