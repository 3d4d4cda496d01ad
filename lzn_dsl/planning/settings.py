"""Every setting of a program: its value and where that came from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from lzn_dsl.graph.passes.objectives import Objective
from lzn_dsl.semantics.program import Evaluation, Program
from lzn_dsl.syntax import tree

DEFAULT = "default"
DATA = "data"
_OPTIONS = ("--set", "--param")


@dataclass(frozen=True)
class Setting:
    """A setting of a program.

    Attributes:
        path: How `--set` names it, such as `train.steps`.
        value: Its value; a component by its name alone, its settings are settings of their own.
        origin: `default`, `data`, `--set`, `--param`, or a place such as `digits.lzn:3:12`.
    """

    path: str
    value: JsonValue
    origin: str


def all_settings(
    program: Program, objectives: Mapping[str, Objective], origins: Mapping[str, str]
) -> list[Setting]:
    """Return the settings of a program, those of inferred objectives included.

    `origins` are those that `where_from` returns.
    """
    roots: list[tuple[str, JsonValue]] = [("space.dim", program.dim)]
    roots += _each("param", program.parameters)
    roots += [(f"data.{d.name}", d.component.model_dump()) for d in program.datasets.values()]
    roots += [(f"modality.{m.name}", m.component.model_dump()) for m in program.modalities.values()]
    for task in program.tasks.values():
        roots += _each(f"task.{task.name}", task.settings)
    for objective in objectives.values():
        roots += _each(f"learn.{objective.name}", objective.settings)
    roots += _each("train", program.train)
    for name, module in program.modules.items():
        roots += _each(f"train.{name}", module.settings)
    roots += [(evaluation_path(e), e.metric.model_dump()) for e in program.evaluations]
    return [
        Setting(inner, item, origins.get(inner, DEFAULT))
        for path, value in roots
        for inner, item in _inside(path, value)
    ]


def where_from(program: Program, statements: Iterable[tree.Statement]) -> dict[str, str]:
    """Return where each setting, and each component that a statement names, came from.

    `statements` are the program's, linked to those of the files it imports. What is not in the
    table has its default.
    """
    table = dict(program.origins)
    table |= {f"modality.{name}": DATA for name in program.modalities}
    table |= {f"task.{task.name}": str(task.span) for task in program.tasks.values()}
    for statement in statements:
        if isinstance(statement, tree.Space):
            table["space"] = str(statement.component.name.span)
        elif isinstance(statement, tree.Data):
            table[f"data.{statement.name.text}"] = str(statement.component.name.span)
        elif isinstance(statement, tree.Modality):
            table[f"modality.{statement.name.text}"] = str(statement.component.name.span)
    stated = any(isinstance(statement, tree.Evaluate) for statement in statements)
    table |= {evaluation_path(e): str(e.span) for e in program.evaluations if stated}
    return {path: _shown(origin) for path, origin in table.items()}


def evaluation_path(evaluation: Evaluation) -> str:
    """Return how `--set` names the settings of an evaluation's metric."""
    return f"evaluate.{evaluation.task}.{evaluation.data}.{evaluation.metric.name}"


def _shown(origin: str) -> str:
    return next((option for option in _OPTIONS if origin.startswith(option)), origin)


def _each(path: str, settings: Mapping[str, JsonValue]) -> list[tuple[str, JsonValue]]:
    return [(f"{path}.{name}", value) for name, value in settings.items()]


def _inside(path: str, value: JsonValue) -> Iterator[tuple[str, JsonValue]]:
    """Return a setting and those of its value, if that is a component."""
    if not isinstance(value, dict):
        yield path, value
        return
    yield path, value["name"]
    settings = value["settings"]
    assert isinstance(settings, dict), settings
    for inner, item in _each(path, settings):
        yield from _inside(inner, item)
