"""From values and syntax trees to text in the language; the layout is left to the formatter."""

import re
from collections.abc import Callable, Iterator

from pydantic import JsonValue

from lzn_dsl.syntax import tree

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NOT_WORDS = ("true", "false", "none")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}

Rename = Callable[[str], str]


def value_text(value: JsonValue) -> str:
    """Write a value of a setting; a component has the fields `name` and `settings`."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:_}" if abs(value) >= 1000 else str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str):
        return value if _WORD.fullmatch(value) and value not in _NOT_WORDS else quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(map(value_text, value))}]"
    assert isinstance(value["settings"], dict), value
    arguments = ", ".join(f"{key}: {value_text(v)}" for key, v in value["settings"].items())
    return f"{value['name']}({arguments})" if arguments else str(value["name"])


def quoted(text: str) -> str:
    """Write a text as a string of the language."""
    return f'"{"".join(_ESCAPES.get(char, char) for char in text)}"'


def expression_text(body: tree.Expression, rename: Rename) -> str:
    """Write what a task or a verb does; `rename` says what each name is called."""
    if isinstance(body, tree.Literal):
        return _literal(body)
    if isinstance(body, tree.Reference):
        return rename(body.name.text)
    if isinstance(body, tree.Pipe):
        stages = (expression_text(stage, rename) for stage in body.stages)
        bracketed = zip(body.stages, stages, strict=True)
        return " |> ".join(f"({t})" if isinstance(s, tree.Pipe) else t for s, t in bracketed)
    head = rename(body.head.text)
    first = body.operands[0] if len(body.operands) == 1 else None
    if first is not None and not _is_phrase(first):
        head += f" {expression_text(first, rename)}"
    elif body.operands or not body.complements:
        operands = (expression_text(operand, rename) for operand in body.operands)
        head += f"({', '.join(operands)})"
    return " ".join([head, *(_complement(c, rename) for c in body.complements)])


def verb_text(verb: tree.Verb, rename: Rename) -> str:
    """Write the definition of a verb."""
    parameters = " ".join(_parameter(parameter) for parameter in verb.parameters)
    local = {parameter.name.text for parameter in verb.parameters}
    local |= {binding.name.text for binding in verb.bindings}

    def inside(name: str) -> str:
        return name if name in local else rename(name)

    head = f"verb {rename(verb.name.text)} {parameters} -> {verb.result.text}"
    body = expression_text(verb.body, inside)
    if not verb.bindings:
        return f"{head} = {body}"
    lines = [f"let {b.name.text} = {expression_text(b.value, inside)}" for b in verb.bindings]
    return "\n".join([f"{head} {{", *lines, body, "}"])


def names_in(body: tree.Expression) -> Iterator[str]:
    """Return the names that an expression mentions."""
    if isinstance(body, tree.Reference):
        yield body.name.text
    elif isinstance(body, tree.Pipe):
        for stage in body.stages:
            yield from names_in(stage)
    elif isinstance(body, tree.Apply):
        yield body.head.text
        for operand in (*body.operands, *(c.operand for c in body.complements)):
            yield from names_in(operand)


def _parameter(parameter: tree.Parameter) -> str:
    words = [parameter.preposition.text] if parameter.preposition else []
    kinds = " ".join(word.text for word in parameter.capabilities)
    words.append(f"{parameter.name.text}: {kinds}" if kinds else parameter.name.text)
    if parameter.default is not None:
        words.append(f"= {_literal(parameter.default)}")
    return " ".join(words)


def _literal(literal: tree.Literal) -> str:
    return quoted(literal.value) if isinstance(literal.value, str) else value_text(literal.value)


def _complement(complement: tree.Complement, rename: Rename) -> str:
    return f"{complement.preposition.text} {_operand(complement.operand, rename)}"


def _operand(operand: tree.Expression, rename: Rename) -> str:
    text = expression_text(operand, rename)
    return f"({text})" if _is_phrase(operand) else text


def _is_phrase(body: tree.Expression) -> bool:
    """Whether an expression has parts of its own, and so needs brackets as an operand."""
    return isinstance(body, tree.Apply | tree.Pipe)
