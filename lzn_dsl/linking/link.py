"""Links the files of a program: the stage between parsing and checking.

An imported file's statements join the program. What it declares lives under its namespace; what it
says of the whole program holds unless the importing file says otherwise. A file that is reached
twice with the same parameters takes part once, under the namespace it was first reached by.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError, has_errors
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.linking.constants import Constant, stands_for
from lzn_dsl.linking.library import Library, Loaded
from lzn_dsl.linking.limits import DEFAULT_LINK_LIMITS, LinkLimits
from lzn_dsl.linking.linked import Definition, Linked, Unit
from lzn_dsl.linking.merge import Whole, merge, own_whole
from lzn_dsl.linking.messages import (
    circle,
    needs_alias,
    same_namespace,
    too_deep,
    too_large,
    too_many,
    unknown_name,
    unknown_space,
)
from lzn_dsl.linking.names import Named, declarations, is_name, namespace, task_name
from lzn_dsl.linking.qualify import Qualifier
from lzn_dsl.linking.settings import Given, Settings, Values
from lzn_dsl.linking.versions import check_version
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.limits import DEFAULT_LIMITS

_POINT = re.compile(r"\w\.[A-Za-z_]")  # also of a word in a comment, which costs time only
_Key = tuple[object, ...]


def link(
    library: Library,
    given: Given | None = None,
    *,
    verbs: Iterable[tree.Verb] = (),
    limits: LinkLimits = DEFAULT_LINK_LIMITS,
) -> Linked:
    """Read all files of a program and return it as one list of statements; raises nothing.

    `verbs` are the built-in ones. A file that adds a form to one of them has under its namespace
    the built-in forms too.
    """
    return _Linker(library, given or Given(), tuple(verbs), limits).link()


@dataclass(frozen=True)
class _Part:
    """A unit, its qualified statements, and what it says of the whole program."""

    unit: Unit
    statements: tuple[tree.Statement, ...]
    whole: Whole


class _Linker:
    """Links one program. Parts are kept by file and parameters, in the order they are done."""

    def __init__(
        self,
        library: Library,
        given: Given,
        verbs: tuple[tree.Verb, ...],
        limits: LinkLimits,
    ) -> None:
        self._library = library
        self._verbs = verbs
        self._limits = limits
        self._parts: dict[_Key, _Part] = {}
        self._begun: list[_Key] = []
        self._constants: dict[str, Constant] = {}
        self._bytes = 0
        self._tokens = 0
        self._failed = 0
        self._unlinked: list[Span] = []
        self._found: list[Diagnostic] = []
        self._complete = True
        self._settings = Settings(given, self._found)

    def link(self) -> Linked:
        top = self._library.top
        self._bytes, self._tokens = _size(top), top.tokens
        values = self._settings.values(top, (), "")
        whole = self._add((), top, "", values, ()).whole
        if self._complete:
            self._settings.report_unknown(top.source.name)
        begun = [self._parts[key] for key in self._begun]
        statements = _joined(begun, list(self._parts.values()), whole)
        if len(begun) == 1:
            statements = begun[0].statements
        units = tuple(part.unit for part in begun)
        linked = Linked(tree.File(statements, top.file.span), units, tuple(self._settings.bound))
        return replace(
            linked,
            found=linked.in_order(self._found),
            unlinked=tuple(self._unlinked),
            complete=self._complete and not any(has_errors(u.loaded.found) for u in units),
        )

    def _add(
        self,
        key: _Key,
        loaded: Loaded,
        prefix: str,
        values: Values,
        chain: tuple[Loaded, ...],
    ) -> _Part:
        """Link a file and those it imports; its parameters have these values."""
        self._begun.append(key)
        self._found += [*loaded.found, *check_version(loaded.file)]
        definitions: dict[str, tuple[Definition, ...]] = {}
        for kind, name in declarations(loaded.file.statements):
            definition = Definition(kind, f"{prefix}{name.text}", name)
            definitions[name.text] = (*definitions.get(name.text, ()), definition)
        statements = tuple(self._settings.applied(loaded, values, prefix))
        spaces: dict[str, Unit | None] = {}
        unit = Unit(loaded, prefix, definitions, spaces, ())
        imported: list[tuple[tree.Import, _Part]] = []
        for statement in statements:
            if isinstance(statement, tree.Import):
                part = self._import(statement, unit, spaces, (*chain, loaded), statements)
                imported += [(statement, part)] if part else []
        unit = replace(unit, imports=tuple((s, part.unit.loaded) for s, part in imported))
        qualified = tuple(self._qualified(unit, statements))
        whole, found = merge(
            own_whole(qualified), [(s, part.whole) for s, part in imported], self._resolve
        )
        self._found += found
        self._parts[key] = _Part(unit, qualified, whole)
        return self._parts[key]

    def _import(
        self,
        statement: tree.Import,
        unit: Unit,
        spaces: dict[str, Unit | None],
        chain: tuple[Loaded, ...],
        siblings: tuple[tree.Statement, ...],
    ) -> _Part | None:
        """Link the file that a statement imports; None where it cannot be, which is reported."""
        try:
            path = self._library.find(str(statement.path.value), unit.loaded)
        except SpecError as failure:
            self._refuse(statement, failure)
            spaces.setdefault(namespace(statement), None)
            return None
        space = self._space(statement, spaces)
        if space is None:
            self._complete = False
            return None
        spaces[space] = None
        if self._failed >= DEFAULT_LIMITS.errors:
            return None
        try:
            loaded = self._load(path, chain)
            settings = [
                (s.key, self._constant(s.value, unit, siblings)) for s in statement.settings
            ]
            prefix = f"{unit.prefix}{space}."
            values = self._settings.values(loaded, settings, prefix)
            key = self._settings.key(loaded, values, prefix)
            if key not in self._parts:
                self._count(loaded)
        except SpecError as failure:
            self._refuse(statement, failure)
            return None
        part = self._parts.get(key) or self._add(key, loaded, prefix, values, chain)
        spaces[space] = part.unit
        return part

    def _refuse(self, statement: tree.Import, failure: SpecError) -> None:
        self._complete = False
        self._failed += 1
        if self._failed <= DEFAULT_LIMITS.errors:
            span = statement.path.span
            self._found += [replace(finding, span=span) for finding in failure.diagnostics]

    def _space(self, statement: tree.Import, spaces: Mapping[str, Unit | None]) -> str | None:
        """Return the namespace of an import, or None where it has none, which is reported."""
        space = namespace(statement)
        if statement.alias is None and not is_name(space):
            self._found.append(needs_alias(statement, space))
            return None
        if space in spaces:
            named = statement.alias or statement.path
            self._found.append(same_namespace(space, named.span))
            return None
        return space

    def _load(self, path: Path, chain: tuple[Loaded, ...]) -> Loaded:
        """Return the file at a path that the last of a chain imports; raises SpecError."""
        names = [loaded.source.name for loaded in chain]
        paths = [self._library.top_path, *(loaded.path for loaded in chain[1:])]
        if path in paths:
            raise SpecError(circle([*names[paths.index(path) :], names[paths.index(path)]]))
        if len(chain) > self._limits.depth:
            raise SpecError(too_deep(self._limits))
        return self._library.load(path)

    def _count(self, loaded: Loaded) -> None:
        """Count a file that takes part; raises SpecError beyond a limit (LZN235)."""
        self._bytes += _size(loaded)
        self._tokens += loaded.tokens
        over: Diagnostic | None = None
        if len(self._begun) > self._limits.files:
            over = too_many(self._limits)
        elif self._bytes > self._limits.total_bytes or self._tokens > self._limits.total_tokens:
            over = too_large(self._limits)
        if over is not None:
            self._failed = DEFAULT_LIMITS.errors - 1  # this is the last one that is reported
            raise SpecError(over)

    def _qualified(
        self, unit: Unit, statements: Iterable[tree.Statement]
    ) -> Iterator[tree.Statement]:
        """Yield the statements of a file as the whole program sees them."""
        own = {name: {d.kind for d in found} for name, found in unit.definitions.items()}
        verbs = {verb.name.text for verb in self._verbs}
        qualifier = Qualifier(unit.prefix, own, verbs, lambda name: self._outer(name, unit))
        tasks: set[str] = set()
        if unit.prefix:
            for verb in self._verbs:
                if Named.VERB in own.get(verb.name.text, ()):
                    name = tree.Name(f"{unit.prefix}{verb.name.text}", verb.name.span)
                    yield replace(verb, name=name)
        plain = not unit.prefix and not _POINT.search(unit.loaded.source.text)
        for statement in statements:
            qualified = statement if plain else qualifier.statement(statement)
            if isinstance(qualified, tree.Import | tree.Version):
                continue
            if isinstance(qualified, Constant):
                self._constants.setdefault(qualified.name.text, qualified)
            if isinstance(statement, tree.Task) and isinstance(qualified, tree.Task):
                name = task_name(statement, tasks)
                tasks.add(name.text)
                if unit.prefix:
                    name = tree.Name(f"{unit.prefix}{name.text}", name.span)
                    qualified = replace(qualified, name=name)
            yield qualified

    def _outer(self, name: tree.Name, unit: Unit) -> tree.Name:
        """Return the qualified form of a name with a point, or itself where it means nothing."""
        found = unit.find(name.text)
        if found:
            return tree.Name(found[0].name, name.span)
        known: Unit | None = unit
        path = name.text.split(".")
        for depth, space in enumerate(path[:-1]):
            assert known is not None
            if space not in known.spaces:
                self._found.append(unknown_space(name, depth, known))
                return name
            known = known.spaces[space]
            if known is None:  # it could not be imported, which is reported
                self._unlinked.append(name.span)
                return name
        assert known is not None
        if not has_errors(known.loaded.found):
            self._found.append(unknown_name(name, known))
        return name

    def _constant(
        self, value: tree.Value, unit: Unit, statements: Iterable[tree.Statement]
    ) -> tree.Value:
        """Return what a setting of an import stands for: a constant above it, or itself."""
        own = {s.name.text: s for s in statements if isinstance(s, Constant)}
        value = stands_for(value, lambda name: own.get(name.text))
        if isinstance(value, tree.Reference) and "." in value.name.text:
            return self._resolve(replace(value, name=self._outer(value.name, unit)))
        return value

    def _resolve(self, value: tree.Value) -> tree.Value:
        return stands_for(value, lambda name: self._constants.get(name.text))


def _joined(begun: list[_Part], done: list[_Part], whole: Whole) -> tuple[tree.Statement, ...]:
    """Return the statements of several files: what others build on first, own data first."""
    return (
        *(s for p in done for s in p.statements if isinstance(s, Constant)),
        *(s for p in begun for s in p.statements if isinstance(s, tree.Data)),
        *(s for p in done for s in p.statements if isinstance(s, tree.Verb)),
        *(s for p in done for s in p.statements if isinstance(s, tree.Task)),
        *whole.statements(),
        *(s for p in done for s in p.statements if isinstance(s, tree.Evaluate)),
    )


def _size(loaded: Loaded) -> int:
    return len(loaded.source.text.encode("utf-8", "surrogatepass"))
