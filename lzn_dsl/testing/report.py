"""What an examination found: one row a check, and the error that carries all of them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Outcome = Literal["ok", "failed", "not run"]


@dataclass(frozen=True)
class Problem:
    """One thing that is not as it must be."""

    expected: str
    found: str
    hint: str


@dataclass(frozen=True)
class CheckResult:
    """How one check went.

    Attributes:
        name: Short name of the check.
        claim: What holds where it passes.
        problems: What does not; empty where it passes.
        not_run: Why it was not run; empty where it was.
    """

    name: str
    claim: str
    problems: tuple[Problem, ...] = ()
    not_run: str = ""

    @property
    def outcome(self) -> Outcome:
        """How it went."""
        if self.problems:
            return "failed"
        return "not run" if self.not_run else "ok"


@dataclass(frozen=True)
class Report:
    """All checks of one modality, in the order in which they ran; `str()` is for people."""

    modality: str
    results: tuple[CheckResult, ...]

    @property
    def ok(self) -> bool:
        """Whether every check ran and passed."""
        return all(result.outcome == "ok" for result in self.results)

    @cached_property
    def failed(self) -> tuple[str, ...]:
        """Names of the checks that failed."""
        return tuple(r.name for r in self.results if r.outcome == "failed")

    def __str__(self) -> str:
        counts = dict.fromkeys(("ok", "failed", "not run"), 0)
        for result in self.results:
            counts[result.outcome] += 1
        shown = [f"{number} {kind}" for kind, number in counts.items() if number]
        lines = [f"modality `{self.modality}`: {', '.join(shown)}"]
        width = max(len(result.name) for result in self.results)
        for result in self.results:
            mark = result.outcome.upper() if result.problems else result.outcome
            lines.append(f"  {mark:<7}  {result.name:<{width}}  {result.claim}")
            if result.not_run:
                lines.append(f"           because {result.not_run}")
            for problem in result.problems:
                lines.append(f"           expected: {problem.expected}")
                lines.append(f"           found:    {problem.found}")
                lines.append(f"           do:       {problem.hint}")
        return "\n".join(lines)

    def to_json(self) -> dict[str, object]:
        """Return the same facts as values for JSON."""
        return {
            "modality": self.modality,
            "ok": self.ok,
            "checks": [
                {
                    "name": result.name,
                    "outcome": result.outcome,
                    "claim": result.claim,
                    "not_run": result.not_run,
                    "problems": [vars(problem) for problem in result.problems],
                }
                for result in self.results
            ],
        }


class ConformanceError(AssertionError):
    """A modality does not conform; `report` holds every check."""

    def __init__(self, report: Report) -> None:
        super().__init__(str(report))
        self.report = report
