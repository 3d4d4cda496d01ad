"""What a task is given from the shell: classes by name or number, image files."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError
from lzn_dsl.diagnostics.suggest import suggest

if TYPE_CHECKING:
    from lzn_dsl.planning.plan import ModalityPlan, Plan, TaskPlan

_SHOWN = 50
_MOST = 100_000
_OPTIONS = {"label": "--label", "image": "--image"}


def gather(
    plan: "Plan",
    task: "TaskPlan",
    *,
    labels: Sequence[str],
    images: Sequence[Path],
    named: Sequence[str],
    number: int | None,
) -> tuple[dict[str, list[Any]], list[str]]:
    """Return the inputs of a task and, for each sample, what it is made from, in words.

    Several values of several inputs are combined, each with each. A class that is not given is all
    of them in turn.

    Args:
        plan: The plan of the run.
        task: The task.
        labels: Values of `--label`: of its input of classes, or one for each such input.
        images: Values of `--image`, likewise.
        named: Values of `--input`, each `NAME=VALUE`.
        number: Samples of each input, or in all where there is none.

    Raises:
        SpecError: A value is given for no input, is missing, or is none of its modality (LZN903).
        DataError: A file is no image (LZN507).
    """
    inputs = {s.id: plan.modality(s.modality or "") for s in task.steps if s.primitive == "input"}
    given = _named(task, inputs, named)
    for kind, values in (("label", labels), ("image", [str(path) for path in images])):
        _assign(task, inputs, given, kind, values)
    if not inputs:
        return {}, ["prior"] * (number or 16)
    read = {name: _read(task, name, m, given.get(name, [])) for name, m in inputs.items()}
    rows = list(product(*read.values()))
    times = number or 1
    if len(rows) * times > _MOST:
        raise _refusal(f"{len(rows) * times:,} samples are more than {_MOST:,}")
    spread = [row for row in rows for _ in range(times)]
    columns = {name: [row[i][1] for row in spread] for i, name in enumerate(read)}
    return columns, [", ".join(source for source, _ in row) for row in spread]


def _named(
    task: "TaskPlan", inputs: dict[str, "ModalityPlan"], named: Sequence[str]
) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for text in named:
        name, separator, value = text.partition("=")
        if not separator:
            raise _refusal(f"`--input {text}` is not `NAME=VALUE`", hint="such as `label=3`")
        if name not in inputs:
            known = ", ".join(f"`{n}`" for n in inputs) or "none"
            raise SpecError(
                Diagnostic(
                    "LZN903",
                    f"`{task.name}` has no input `{name}`",
                    notes=(f"its inputs: {known}",),
                    hint=suggest(name, inputs),
                )
            )
        given.setdefault(name, []).append(value)
    return given


def _assign(
    task: "TaskPlan",
    inputs: dict[str, "ModalityPlan"],
    given: dict[str, list[str]],
    kind: str,
    values: Sequence[str],
) -> None:
    """Give the values of `--label` or `--image` to the inputs of that kind."""
    if not values:
        return
    free = [n for n, m in inputs.items() if n not in given and _kind(m) == kind]
    if not free:
        raise _refusal(f"`{task.name}` takes no {_OPTIONS[kind]}: it is `{task.phrase}`")
    if len(free) == 1:
        given[free[0]] = list(values)
    elif len(values) == len(free):
        given.update({name: [value] for name, value in zip(free, values, strict=True)})
    else:
        names = ", ".join(f"`{name}`" for name in free)
        raise _refusal(
            f"{_OPTIONS[kind]} could be any of {names}",
            hint=f"give each one value in this order, or name them: --input {free[0]}=...",
        )


def _read(
    task: "TaskPlan", name: str, modality: "ModalityPlan", values: Sequence[str]
) -> list[tuple[str, Any]]:
    """Return the samples of an input, each with its name in words."""
    if _kind(modality) == "label":
        count = modality.sample["classes"]
        classes = [_class(text, modality) for text in values] or list(range(count))
        return [(modality.names[c] if modality.names else str(c), c) for c in classes]
    if _kind(modality) != "image":
        kind = modality.component.name
        raise _refusal(
            f"`{task.name}` takes a `{kind}`: use it from Python",
            hint=f"model.run(..., {name}=...)",
        )
    if not values:
        alone = sum(s.primitive == "input" and s.modality == modality.name for s in task.steps) == 1
        option = "--image FILE" if alone else f"--input {name}=FILE"
        raise _refusal(f"`{task.name}` needs an image", hint=f"give it one: {option}")
    from lzn_runtime.use.inputs import read_pictures

    return list(zip(values, read_pictures([Path(v) for v in values], modality), strict=True))


def _kind(modality: "ModalityPlan") -> str:
    return "label" if "discrete" in modality.capabilities else modality.component.name


def _class(text: str, modality: "ModalityPlan") -> int:
    if text in modality.names:
        return modality.names.index(text)
    count = modality.sample["classes"]
    if text.isdecimal() and len(text) < 10 and int(text) < count:
        return int(text)
    known = ", ".join(f"`{n}`" for n in modality.names[:_SHOWN])
    raise SpecError(
        Diagnostic(
            "LZN903",
            f"`{text}` is no class of `{modality.name}`",
            notes=(f"classes: {known}" if known else f"classes: 0 to {count - 1}",),
            hint=suggest(text, modality.names),
        )
    )


def _refusal(summary: str, hint: str = "") -> SpecError:
    return SpecError(Diagnostic("LZN903", summary, hint=hint))
