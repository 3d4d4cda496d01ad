"""What a program needs: objectives, the modalities that they and the tasks use, their cost.

This is all that `lzn check` asks of the graph; networkx is imported where a graph is made.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from lzn_dsl.diagnostics.diagnostic import Diagnostic, PluginError
from lzn_dsl.graph.passes.freezing import check_modules
from lzn_dsl.graph.passes.objectives import Objectives, infer_objectives
from lzn_dsl.graph.passes.trained import check_trained
from lzn_dsl.registry.entry import Column, Cost, Kind, Sizes, UnknownFactError
from lzn_dsl.semantics.program import Program


class Needs(NamedTuple):
    """What is to be learned, by which modalities, and what a sample of each costs by module."""

    objectives: Objectives
    modalities: tuple[str, ...]
    costs: Mapping[str, Mapping[str, Cost]]


def find_needs(program: Program, found: list[Diagnostic]) -> Needs | None:
    """Return what a program needs; None where there are errors, which are added to `found`."""
    objectives = infer_objectives(program, found)
    reported = {d.span for d in found}
    found += [d for d in check_trained(program, objectives) if d.span not in reported]
    found += check_modules(program, objectives) if not found else []
    if found:
        return None
    used = _used_modalities(program, objectives)
    costs = {name: _costs(program, name, objectives, found) for name in used}
    return None if found else Needs(objectives, used, costs)


def sample_facts(program: Program, modality: str) -> dict[str, int]:
    """Return the integer facts of a modality's samples, such as height and width.

    They are those of its column, and settings that are by default the data's.
    """
    component = program.modalities[modality].component
    fields = program.registry.get(Kind.MODALITY, component.name).settings.model_fields
    column = _column(program, modality)
    stated = {k: v for k, v in component.settings.items() if fields[k].default is None}
    facts = {**column.facts, **stated}
    return {k: v for k, v in facts.items() if isinstance(v, int) and not isinstance(v, bool)}


def _column(program: Program, modality: str) -> Column:
    return next(
        d.info.columns[modality] for d in program.datasets.values() if modality in d.info.columns
    )


def _used_modalities(program: Program, objectives: Objectives) -> tuple[str, ...]:
    used = {s.modality for t in program.tasks.values() for s in t.steps if s.modality}
    used |= set(objectives.conditions.values())
    for objective in objectives.by_name.values():
        used |= {objective.modality} | ({objective.other} if objective.other else set())
    return tuple(m for m in program.modalities if m in used)


class _Facts(dict[str, int]):
    """Facts of a sample, of which one may be unknown as long as nobody asks for it."""

    def __missing__(self, name: str) -> int:
        raise UnknownFactError(name)


def _costs(
    program: Program, name: str, objectives: Objectives, found: list[Diagnostic]
) -> Mapping[str, Cost]:
    modality = program.modalities[name]
    kind = modality.component.name
    entry = program.registry.get(Kind.MODALITY, kind)
    if entry.costs is None:
        return {"encoder": Cost()}
    condition = objectives.conditions.get(name)
    num_classes = sample_facts(program, condition).get("classes", 0) if condition else 0
    hears = name not in objectives.blind
    sizes = Sizes(program.dim, _Facts(sample_facts(program, name)), num_classes, hears)
    settings = program.registry.settings(Kind.MODALITY, modality.component)
    try:
        return entry.costs(settings, sizes, program.registry)
    except PluginError as failure:
        found.extend(replace(d, span=modality.span) for d in failure.diagnostics)
        return {}
    except UnknownFactError as unknown:
        fact = unknown.args[0]
        found.append(
            Diagnostic(
                "LZN312",
                f"`{fact}` of `{name}` is not known",
                modality.span,
                label="the data that would tell is not on this machine",
                hint=f"get the data, or say it: `modality {name} = {kind}({fact}: ...)`",
            )
        )
        return {}
