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
            "version": lambda parts, span: tree.Version(self._number(parts[0]), span),
            "import": self._import,
            "alias": lambda parts, _: self._name(parts[0]),
            "let": lambda parts, span: tree.Let(self._name(parts[0]), parts[1], span),
            "param": self._param,
            "range": lambda parts, span: tree.Range(parts[0], parts[1], span),
            "space": lambda parts, span: tree.Space(parts[0], span),
            "data": lambda parts, span: tree.Data(self._name(parts[0]), parts[1], span),
            "modality": lambda parts, span: tree.Modality(self._name(parts[0]), parts[1], span),
            "task": self._task,
            "wish": lambda parts, span: self._phrase(None, parts, span),
            "using": _itself,
            "train": self._train,
            "evaluate": self._evaluate,
            "learn": lambda parts, span: tree.Learn(parts[0], _settings(parts, 1), span),
            "verb": self._verb,
            "body": _without_tokens,
            "binding": lambda parts, span: tree.Binding(self._name(parts[0]), parts[1], span),
            "complement": self._complement,
            "parameter": self._parameter,
            "later_parameter": self._parameter,
            "default": _itself,
            "preposition": _itself,
            "expression": _itself,
            "pipe": lambda parts, span: tree.Pipe(tuple(parts), span),
            "apply": self._apply,
            "invoke": self._invoke,
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
        return self._phrase(self._name(parts[0]), parts[1:], span)

    def _phrase(self, name: tree.Name | None, parts: list[Any], span: Span) -> tree.Task:
        body, *rest = parts
        method = rest.pop(0) if rest and isinstance(rest[0], tree.Call) else None
        return tree.Task(name, body, _settings(rest, 0), span, method)

    def _train(self, parts: list[Any], span: Span) -> tree.Train:
        *module, settings = parts
        return tree.Train(settings, span, self._name(module[0]) if module else None)

    def _evaluate(self, parts: list[Any], span: Span) -> tree.Evaluate:
        task, data, *metrics = parts
        return tree.Evaluate(self._name(task), self._name(data), tuple(metrics), span)

    def _verb(self, parts: list[Any], span: Span) -> tree.Verb:
        name, *parameters, result, body = parts
        *bindings, value = body if isinstance(body, tuple) else (body,)
        return tree.Verb(
            self._name(name), tuple(parameters), self._name(result), tuple(bindings), value, span
        )

    def _import(self, parts: list[Any], span: Span) -> tree.Import:
        path, *rest = parts
        alias = rest.pop(0) if rest and isinstance(rest[0], tree.Name) else None
        return tree.Import(self._string(path), alias, _settings(rest, 0), span)

    def _param(self, parts: list[Any], span: Span) -> tree.Param:
        name, kind, default, *domain = parts
        given = domain[0] if domain else None
        return tree.Param(self._name(name), self._name(kind), default, given, span)

    def _complement(self, parts: list[Any], span: Span) -> tree.Complement:
        return tree.Complement(self._name(parts[0]), parts[1], span)

    def _parameter(self, parts: list[Any], span: Span) -> tree.Parameter:
        default = parts.pop() if isinstance(parts[-1], tree.Literal) else None
        names = [self._name(part) for part in parts]
        preposition = names.pop(0) if parts[0].kind in PREPOSITIONS else None
        return tree.Parameter(preposition, names[0], tuple(names[1:]), default, span)

    def _apply(self, parts: list[Any], span: Span) -> tree.Apply:
        head, *rest = parts
        complements = tuple(part for part in rest if isinstance(part, tree.Complement))
        operands = tuple(rest[: len(rest) - len(complements)])
        if isinstance(head, tree.Apply):  # `f(x) from y`
            return tree.Apply(head.head, head.operands, complements, span)
        return tree.Apply(self._name(head), operands, complements, span)

    def _invoke(self, parts: list[Any], span: Span) -> tree.Apply:
        head, *operands = parts
        return tree.Apply(self._name(head), tuple(operands), (), span)

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
            return self._number(token)
        if token.kind == "STRING":
            return self._string(token)
        return tree.Literal(token.kind == "TRUE", span)

    def _number(self, token: Token) -> tree.Literal:
        return tree.Literal(read_number(token.text), Span(self._source, token.start, token.end))

    def _string(self, token: Token) -> tree.Literal:
        return tree.Literal(read_string(token.text), Span(self._source, token.start, token.end))

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
