"""The settings of a plan that somebody gave: path, value, and where each was written."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from lzn_dsl.planning.plan import Plan
from lzn_dsl.registry.settings import Component

_INFERRED = ("default", "data")
_OPTIONS = ("--set", "--param")
_TASK = {"alpha", "sampler"}


@dataclass(frozen=True)
class Stated:
    """A setting that is not left to its default."""

    path: str
    value: str
    origin: str


def given_settings(plan: Plan) -> list[Stated]:
    """Return the settings that somebody gave, in the order of the text; those of options last."""
    found = []
    tree = _tree(plan)
    for path, origin in plan.origins.items():
        if origin.split(":")[0] in _INFERRED:
            continue
        known, value = _inside(tree, path.split("."))
        if known:
            found.append((_place(origin), Stated(path, _show(value), _origin(origin))))
    return [given for _, given in sorted(found, key=lambda item: item[0])]


def call(name: str, path: str, given: Iterable[Stated]) -> str:
    """Write a component with the settings that were given to it: `digits(split: train)`."""
    settings = {
        g.path.removeprefix(f"{path}."): g.value for g in given if g.path.startswith(f"{path}.")
    }
    arguments = [f"{key}: {value}" for key, value in settings.items() if "." not in key]
    return f"{name}({', '.join(arguments)})" if arguments else name


def _place(origin: str) -> tuple[bool, str, int, int]:
    found = re.fullmatch(r"(.*):(\d+):(\d+)", origin, flags=re.DOTALL)
    if found is None:
        return True, origin, 0, 0
    return origin.startswith(_OPTIONS), found[1], int(found[2]), int(found[3])


def _origin(origin: str) -> str:
    return next((option for option in _OPTIONS if origin.startswith(option)), origin)


def _tree(plan: Plan) -> dict[str, JsonValue]:
    """Return the settings of a plan as they are named: `data`, then a dataset, then a setting."""
    judged: dict[str, JsonValue] = {}
    for e in plan.evaluations:
        judged[f"{e.task}.{e.data}.{e.metric.name}"] = e.metric.settings
    return {
        "space": {"dim": plan.dim},
        "data": {d.name: d.component.settings for d in plan.datasets},
        "modality": {m.name: m.component.settings for m in plan.modalities},
        "task": {t.name: t.model_dump(mode="json", include=_TASK) for t in plan.tasks},
        "learn": {o.id: o.settings for o in plan.objectives},
        "train": _train(plan),
        "evaluate": judged,
        "param": dict(plan.parameters),
    }


def _train(plan: Plan) -> dict[str, JsonValue]:
    settings = plan.train.model_dump(mode="json")
    modules = settings.pop("modules")
    return {**settings, **modules}


def _inside(value: JsonValue, path: Sequence[str]) -> tuple[bool, JsonValue]:
    """Follow a path through settings and the components in them."""
    if not path:
        return True, value
    if isinstance(value, list):
        return next((f for f in (_inside(item, path) for item in value) if f[0]), (False, None))
    if not isinstance(value, dict):
        return False, None
    if isinstance(value.get("name"), str) and "settings" in value:
        return _inside(value["settings"], path)
    # A name of an imported file is several, and so is the key of an evaluation.
    keys = ((".".join(path[:n]), path[n:]) for n in range(1, len(path) + 1))
    found = (_inside(value[key], rest) for key, rest in keys if key in value)
    return next((inner for inner in found if inner[0]), (False, None))


def _show(value: JsonValue) -> str:
    """Show a value as a program writes it, a component by its name alone."""
    if isinstance(value, dict):
        return str(value.get("name", ""))
    if isinstance(value, list):
        return f"[{', '.join(_show(item) for item in value)}]"
    return str(Component(name="", settings={"": value}))[3:-1]
