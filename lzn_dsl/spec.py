"""The Python form of the language: load a program, check it, see its graph and plan, run it."""

import json
import re
from collections.abc import Iterable, Mapping
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
from lzn_dsl.registry.plugins import default_registry
from lzn_dsl.registry.registry import Registry
from lzn_dsl.semantics.analyse import Options, analyse
from lzn_dsl.semantics.program import Program
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.parser import parse, parse_value
from lzn_dsl.syntax.reading import read_source

if TYPE_CHECKING:
    from lzn_dsl.graph.build import TaskGraph
    from lzn_dsl.planning.plan import Plan
    from lzn_runtime.run import RunObserver
    from lzn_runtime.trained_model import TrainedModel

_TEXT = "<text>"
_MAY_BE_MISSING = {"LZN201", "LZN202", "LZN207", "LZN208", "LZN210", "LZN402", "LZN404"}


def load(
    program: str | Path,
    *,
    data: str = "digits",
    settings: Iterable[str] | Mapping[str, object] = (),
    registry: Registry | None = None,
) -> "Spec":
    """Load a program from a file or from its text.

    Args:
        program: A path, or the text itself. A string is a path if it ends in `.lzn`.
        data: Name of the dataset to use where the program names none.
        settings: Settings that lie over the program's, as `"train.steps=100"` or
            `{"train.steps": 100}`; they pass the same checks. A string is taken as the language
            writes it (`conv(widths: [8, 16])`), and as a text where that is no value.
        registry: Components that the program may name; by default those of this installation.

    Raises:
        SpecError: The file cannot be read, or a setting is not `PATH=VALUE`.
    """
    overrides = _overrides(settings)
    if isinstance(program, Path) or re.fullmatch(r"[^\n]*\.lzn", program):
        path = Path(program)
        return Spec(read_source(path), path.parent, data, overrides, registry)
    return Spec(Source(_TEXT, program), Path(), data, overrides, registry)


class Spec:
    """A program with everything that can be known of it before it trains.

    Nothing here imports torch until `run`.
    """

    def __init__(
        self,
        source: Source,
        folder: Path,
        data: str,
        overrides: Mapping[str, tree.Value],
        registry: Registry | None,
    ) -> None:
        self.source = source
        self.folder = folder
        self.registry = registry or default_registry()
        self._options = Options(folder, data, overrides)

    @cached_property
    def _analysis(self) -> tuple[Program | None, tuple[Diagnostic, ...]]:
        file, syntax = parse(self.source)
        program, found = analyse(file, self.registry, self._options)
        if has_errors(syntax):  # what is not understood may be what the rest speaks of
            program, found = None, tuple(f for f in found if f.code not in _MAY_BE_MISSING)
        return program, (*self.registry.warnings, *syntax, *found)

    @cached_property
    def _built(self) -> "tuple[TaskGraph | None, tuple[Diagnostic, ...]]":
        program, found = self._analysis
        if program is None:
            return None, found
        from lzn_dsl.graph.build import build_graph

        graph, more = build_graph(program)
        return graph, (*found, *more)

    def check(self) -> tuple[Diagnostic, ...]:
        """Return all findings, errors and warnings, in the order of the text."""
        program, found = self._analysis
        if program is None:
            return found
        from lzn_dsl.graph.passes.needs import find_needs

        more: list[Diagnostic] = []
        find_needs(program, more)
        return (*found, *more)

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

    def run(
        self,
        out: str | Path | None = None,
        *,
        fresh: bool = False,
        device: str | None = None,
        observer: "RunObserver | None" = None,
    ) -> "TrainedModel":
        """Train, evaluate and report into a run folder; continue where an earlier run stopped.

        Args:
            out: The run folder; by default `runs/NAME`, after the program's file.
            fresh: Start again; what the folder holds of an earlier run is kept aside.
            device: `cpu`, `cuda`, ...; by default CUDA where there is one.
            observer: Is told of progress.

        Raises:
            SpecError: The program has errors.
            DataError: The data is missing or broken.
            TrainingError: Losses or gradients are not finite.
            StorageError: The run folder cannot be used.
            Interrupted: SIGINT or SIGTERM; the state was saved, and the same call goes on.
            ValueError: The device is not there.
        """
        from lzn_dsl.graph.pictures import draw
        from lzn_runtime.run import Job, run

        job = Job(self.plan(), self.source.text, draw(self.graph.graph, "svg"), self.folder)
        folder = Path(out) if out else self.default_folder
        return run(job, self.registry, folder, fresh=fresh, device=device, observer=observer)

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


def _overrides(settings: Iterable[str] | Mapping[str, object]) -> dict[str, tree.Value]:
    if isinstance(settings, Mapping):
        settings = [f"{path}={_literal(value)}" for path, value in settings.items()]
    values: dict[str, tree.Value] = {}
    found: list[Diagnostic] = []
    for setting in settings:
        path, separator, text = setting.partition("=")
        if not separator or not path.strip():
            summary = f"`--set {setting}` is not `PATH=VALUE`, such as `train.steps=100`"
            found.append(Diagnostic("LZN213", summary))
            continue
        value, problems = parse_value(Source(f"--set {path.strip()}", text))
        found.extend(problems)
        if value is not None:
            values[path.strip()] = value
    if found:
        raise SpecError(found)
    return values


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Path) or (isinstance(value, str) and not _is_value(value)):
        return json.dumps(str(value), ensure_ascii=False)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_literal(v) for v in value)}]"
    return "none" if value is None else str(value)


def _is_value(text: str) -> bool:
    return parse_value(Source("<value>", text))[0] is not None
