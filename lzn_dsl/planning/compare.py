"""What two plans do differently. Names of files, reasons, estimates and origins do not count."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from lzn_dsl.formatting.unparse import value_text
from lzn_dsl.planning.plan import Plan, TaskPlan
from lzn_dsl.planning.show import pipe
from lzn_dsl.registry.builtin.methods import LATENT_ZONING

_ROOTS = ("space", "data", "modality", "task", "learn", "train", "evaluate")
_SETTINGS_OF_TASKS = {"alpha", "sampler"}


@dataclass(frozen=True)
class Difference:
    """A part of a program that another one has otherwise, or has not; then that side is None.

    Attributes:
        path: What it is: a setting as `--set` names it, or a task, an objective, ...
        before: What the first program says of it, as a program is written.
        after: What the second one says.
    """

    path: str
    before: str | None
    after: str | None

    @property
    def kind(self) -> str:
        """`added`, `removed` or `changed`."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


def differences(before: Plan, after: Plan) -> list[Difference]:
    """Return what two plans do differently, in the order of a program's parts."""
    found = _compared("", _tree(before), _tree(after))
    return sorted(found, key=lambda each: _ROOTS.index(each.path.split(".")[0]))


@dataclass(frozen=True)
class SettingRow:
    """A setting, or another part, that not all of some programs have alike.

    Attributes:
        path: What it is, as `Difference.path`.
        values: What each program says of it, as a program is written; None where it has no such.
    """

    path: str
    values: tuple[str | None, ...]


def setting_rows(plans: Sequence[Plan]) -> list[SettingRow]:
    """Return what some plans say differently, in the order of a program's parts."""
    trees = [_tree(plan) for plan in plans]
    found = [d.path for plan in plans[1:] for d in differences(plans[0], plan)]
    paths = sorted(dict.fromkeys(found), key=lambda path: _ROOTS.index(path.split(".")[0]))
    rows = []
    for path in paths:
        parts = [_find(tree, path) for tree in trees]
        shown = [None if part is None else _shown(*part) for part in parts]
        if len(set(shown)) == 1:
            shown = [None if part is None else _detail(*part) for part in parts]
        rows.append(SettingRow(path, tuple(shown)))
    return rows


@dataclass(frozen=True)
class _Part:
    """A part with settings of its own; where its `kind` differs, it is another part.

    Attributes:
        shown: The whole part as a program is written.
        detail: The same at length, for two parts that are written alike.
    """

    kind: str
    shown: str
    inside: Mapping[str, "_Part | JsonValue"]
    detail: str = ""


_Tree = Mapping[str, "_Part | JsonValue"]


def _tree(plan: Plan) -> _Tree:
    parts: dict[str, _Part | JsonValue] = {"space.dim": plan.dim}
    parts |= {f"data.{d.name}": _component(d.component.model_dump()) for d in plan.datasets}
    parts |= {f"modality.{m.name}": _component(m.component.model_dump()) for m in plan.modalities}
    parts |= {f"task.{task.name}": _task(task) for task in plan.tasks}
    for objective in plan.objectives:
        parts[f"learn.{objective.id}"] = _block(objective.settings)
    train = plan.train.model_dump(mode="json")
    modules = train.pop("modules")
    parts |= {f"train.{k}": v for k, v in _parts(train).items()}
    for name, settings in modules.items():
        parts[f"train.{name}"] = _block(settings)
    for e in plan.evaluations:
        path = f"evaluate.{e.task}.{e.data}.{e.metric.name}"
        while path in parts:  # the same metric with other settings
            path += "'"
        parts[path] = _component(e.metric.model_dump())
    return parts


def _task(task: TaskPlan) -> _Part:
    settings = task.model_dump(mode="json", include=_SETTINGS_OF_TASKS)
    # The steps hold these settings too, and those of the tasks that they come from.
    steps = [step.model_dump_json(exclude=_SETTINGS_OF_TASKS) for step in task.steps]
    by = "" if task.method == LATENT_ZONING else f" using {task.method}"
    value = repr([task.inputs, steps, task.method])
    return _Part(value, task.phrase + by, _parts(settings), pipe(task) + by)


def _block(settings: Mapping[str, JsonValue]) -> _Part:
    shown = ", ".join(f"{k}: {value_text(v)}" for k, v in settings.items())
    return _Part("", f"{{ {shown} }}", _parts(settings))


def _component(component: Mapping[str, JsonValue]) -> _Part:
    settings = component["settings"]
    assert isinstance(settings, dict), component
    return _Part(str(component["name"]), value_text(dict(component)), _parts(settings))


def _parts(settings: Mapping[str, JsonValue]) -> _Tree:
    return {k: _component(v) if isinstance(v, dict) else v for k, v in settings.items()}


def _compared(path: str, before: _Tree, after: _Tree) -> Iterator[Difference]:
    for key in dict.fromkeys([*before, *after]):
        inner = f"{path}{key}"
        old, new = before.get(key), after.get(key)
        if isinstance(old, _Part) and isinstance(new, _Part) and old.kind == new.kind:
            yield from _compared(f"{inner}.", old.inside, new.inside)
        elif (key in before, old) != (key in after, new):
            shown_before = _shown(old) if key in before else None
            shown_after = _shown(new) if key in after else None
            if shown_before == shown_after:
                shown_before, shown_after = _detail(old), _detail(new)
            yield Difference(inner, shown_before, shown_after)


def _find(tree: _Tree, path: str) -> "tuple[_Part | JsonValue] | None":
    """Return what a tree has at a path, None where it has nothing there."""
    for key, part in tree.items():
        if key == path:
            return (part,)
        if isinstance(part, _Part) and path.startswith(f"{key}."):
            inner = _find(part.inside, path.removeprefix(f"{key}."))
            if inner is not None:
                return inner
    return None


def _shown(part: _Part | JsonValue) -> str:
    return part.shown if isinstance(part, _Part) else value_text(part)


def _detail(part: _Part | JsonValue) -> str:
    return part.detail if isinstance(part, _Part) else value_text(part)
