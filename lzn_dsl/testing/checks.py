"""Running checks: an exception is a finding, and what needs a check that failed is not run."""

import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from lzn_dsl.testing.report import CheckResult, Problem

_Subject = TypeVar("_Subject")


@dataclass(frozen=True)
class Check(Generic[_Subject]):
    """One check.

    Attributes:
        name: Short name.
        claim: What holds where it passes.
        run: Yields what does not hold of a subject.
        needs: Names of checks without which this one says nothing.
    """

    name: str
    claim: str
    run: Callable[[_Subject], Iterator[Problem]]
    needs: tuple[str, ...] = ()


def run_checks(
    checks: Iterable[Check[_Subject]], subject: _Subject, before: Iterable[CheckResult] = ()
) -> tuple[CheckResult, ...]:
    """Run checks in order; one whose need did not pass, here or `before`, is not run."""
    passed = {result.name for result in before if result.outcome == "ok"}
    results: list[CheckResult] = []
    for check in checks:
        lacking = [need for need in check.needs if need not in passed]
        if lacking:
            why = f"`{lacking[0]}` did not pass"
            results.append(CheckResult(check.name, check.claim, not_run=why))
            continue
        result = CheckResult(check.name, check.claim, _problems(check, subject))
        results.append(result)
        if result.outcome == "ok":
            passed.add(check.name)
    return tuple(results)


def _problems(check: Check[_Subject], subject: _Subject) -> tuple[Problem, ...]:
    found: list[Problem] = []
    try:
        found.extend(check.run(subject))
    except Exception as failure:  # noqa: BLE001 -- the modality is a stranger's code
        found.append(_raised(failure))
    return tuple(found)


def _raised(failure: Exception) -> Problem:
    place = traceback.extract_tb((failure.__cause__ or failure).__traceback__)[-1]
    return Problem(
        expected="no error",
        found=f"{type(failure).__name__}: {failure}",
        hint=f"look at {place.filename}:{place.lineno}, in `{place.name}`",
    )
