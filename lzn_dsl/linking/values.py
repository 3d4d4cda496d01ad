"""What the parameters of a file are set to: by an importing file, by the shell, by Python."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Related, SpecError
from lzn_dsl.diagnostics.source import Source, Span
from lzn_dsl.diagnostics.suggest import Suggestion, closest, suggest
from lzn_dsl.linking.parameters import Parameter, ParamType, unquoted, written
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.parser import parse_value


@dataclass(frozen=True)
class Outside:
    """A value that the shell or Python gives to a parameter."""

    value: tree.Value
    source: Source

    def of(self, kind: ParamType) -> tree.Value:
        """Return the value for a type: the shell need not quote texts, nor Python unquote words."""
        value = self.value
        quoted = isinstance(value, tree.Literal) and isinstance(value.value, str)
        if kind is ParamType.TEXT and not quoted:
            return tree.Literal(self.source.text, value.span)
        if kind is ParamType.WORD and isinstance(value, tree.Literal):
            text = str(value.value) if quoted else self.source.text
            return tree.Reference(tree.Name(text, value.span), value.span)
        return value


def read_parameters(given: Iterable[str] | Mapping[str, object]) -> dict[str, Outside]:
    """Return the values of parameters as the shell (`steps=100`) or Python gives them.

    Raises SpecError (LZN243) for a text that is not `NAME=VALUE`.
    """
    if isinstance(given, Mapping):
        return {name: _of_python(name, value) for name, value in given.items()}
    values: dict[str, Outside] = {}
    found: list[Diagnostic] = []
    for text in given:
        name, separator, value = text.partition("=")
        if separator and name.strip():
            values[name.strip()] = _of_shell(name.strip(), value)
        else:
            summary = f"`--param {text}` is not `NAME=VALUE`, such as `steps=100`"
            found.append(Diagnostic("LZN243", summary))
    if found:
        raise SpecError(found)
    return values


def _of_shell(name: str, text: str) -> Outside:
    """Return the value that a text stands for; one that is no value is a text."""
    source = Source(f"--param {name}", text)
    value, _ = parse_value(source)
    return Outside(value or tree.Literal(text, Span(source, 0, len(text))), source)


def _of_python(name: str, value: object) -> Outside:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    source = Source(f"--param {name}", text)
    plain = value if isinstance(value, bool | int | float) else text
    return Outside(tree.Literal(plain, Span(source, 0, len(text))), source)


def bind(
    parameters: Mapping[str, Parameter | None],
    settings: Iterable[tuple[tree.Name, tree.Value]],
    outside: Mapping[str, Outside],
    file: str,
) -> tuple[dict[str, tree.Value], list[Diagnostic]]:
    """Return what is set of a file's parameters, and what is wrong with it.

    Args:
        parameters: The file's parameters by name; None for one whose declaration is wrong.
        settings: What the importing file sets.
        outside: What the shell or Python sets, which counts more.
        file: Name of the file.
    """
    values: dict[str, tree.Value] = {}
    found: list[Diagnostic] = []
    seen: set[str] = set()
    for key, value in settings:
        if key.text not in parameters:
            found.append(unknown_parameter(key.text, key.span, parameters, file))
        elif key.text in seen:
            summary = f"`{key.text}` is given twice"
            found.append(Diagnostic("LZN212", summary, key.span, hint="keep one of them"))
        elif (parameter := parameters[key.text]) is not None:
            _set(parameter, value, values, found)
        seen.add(key.text)
    for name, given in outside.items():
        if (parameter := parameters.get(name)) is not None:
            _set(parameter, given.of(parameter.type), values, found)
    return values, found


def _set(
    parameter: Parameter,
    value: tree.Value,
    values: dict[str, tree.Value],
    found: list[Diagnostic],
) -> None:
    accepted = parameter.accept(value)
    if accepted is None:
        found.append(_refused(parameter, value))
    else:
        values[parameter.statement.name.text] = accepted


def unknown_parameter(name: str, span: Span, known: Iterable[str], file: str) -> Diagnostic:
    """Say that a file has no parameter of that name."""
    names = sorted(known)
    listed = ", ".join(f"`{n}`" for n in names)
    last = {n.rpartition(".")[2]: n for n in reversed(names)}
    near = closest(name, names) or last.get(closest(name, last) or "")
    return Diagnostic(
        "LZN241",
        f"`{file}` has no parameter `{name}`",
        span,
        notes=(f"its parameters: {listed or 'none'}",),
        hint=Suggestion(name, near) if near else "",
    )


def _refused(parameter: Parameter, value: tree.Value) -> Diagnostic:
    shown = written(value)
    known = [written(choice) for choice in parameter.choices]
    return Diagnostic(
        "LZN242",
        f"`{parameter.statement.name.text}` cannot be `{shown}`",
        value.span,
        f"expected {parameter.takes}",
        related=(Related(parameter.statement.span, "declared here"),),
        hint=unquoted(parameter, value) or suggest(shown, known),
    )
