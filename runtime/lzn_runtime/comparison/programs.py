"""Runs by program: the same plan but for its seed and what does not change its numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError
from lzn_dsl.planning.compare import SettingRow, differences, setting_rows
from lzn_dsl.planning.plan import Plan
from lzn_runtime.comparison.runs import Run

_INCIDENTAL = frozenset(
    f"train.{name}"
    for name in ("seed", "workers", "log_every", "sample_every", "checkpoint_every", "keep")
)
"""Settings in which the runs of one program may differ; so may evaluations."""
_IN_A_LABEL = 2


@dataclass(frozen=True)
class Program:
    """A program and its runs, one for each seed, by seed."""

    label: str
    runs: tuple[Run, ...]

    @property
    def plan(self) -> Plan:
        """The plan of its first run, which stands for all."""
        return self.runs[0].plan

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds of its runs."""
        return tuple(run.seed for run in self.runs)

    @property
    def parameters(self) -> int:
        """Number of parameters of its model."""
        return self.runs[0].parameters


def group(runs: Iterable[Run], labels: Sequence[str] = ()) -> list[Program]:
    """Return the programs of some runs, in the order in which they come up.

    They are called by `labels`, in this order; without labels by their files, and by settings that
    tell them apart where two have one name.

    Raises SpecError (LZN902) where there are labels, but not one for each program.
    """
    groups: list[list[Run]] = []
    for run in runs:
        same = (g for g in groups if not _differ(g[0].plan, run.plan))
        members = next(same, None)
        if members is None:
            groups.append([run])
        else:
            members.append(run)
    plans = [members[0].plan for members in groups]
    if labels and len(labels) != len(groups):
        named = ", ".join(f"`{plan.title}`" for plan in plans)
        summary = f"{len(labels)} labels for {len(groups)} programs, which are {named}"
        raise SpecError(Diagnostic("LZN902", summary, hint="give one `--label` for each, in order"))
    return [
        Program(label, tuple(sorted(members, key=lambda run: run.seed)))
        for label, members in zip(labels or _names(plans), groups, strict=True)
    ]


def differing_settings(programs: Sequence[Program]) -> list[SettingRow]:
    """Return the settings that tell programs apart, with the value that each has."""
    return _telling([program.plan for program in programs])


def _telling(plans: Sequence[Plan]) -> list[SettingRow]:
    return [row for row in setting_rows(plans) if not _is_incidental(row.path)]


def _differ(one: Plan, other: Plan) -> bool:
    return any(not _is_incidental(found.path) for found in differences(one, other))


def _is_incidental(path: str) -> bool:
    return path in _INCIDENTAL or path.startswith("evaluate.")


def _names(plans: Sequence[Plan]) -> list[str]:
    """Return the titles of plans; with settings, or numbers, where several have one title."""
    names = [plan.title for plan in plans]
    for title in {name for name in names if names.count(name) > 1}:
        places = [i for i, plan in enumerate(plans) if plan.title == title]
        rows = _telling([plans[i] for i in places])[:_IN_A_LABEL]
        for number, place in enumerate(places):
            said = [f"{row.path.rsplit('.', 1)[-1]} {_short(row.values[number])}" for row in rows]
            names[place] = f"{title} ({', '.join(said)})"
    return [
        f"{name} #{names[:i].count(name) + 1}" if names.count(name) > 1 else name
        for i, name in enumerate(names)
    ]


def _short(value: str | None) -> str:
    """Return a component by its name alone, and `-` for what is not there."""
    return "-" if value is None else value.split("(", 1)[0]
