"""The Python form of the language: load a program, check it, see its graph and plan, run it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lzn_dsl.diagnostics.diagnostic import (
    DataError,
    Diagnostic,
    Severity,
    SpecError,
    has_errors,
)
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.diagnostics.suggest import with_fix
from lzn_dsl.linking.library import Library
from lzn_dsl.linking.link import link
from lzn_dsl.linking.linked import Linked
from lzn_dsl.linking.overrides import read_overrides
from lzn_dsl.linking.settings import Given
from lzn_dsl.linking.values import Outside, read_parameters
from lzn_dsl.registry.plugins import default_registry
from lzn_dsl.registry.registry import Registry
from lzn_dsl.semantics.analyse import Options, analyse
from lzn_dsl.semantics.program import Program
from lzn_dsl.semantics.verbs import prelude
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.excess import cap_errors
from lzn_dsl.syntax.limits import DEFAULT_LIMITS
from lzn_dsl.syntax.reading import read_source

if TYPE_CHECKING:
    from lzn_dsl.graph.build import TaskGraph
    from lzn_dsl.planning.plan import Plan
    from lzn_dsl.planning.settings import Setting
    from lzn_runtime.run import RunObserver
    from lzn_runtime.trained_model import TrainedModel

_TEXT = "<text>"
_NO_TASK = "LZN404"
_MAY_BE_MISSING = {"LZN201", "LZN202", "LZN207", "LZN208", "LZN210", "LZN402", _NO_TASK}


def load(
    program: str | Path,
    *,
    data: str = "digits",
    settings: Iterable[str] | Mapping[str, object] = (),
    params: Iterable[str] | Mapping[str, object] = (),
    registry: Registry | None = None,
) -> "Spec":
    """Load a program from a file or from its text.

    Args:
        program: A path, or the text itself. A string is a path if it ends in `.lzn`.
        data: Name of the dataset to use where the program names none.
        settings: Settings that lie over the program's, as `"train.steps=100"` or
            `{"train.steps": 100}`; they pass the same checks. A string is taken as the language
            writes it (`conv(widths: [8, 16])`), and as a text where that is no value.
        params: Values of the program's parameters, as `{"steps": 100}` or `"steps=100"`; those of
            an imported file by their qualified names, such as `base.steps`.
        registry: Components that the program may name; by default those of this installation.

    Raises:
        SpecError: The file cannot be read, a setting is not `PATH=VALUE`, or a parameter not
            `NAME=VALUE`.
    """
    overrides = read_overrides(settings)
    given = read_parameters(params)
    if isinstance(program, Path) or re.fullmatch(r"[^\n]*\.lzn", program):
        path = Path(program)
        return Spec(read_source(path), path.parent, data, overrides, registry, params=given)
    return Spec(Source(_TEXT, program), Path(), data, overrides, registry, params=given)


class Spec:
    """A program with everything that can be known of it before it trains.

    Nothing here imports torch until `run`.

    Args:
        source: The program's own text.
        folder: The folder it is in: where imports and relative paths of data start.
        data: Dataset of a program that names none.
        overrides: Values of settings, by path.
        registry: Components that the program may name.
        params: Values of parameters, by name.
        texts: Texts to take in place of imported files, by real path.
    """

    def __init__(
        self,
        source: Source,
        folder: Path,
        data: str,
        overrides: Mapping[str, tree.Value],
        registry: Registry | None,
        *,
        params: Mapping[str, Outside] | None = None,
        texts: Mapping[Path, str] | None = None,
    ) -> None:
        self.source = source
        self.folder = folder
        self.registry = registry or default_registry()
        self._options = Options(folder, data, overrides)
        self._params = params or {}
        self._texts = texts or {}

    def with_text(self, text: str) -> "Spec":
        """Return the program with another text, everything else alike."""
        options = self._options
        return Spec(
            Source(self.source.name, text),
            self.folder,
            options.data,
            options.overrides,
            self.registry,
            params=self._params,
            texts=self._texts,
        )

    def with_settings(self, settings: Iterable[str] | Mapping[str, object]) -> "Spec":
        """Return the program with further settings over it, as `load` takes them."""
        options = self._options
        return Spec(
            self.source,
            self.folder,
            options.data,
            {**options.overrides, **read_overrides(settings)},
            self.registry,
            params=self._params,
            texts=self._texts,
        )

    @cached_property
    def linked(self) -> Linked:
        """The program's files, read and linked to one list of statements."""
        constants = {
            path.removeprefix("let."): value
            for path, value in self._options.overrides.items()
            if path.startswith("let.")
        }
        library = Library(self.source, self.folder, texts=self._texts)
        return link(library, Given(self._params, constants), verbs=prelude())

    @cached_property
    def _analysis(self) -> tuple[Program | None, tuple[Diagnostic, ...]]:
        linked = self.linked
        options = replace(self._options, parameters=linked.parameters)
        program, found = analyse(linked.file, self.registry, options)
        if not linked.complete:  # what is not understood may be what the rest speaks of
            found = tuple(f for f in found if not _is_consequence(f, linked.found))
        if has_errors(linked.found):
            program = None
        found = linked.in_order([*linked.found, *linked.as_written(found)])
        capped = cap_errors((*self.registry.warnings, *found), DEFAULT_LIMITS)
        return program, tuple(map(with_fix, capped))

    @cached_property
    def _built(self) -> "tuple[TaskGraph | None, tuple[Diagnostic, ...]]":
        program, found = self._analysis
        if program is None:
            return None, found
        from lzn_dsl.graph.build import build_graph

        graph, more = build_graph(program)
        return graph, (*found, *more)

    def check(self) -> tuple[Diagnostic, ...]:
        """Return all findings, errors and warnings, in the order of the text.

        That there is no task is none in a file that only declares names, for others to import.
        """
        program, found = self._analysis
        if self.linked.only_declares:
            found = tuple(f for f in found if f.code != _NO_TASK)
        if program is None:
            return found
        from lzn_dsl.graph.passes.needs import find_needs

        more: list[Diagnostic] = []
        find_needs(program, more)
        return (*found, *more)

    @property
    def program(self) -> Program | None:
        """The checked program; None where it has errors, which `check` tells."""
        return self._analysis[0]

    @property
    def graph(self) -> "TaskGraph":
        """The task graph.

        Raises SpecError where the program has errors, DataError where only its data has.
        """
        graph, found = self._built
        if graph is None:
            errors = [d for d in found if d.severity is Severity.ERROR]
            of_data = all(d.code.startswith("LZN5") for d in errors)
            raise DataError(found) if of_data else SpecError(found)
        return graph

    def plan(self) -> "Plan":
        """Return the plan that the runtime compiles; SpecError where the program has errors."""
        from lzn_dsl.planning.make import make_plan

        return make_plan(self.graph)

    def settings(self) -> "list[Setting]":
        """Return every setting with its value and where it came from; SpecError with errors."""
        from lzn_dsl.planning.settings import all_settings, where_from

        graph = self.graph
        origins = where_from(graph.program, self.linked.file.statements)
        return all_settings(graph.program, graph.objectives.by_name, origins)

    def to_text(self, *, notes: bool = False) -> str:
        """Return the whole program as one text, every default filled in and nothing imported.

        The text is that of the same program; see `same_as`. With `notes`, comments say where each
        value came from. Raises SpecError where the program has errors.
        """
        from lzn_dsl.linking.qualify import prefer_columns
        from lzn_dsl.planning.settings import where_from
        from lzn_dsl.planning.text import program_text

        graph = self.graph
        program, stated = graph.program, self.linked.file.statements
        statements = [prefer_columns(statement, program.modalities) for statement in stated]
        origins = where_from(program, statements)
        learned = graph.objectives.by_name
        return program_text(program, statements, learned, origins, notes=notes)

    def same_as(self, other: "Spec") -> bool:
        """Whether two programs say the same: comments, layout and order of words aside.

        Raises SpecError where one of them has errors.
        """
        from lzn_dsl.planning.compare import differences

        return not differences(self.plan(), other.plan())

    def run(
        self,
        out: str | Path | None = None,
        *,
        fresh: bool = False,
        device: str | None = None,
        memory: int | None = None,
        observer: "RunObserver | None" = None,
    ) -> "TrainedModel":
        """Train, evaluate and report into a run folder; continue where an earlier run stopped.

        Args:
            out: The run folder; by default `runs/NAME`, after the program's file.
            fresh: Start again; what the folder holds of an earlier run is kept aside.
            device: `cpu`, `cuda`, ...; by default CUDA where there is one.
            memory: Bytes that a training step may need by its estimate; by default all that the
                device has.
            observer: Is told of progress.

        Raises:
            SpecError: The program has errors.
            DataError: The data is missing or broken.
            TrainingError: It needs more memory than there is, or losses or gradients are not
                finite.
            StorageError: The run folder cannot be used.
            Interrupted: SIGINT or SIGTERM; the state was saved, and the same call goes on.
            ValueError: The device is not there.
        """
        from lzn_dsl.graph.pictures import draw
        from lzn_dsl.linking.bundle import bundle, refuse_overwriting
        from lzn_runtime.run import Job, run

        texts = bundle(self.linked)
        picture = draw(self.graph.graph, "svg")
        job = Job(self.plan(), texts.text, picture, self.folder, texts.imports)
        folder = Path(out) if out else self.default_folder
        refuse_overwriting(self.linked, texts, folder)
        return run(
            job,
            self.registry,
            folder,
            fresh=fresh,
            device=device,
            memory=memory,
            observer=observer,
        )

    def _repr_html_(self) -> str:
        """What a notebook shows: findings, and the graph where there are no errors."""
        from lzn_dsl.notebook.display import spec_html

        return spec_html(self)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """All forms that a notebook may choose from, by media type."""
        from lzn_dsl.notebook.display import spec_bundle

        del include, exclude
        return spec_bundle(self)

    @property
    def default_folder(self) -> Path:
        """The run folder that `run` uses where none is named.

        `runs/NAME` after the program's file, or after the first words of its text and the dataset
        that was chosen for it.
        """
        if self.source.name != _TEXT:
            return Path("runs") / Path(self.source.name).stem
        words = re.findall(r"[A-Za-z0-9]+", self.source.text)[:8]
        other = [] if self._options.data == Options.data else [self._options.data]
        return Path("runs") / "-".join([*words, *other])[:60]


def _is_consequence(finding: Diagnostic, syntax: Iterable[Diagnostic]) -> bool:
    """Whether a finding comes of a mistake of syntax: of what was not read, or stands in for it."""
    span = finding.span
    if finding.code in _MAY_BE_MISSING or span is None:
        return finding.code in _MAY_BE_MISSING
    places = (mistake.span for mistake in syntax if mistake.span)
    return any(
        place.source == span.source and span.start <= place.start < span.end for place in places
    )
