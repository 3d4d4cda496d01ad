"""The parameters of all files of a program, and what each use of a file sets them to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.linking.library import Loaded
from lzn_dsl.linking.linked import BoundParameter
from lzn_dsl.linking.merge import plain
from lzn_dsl.linking.parameters import Parameter, declare
from lzn_dsl.linking.values import Outside, bind, unknown_parameter
from lzn_dsl.syntax import tree

Values = Mapping[str, tree.Value]


@dataclass(frozen=True)
class Given:
    """What the shell or Python says of a program.

    Attributes:
        parameters: Values of parameters, by qualified name.
        constants: Values of `let` constants, by qualified name.
    """

    parameters: Mapping[str, Outside] = field(default_factory=dict)
    constants: Values = field(default_factory=dict)


class Settings:
    """Sets parameters and constants, file by file; findings are added to `found`."""

    def __init__(self, given: Given, found: list[Diagnostic]) -> None:
        self._given = given
        self._found = found
        self._declared: dict[Path, dict[str, Parameter | None]] = {}
        self._names: set[str] = set()
        self.bound: list[BoundParameter] = []

    def values(
        self, loaded: Loaded, settings: Iterable[tuple[tree.Name, tree.Value]], prefix: str
    ) -> Values:
        """Return what the parameters of a file are set to, its defaults left out."""
        parameters = self._parameters(loaded)
        self._names |= {f"{prefix}{name}" for name in parameters}
        outside = {name: value for name, value in self._outside(prefix) if "." not in name}
        values, found = bind(parameters, settings, outside, loaded.source.name)
        self._found += found
        return values

    def key(self, loaded: Loaded, values: Values, prefix: str) -> tuple[object, ...]:
        """Return what a use of a file is known by: uses of equal keys are one."""
        here = sorted((name, repr(plain(value, lambda v: v))) for name, value in values.items())
        deeper = sorted((name, value.source.text) for name, value in self._outside(prefix))
        return (loaded.path, tuple(here), tuple(deeper))

    def applied(self, loaded: Loaded, values: Values, prefix: str) -> Iterator[tree.Statement]:
        """Yield the statements of a file, parameters and constants with the values they have."""
        parameters = self._parameters(loaded)
        for statement in loaded.file.statements:
            if isinstance(statement, tree.Param):
                name = statement.name.text
                yield self._applied(statement, parameters[name], values.get(name), prefix)
            elif isinstance(statement, tree.Let):
                given = self._given.constants.get(f"{prefix}{statement.name.text}")
                yield statement if given is None else replace(statement, value=given)
            else:
                yield statement

    def report_unknown(self, file: str) -> None:
        """Report the parameters that were given and that no file has."""
        for name, given in self._given.parameters.items():
            if name not in self._names:
                at = given.value.span
                self._found.append(unknown_parameter(name, at, self._names, file))

    def _parameters(self, loaded: Loaded) -> dict[str, Parameter | None]:
        if loaded.path not in self._declared:
            table: dict[str, Parameter | None] = {}
            for statement in loaded.file.statements:
                if isinstance(statement, tree.Param):
                    parameter, found = declare(statement)
                    table.setdefault(statement.name.text, parameter)
                    self._found += found
            self._declared[loaded.path] = table
        return self._declared[loaded.path]

    def _applied(
        self,
        statement: tree.Param,
        parameter: Parameter | None,
        value: tree.Value | None,
        prefix: str,
    ) -> tree.Param:
        if parameter is None or parameter.statement is not statement:
            return statement  # it is wrong, which is reported
        chosen = value or parameter.accept(statement.default) or statement.default
        name = f"{prefix}{statement.name.text}"
        self.bound.append(BoundParameter(name, parameter, chosen, value is not None))
        return replace(statement, default=chosen)

    def _outside(self, prefix: str) -> list[tuple[str, Outside]]:
        return [
            (name.removeprefix(prefix), value)
            for name, value in self._given.parameters.items()
            if name.startswith(prefix)
        ]
