"""A program whose files are linked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Severity
from lzn_dsl.diagnostics.source import Source, Span
from lzn_dsl.diagnostics.suggest import Suggestion
from lzn_dsl.linking.library import Loaded
from lzn_dsl.linking.names import DECLARING, Named
from lzn_dsl.linking.parameters import Parameter
from lzn_dsl.syntax import tree


@dataclass(frozen=True)
class Definition:
    """A name of a program: what it names, and where it is declared.

    Attributes:
        name: The qualified name.
        at: The name as it is declared; its span lies in the file that declares it.
    """

    kind: Named
    name: str
    at: tree.Name


@dataclass(frozen=True, eq=False)
class Unit:
    """A file as it takes part in a program; with other parameters it takes part again.

    Attributes:
        prefix: What its names get in front; empty for the program's own file.
        definitions: What it declares, by the name it is declared by.
        spaces: The files it imports, by namespace; None for one that cannot be imported.
        imports: Its import statements with the files they lead to.
    """

    loaded: Loaded
    prefix: str
    definitions: Mapping[str, tuple[Definition, ...]]
    spaces: Mapping[str, "Unit | None"]
    imports: tuple[tuple[tree.Import, Loaded], ...]

    def find(self, name: str) -> tuple[Definition, ...]:
        """Return what a name means in this file, such as `base.width`; empty where nothing."""
        unit = self
        *spaces, last = name.split(".")
        for space in spaces:
            inner = unit.spaces.get(space)
            if inner is None:
                return ()
            unit = inner
        return unit.definitions.get(last, ())


@dataclass(frozen=True)
class BoundParameter:
    """A parameter of a program with its value.

    Attributes:
        name: The qualified name.
        value: The value, as the program uses it.
        given: Whether something else than its own default is its value.
    """

    name: str
    parameter: Parameter
    value: tree.Value
    given: bool

    @property
    def plain(self) -> int | float | str | bool:
        """The value itself; a word as a text."""
        value = self.value
        if isinstance(value, tree.Literal):
            return value.value
        return value.name.text if isinstance(value, tree.Reference) else value.span.text


@dataclass(frozen=True)
class Linked:
    """All files of a program as one list of statements.

    Attributes:
        file: The statements, whose names are qualified; parameters hold their values.
        units: The program's own file, then those it imports.
        parameters: The parameters of all files.
        found: What is wrong with the files and their imports, the texts included.
        unlinked: Places of names of files that could not be imported.
        complete: Whether all statements of all files are there. Where they are not, a name may be
            unknown only for that.
    """

    file: tree.File
    units: tuple[Unit, ...]
    parameters: tuple[BoundParameter, ...] = ()
    found: tuple[Diagnostic, ...] = ()
    unlinked: tuple[Span, ...] = ()
    complete: bool = True

    @property
    def sources(self) -> tuple[Source, ...]:
        """The texts of the program, each once: its own, then those it imports."""
        return tuple({unit.loaded.path: unit.loaded.source for unit in self.units}.values())

    @property
    def only_declares(self) -> bool:
        """Whether the program is names for other files to import: it does nothing by itself."""
        done = [s for s in self.file.statements if not isinstance(s, tree.Version | tree.Import)]
        return bool(done) and all(isinstance(s, DECLARING) for s in done)

    def unit_of(self, path: Path) -> Unit | None:
        """Return how a file first takes part in the program, or None where it does not."""
        return next((unit for unit in self.units if unit.loaded.path == path), None)

    def as_written(self, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """Return findings of later stages as the file that they are in would say them.

        Those at a place where linking found an error, or at a name of a file that could not be
        imported, are left out. What is suggested in an imported file has no namespace of that file.
        """
        errors = [finding for finding in self.found if finding.severity is Severity.ERROR]
        places = (*self.unlinked, *(error.span for error in errors))
        known = {_where(span) for span in places if span}
        prefixes: dict[str, str] = {}
        for unit in self.units:
            prefixes.setdefault(unit.loaded.source.name, unit.prefix)
        for finding in found:
            if _where(finding.span) in known:
                continue
            prefix = prefixes.get(finding.span.source.name, "") if finding.span else ""
            hint = finding.hint
            if prefix and isinstance(hint, Suggestion):
                hint = Suggestion(hint.word.removeprefix(prefix), hint.instead.removeprefix(prefix))
            yield finding if hint is finding.hint else replace(finding, hint=hint)

    def in_order(self, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Return findings file by file, each in the order of its text; those without a place last.

        A finding that several uses of one file share is returned once.
        """
        order = {source.name: number for number, source in enumerate(self.sources)}
        places: dict[tuple[str, str, str, tuple[int, int], int], Diagnostic] = {}
        for finding in found:
            span = finding.span
            last = len(order)
            place = (order.get(span.source.name, last), span.start) if span else (last + 1, 0)
            end = span.end if span else 0
            name = span.source.name if span else ""
            places.setdefault((finding.code, finding.summary, name, place, end), finding)
        ordered = sorted(places.items(), key=lambda item: item[0][3])
        return tuple(finding for _, finding in ordered)


def _where(span: Span | None) -> tuple[str, int, int]:
    return (span.source.name, span.start, span.end) if span else ("", 0, 0)


def by_file(found: Iterable[Diagnostic]) -> dict[str, tuple[Diagnostic, ...]]:
    """Return findings by the name of the text they are in; those without a place by an empty one.

    For an editor, which shows the findings of each file in that file.
    """
    table: dict[str, tuple[Diagnostic, ...]] = {}
    for finding in found:
        name = finding.span.source.name if finding.span else ""
        table[name] = (*table.get(name, ()), finding)
    return table
