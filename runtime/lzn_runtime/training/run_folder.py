"""A run folder: what a run leaves behind, and where.

spec.lzn  imports/  plan.json  environment.json  metrics.jsonl  checkpoints/  samples/  report.html
metrics.json  sessions.json
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lzn_dsl.datafiles.pickled import pickled
from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError
from lzn_dsl.planning.plan import Plan
from lzn_runtime.pictures.atomic import write_bytes
from lzn_runtime.training.plan_file import BadPlanError, parse_plan


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run, and the names in it."""

    path: Path

    @property
    def spec(self) -> Path:
        """The program as it was run."""
        return self.path / "spec.lzn"

    @property
    def plan(self) -> Path:
        """The plan that was trained."""
        return self.path / "plan.json"

    @property
    def environment(self) -> Path:
        """Versions and machine of the newest start."""
        return self.path / "environment.json"

    @property
    def metrics(self) -> Path:
        """One line of JSON for each logged step."""
        return self.path / "metrics.jsonl"

    @property
    def results(self) -> Path:
        """What metrics said, by step."""
        return self.path / "metrics.json"

    @property
    def sessions(self) -> Path:
        """How long each call trained."""
        return self.path / "sessions.json"

    @property
    def checkpoints(self) -> Path:
        """Folder of checkpoints."""
        return self.path / "checkpoints"

    @property
    def samples(self) -> Path:
        """Folder of sample grids."""
        return self.path / "samples"

    @property
    def report(self) -> Path:
        """The report."""
        return self.path / "report.html"

    def make(self) -> None:
        """Make the folder and those above it. Raises StorageError (LZN708) where that fails."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise _unreadable(f"the run folder `{self.path}` cannot be made: {reason}") from error

    def write(
        self, plan: Plan, *, spec: str, environment: str, imports: Mapping[str, str] | None = None
    ) -> None:
        """Write the plan, the program's text where there is one, and the environment.

        `imports` are the texts that the program imports, by their path from `spec.lzn`.

        Raises StorageError (LZN708) where that fails; older files are then as they were.
        """
        try:
            write_bytes(self.plan, plan.model_dump_json(indent=1).encode())
            write_bytes(self.environment, environment.encode())
            for name, text in (imports or {}).items():
                place = self.path / name
                place.parent.mkdir(parents=True, exist_ok=True)
                write_bytes(place, text.encode())
            if spec:
                write_bytes(self.spec, spec.encode())
        except OSError as error:
            raise _unreadable(f"`{self.path}` cannot be written to: {error}") from error

    def read_plan(self) -> Plan:
        """Return the plan, which may be a stranger's.

        Raises StorageError where there is none that can be read (LZN708), or where the path is of
        weights that may run code (LZN714).
        """
        try:
            return parse_plan(self.plan)
        except (FileNotFoundError, NotADirectoryError) as error:
            kind = pickled(self.path)
            if kind:
                raise _may_run_code(self.path, kind) from error
            raise _unreadable(f"`{self.path}` is no run folder: it has no `plan.json`") from error
        except OSError as error:
            raise _unreadable(f"`{self.plan}` cannot be read: {error}") from error
        except BadPlanError as error:
            summary = f"`{self.plan}` is no plan of this version of lzn_dsl ({error})"
            raise _unreadable(summary) from error

    def keep_aside(self) -> None:
        """Rename what a training leaves, so that a fresh start finds none of it and loses none.

        Raises StorageError (LZN708) where that fails.
        """
        number = 1
        while any(_aside(path, number).exists() for path in self._saved()):
            number += 1
        try:
            for path in self._saved():
                if path.exists():
                    path.rename(_aside(path, number))
        except OSError as error:
            raise _unreadable(f"`{self.path}` cannot be cleared: {error}") from error

    def _saved(self) -> tuple[Path, ...]:
        return (self.checkpoints, self.samples, self.metrics, self.results, self.sessions)


def _aside(path: Path, number: int) -> Path:
    return path.with_name(f"{path.stem}-before-{number}{path.suffix}")


def _unreadable(summary: str) -> StorageError:
    return StorageError(Diagnostic(code="LZN708", summary=summary))


def _may_run_code(path: Path, kind: str) -> StorageError:
    return StorageError(
        Diagnostic(
            code="LZN714",
            summary=f"`{path}` is {kind}, which may run code when it is opened: it was not",
            hint=f"`lzn convert {path} --out DIR` reads checkpoints of the paper's published code",
        )
    )
