"""What is compared: one column for each metric of a task on some data."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from lzn_dsl.formatting.unparse import value_text
from lzn_runtime.comparison.programs import Program
from lzn_runtime.comparison.runs import Run
from lzn_runtime.evaluation.result import MetricResult

_Base = tuple[str, str, str]
_Given = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Column:
    """A metric of a task on a dataset.

    Attributes:
        metric: Name of the metric.
        task: The task that it judges.
        data: The dataset that it judges on.
        unit: What its numbers count; `share` for one from 0 to 1.
        better: `higher` or `lower`.
        given: Settings of the metric, as a program writes them, where one run has several results
            of one step that differ in these; only results that have them belong here.
    """

    metric: str
    task: str
    data: str
    unit: str
    better: str
    given: _Given = ()

    @property
    def name(self) -> str:
        """The metric with the settings that tell it apart: `knn(k: 5)`."""
        said = ", ".join(f"{key}: {value}" for key, value in self.given)
        return f"{self.metric}({said})" if said else self.metric

    def __str__(self) -> str:
        return f"{self.name} of {self.task} on {self.data}"

    def takes(self, result: MetricResult) -> bool:
        """Whether a result belongs in this column."""
        keys = [key for key, _ in self.given]
        return (
            _base(result) == (self.metric, self.task, self.data)
            and _given(result, keys) == self.given
        )

    def results(self, run: Run) -> list[tuple[int, MetricResult]]:
        """Return a run's results with their steps, in order; one for each step."""
        found = {run.step_of(r): r for r in run.results if self.takes(r)}
        return sorted(found.items(), key=lambda pair: pair[0])

    def result(self, run: Run, step: int | None = None) -> tuple[int, MetricResult] | None:
        """Return a run's result of a step, or of the last step that was measured."""
        found = self.results(run)
        if step is not None:
            return next((pair for pair in found if pair[0] == step), None)
        return found[-1] if found else None


def find_columns(programs: Sequence[Program]) -> list[Column]:
    """Return the columns of some programs, in the order in which their results name them."""
    runs = [run for program in programs for run in program.runs]
    return columns_of([[(run.step_of(r), r) for r in run.results] for run in runs])


def columns_of(runs: Sequence[Sequence[tuple[int, MetricResult]]]) -> list[Column]:
    """Return the columns of the results of some runs, each with its step."""
    everything = [result for run in runs for _, result in run]
    telling: dict[_Base, list[str]] = {_base(result): [] for result in everything}
    for run in runs:
        for base, keys in telling.items():
            for step in dict.fromkeys(s for s, r in run if _base(r) == base):
                same = [settings_of(r) for s, r in run if s == step and _base(r) == base]
                keys += [key for key in _telling(same) if key not in keys]
    found: dict[Column, None] = {}
    for result in everything:
        keys = telling[_base(result)]
        given = _given(result, keys)
        if len(given) == len(keys):  # those of an older version may lack some
            named = _base(result)
            found[Column(*named, result.unit, result.better, given)] = None
    return list(found)


def settings_of(result: MetricResult) -> dict[str, JsonValue]:
    """Return the settings of the metric behind a result; none where it does not tell them."""
    settings = result.details.get("settings")
    return settings if isinstance(settings, dict) else {}


def _telling(tables: Iterable[dict[str, JsonValue]]) -> list[str]:
    """Return the keys whose values differ between tables that have them."""
    values: dict[str, set[str]] = {}
    for table in tables:
        for key, value in table.items():
            values.setdefault(key, set()).add(value_text(value))
    return [key for key, different in values.items() if len(different) > 1]


def _given(result: MetricResult, keys: Sequence[str]) -> _Given:
    settings = settings_of(result)
    return tuple((key, value_text(settings[key])) for key in keys if key in settings)


def _base(result: MetricResult) -> _Base:
    return result.name, result.task, result.data
