"""Makes the syntax tree, rule by rule, as the automaton recognises them."""

from collections.abc import Callable
from typing import Any

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.source import Source, Span
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.limits import Limits
from lzn_dsl.syntax.literals import read_number, read_string
from lzn_dsl.syntax.tokens import PREPOSITIONS, Token


class Builder:
    """The maker of tree nodes for one source; `diagnostics` holds what it found wrong."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self._source = source
        self._limits = limits
        self.diagnostics: list[Diagnostic] = []
        self._makers: dict[str, Callable[[list[Any], Span], Any]] = {
            "file": _without_tokens,
            "let": lambda parts, span: tree.Let(self._name(parts[0]), parts[1], span),
            "space": lambda parts, span: tree.Space(parts[0], span),
            "data": lambda parts, span: tree.Data(self._name(parts[0]), parts[1], span),
            "modality": lambda parts, span: tree.Modality(self._name(parts[0]), parts[1], span),
            "task": self._task,
            "wish": lambda parts, span: tree.Task(None, parts[0], _settings(parts, 1), span),
            "train": lambda parts, span: tree.Train(parts[0], span),
            "evaluate": self._evaluate,
            "learn": lambda parts, span: tree.Learn(parts[0], _settings(parts, 1), span),
            "verb": self._verb,
            "phrase": self._phrase,
            "complement": self._complement,
            "parameter": self._parameter,
            "later_parameter": self._parameter,
            "preposition": _itself,
            "pipe": lambda parts, span: tree.Pipe(tuple(parts), span),
            "apply": self._apply,
            "invoke": self._apply,
            "block": _without_tokens,
            "setting": lambda parts, span: tree.Setting(self._name(parts[0]), parts[1], span),
            "component": self._component,
            "call": self._call,
            "argument": self._argument,
            "sequence": self._sequence,
            "mention": lambda parts, span: tree.Reference(self._name(parts[0]), span),
            "reference": lambda parts, span: tree.Reference(self._name(parts[0]), span),
            "literal": self._literal,
            "key": _itself,
        }

    def make(self, rule: str, parts: list[Any], start: int, end: int) -> Any:
        """Return the node of the rule of that name."""
        return self._makers[rule](parts, Span(self._source, start, end))

    def _name(self, token: Token) -> tree.Name:
        return tree.Name(token.text, Span(self._source, token.start, token.end))

    def _task(self, parts: list[Any], span: Span) -> tree.Task:
        return tree.Task(self._name(parts[0]), parts[1], _settings(parts, 2), span)

    def _evaluate(self, parts: list[Any], span: Span) -> tree.Evaluate:
        task, data, *metrics = parts
        return tree.Evaluate(self._name(task), self._name(data), tuple(metrics), span)

    def _verb(self, parts: list[Any], span: Span) -> tree.Verb:
        name, *parameters, result, body = parts
        return tree.Verb(self._name(name), tuple(parameters), self._name(result), body, span)

    def _phrase(self, parts: list[Any], span: Span) -> tree.Phrase:
        verb, operand, *complements = parts
        return tree.Phrase(self._name(verb), self._name(operand), tuple(complements), span)

    def _complement(self, parts: list[Any], span: Span) -> tree.Complement:
        return tree.Complement(self._name(parts[0]), self._name(parts[1]), span)

    def _parameter(self, parts: list[Any], span: Span) -> tree.Parameter:
        names = [self._name(part) for part in parts]
        preposition = names.pop(0) if parts[0].kind in PREPOSITIONS else None
        return tree.Parameter(preposition, names[0], tuple(names[1:]), span)

    def _apply(self, parts: list[Any], span: Span) -> tree.Apply:
        primitive, *operands = parts
        return tree.Apply(self._name(primitive), tuple(operands), span)

    def _component(self, parts: list[Any], span: Span) -> tree.Call:
        part = parts[0]
        return part if isinstance(part, tree.Call) else tree.Call(self._name(part), (), span)

    def _call(self, parts: list[Any], span: Span) -> tree.Call:
        name, *arguments = parts
        self._check_length(arguments, "arguments", span)
        return tree.Call(self._name(name), tuple(arguments), span)

    def _argument(self, parts: list[Any], span: Span) -> tree.Argument:
        key = self._name(parts[0]) if len(parts) > 1 else None
        return tree.Argument(key, parts[-1], span)

    def _sequence(self, parts: list[Any], span: Span) -> tree.Sequence:
        self._check_length(parts, "values", span)
        return tree.Sequence(tuple(parts), span)

    def _literal(self, parts: list[Any], span: Span) -> tree.Literal:
        token = parts[0]
        if token.kind == "NUMBER":
            return tree.Literal(read_number(token.text), span)
        if token.kind == "STRING":
            return tree.Literal(read_string(token.text), span)
        return tree.Literal(token.kind == "TRUE", span)

    def _check_length(self, items: list[Any], what: str, span: Span) -> None:
        limit = self._limits.list_length
        if len(items) > limit:
            self.diagnostics.append(
                Diagnostic(
                    code="LZN145",
                    summary=f"{len(items):,} {what} in one list",
                    span=Span(span.source, span.start, span.start + 1),
                    label=f"at most {limit:,} may stand here",
                )
            )


def _settings(parts: list[Any], place: int) -> tuple[tree.Setting, ...]:
    return parts[place] if len(parts) > place else ()


def _itself(parts: list[Any], _: Span) -> Any:
    return parts[0]


def _without_tokens(parts: list[Any], _: Span) -> tuple[Any, ...]:
    return tuple(part for part in parts if not isinstance(part, Token))
