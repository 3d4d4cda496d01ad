"""What the language has to say about a program, and the exceptions that carry it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from lzn_dsl.diagnostics.source import Span


class Severity(StrEnum):
    """How much a finding matters: an error stops the program, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Related:
    """Another place that a finding speaks of, such as where a name was first defined."""

    span: Span
    label: str


@dataclass(frozen=True)
class Edit:
    """Text to put in place of a span; an empty span is an insertion."""

    span: Span
    text: str


@dataclass(frozen=True)
class Fix:
    """Edits that mend a finding; `safe` where they cannot change what the program does else."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = True


@dataclass(frozen=True)
class Diagnostic:
    """One finding: code, what is wrong, where, what was expected, what to do.

    Attributes:
        label: What is said at the place itself.
        hint: What to do, in words.
        related: Other places, shown with the first.
        fixes: What to do, as edits; the best first.
    """

    code: str
    summary: str
    span: Span | None = None
    label: str = ""
    notes: tuple[str, ...] = ()
    hint: str = ""
    severity: Severity = field(default=Severity.ERROR)
    related: tuple[Related, ...] = ()
    fixes: tuple[Fix, ...] = ()


class LznError(Exception):
    """An error that a person can act on; the shell prints it and exits with `exit_code`."""

    exit_code = 1

    def __init__(self, diagnostics: Diagnostic | Iterable[Diagnostic]) -> None:
        found = [diagnostics] if isinstance(diagnostics, Diagnostic) else diagnostics
        self.diagnostics: tuple[Diagnostic, ...] = tuple(found)
        super().__init__("; ".join(f"[{d.code}] {_headline(d)}" for d in self.diagnostics))


class SpecError(LznError):
    """The program is wrong (codes LZN1xx to LZN4xx)."""

    exit_code = 2


class DataError(LznError):
    """A dataset or an input file is missing or broken (LZN5xx)."""

    exit_code = 3


class TrainingError(LznError):
    """Training cannot go on: a loss or gradient that is not finite (LZN6xx)."""

    exit_code = 4


class StorageError(LznError):
    """A run folder or checkpoint cannot be read or written (LZN7xx)."""

    exit_code = 5


class PluginError(LznError):
    """A component of another package fails (LZN905)."""


def _headline(diagnostic: Diagnostic) -> str:
    where = f"{diagnostic.span}: " if diagnostic.span else ""
    hint = f" ({diagnostic.hint})" if diagnostic.hint else ""
    return f"{where}{diagnostic.summary}{hint}"


def has_errors(diagnostics: Sequence[Diagnostic]) -> bool:
    """Whether any of the findings stops the program."""
    return any(d.severity is Severity.ERROR for d in diagnostics)
