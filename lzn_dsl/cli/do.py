"""`lzn do`: use a task of a trained model."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lzn_dsl.cli.console import print_diagnostics, print_json
from lzn_dsl.cli.options import JsonOption, check_device
from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError, TrainingError
from lzn_dsl.diagnostics.suggest import suggest

if TYPE_CHECKING:
    from lzn_dsl.planning.plan import ModalityPlan, Plan, TaskPlan
    from lzn_runtime.trained_model import TrainedModel

_SHOWN = 50


def do(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder, such as runs/digits.")],
    task: Annotated[str, typer.Argument(metavar="TASK", help="A task of its program.")],
    *,
    label: Annotated[
        list[str] | None,
        typer.Option(help="Class, by name or index. Repeat it for more.", show_default=False),
    ] = None,
    image: Annotated[
        list[Path] | None,
        typer.Option(help="Image file. Repeat it for more.", show_default=False),
    ] = None,
    number: Annotated[
        int | None,
        typer.Option("-n", "--number", min=1, max=100_000, help="Samples, of each input."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="File (.png .json .csv .npy) or folder.", show_default="TASK.png"
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Seed of all noise.")] = 0,
    device: Annotated[
        str | None,
        typer.Option(help="cpu, cuda, ...", show_default="CUDA where there is one, else the CPU"),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Use a task of a trained model: draw, classify, embed, reconstruct, ..."""
    check_device(device)
    from lzn_dsl import open_run
    from lzn_runtime.flow.sampler import SamplerError
    from lzn_runtime.use.outputs import check_format, default_name, rows, write_result

    trained = open_run(run, device=device)
    print_diagnostics(trained.warnings)
    plan = _task(trained.plan, task)
    if out is not None:
        check_format(plan, trained.plan, out)
    inputs, sources = _inputs(trained, plan, label or [], image or [], number)
    try:
        result = trained.run(task, inputs, count=None if inputs else len(sources), seed=seed)
    except SamplerError as failure:
        raise TrainingError(
            Diagnostic("LZN804", f"`{task}` could not be run: {failure}")
        ) from failure
    named = default_name(result, task)
    target = out or (Path(named) if named else None)
    if target is not None:
        written = write_result(result, target, sources)
        where = written[0] if len(written) == 1 else f"{len(written)} files in {target}"
        typer.echo(f"wrote {where}", err=json)
    if json:
        print_json({"task": task, "seed": seed, "samples": _table(rows, result, sources)})
    elif target is None:
        _print_rows(rows(result, sources))


def _task(plan: "Plan", name: str) -> "TaskPlan":
    known = [t.name for t in plan.tasks]
    if name in known:
        return plan.task(name)
    raise SpecError(
        Diagnostic(
            "LZN207",
            f"the run has no task `{name}`",
            notes=(f"tasks: {', '.join(f'`{t.name}` ({t.phrase})' for t in plan.tasks)}",),
            hint=suggest(name, known),
        )
    )


def _inputs(
    trained: "TrainedModel",
    task: "TaskPlan",
    labels: list[str],
    images: list[Path],
    number: int | None,
) -> tuple[dict[str, Any], list[str]]:
    """Return the inputs of a task and, for each sample, what it is made from, in words."""
    steps = [s for s in task.steps if s.primitive == "input" and s.modality]
    if not steps:
        _refuse(task, labels, images)
        return {}, ["prior"] * (number or 16)
    if len(steps) > 1:
        names = ", ".join(f"`{s.id}`" for s in steps)
        summary = f"`{task.name}` has several inputs ({names}): use it from Python"
        raise SpecError(Diagnostic("LZN903", summary, hint="model.TASK(NAME=..., ...)"))
    modality = trained.plan.modality(steps[0].modality or "")
    values: list[Any]
    if "discrete" in modality.capabilities:
        _refuse(task, [], images)
        values = [_class(text, modality) for text in labels] or list(
            range(modality.sample["classes"])
        )
        sources = [modality.names[v] if modality.names else str(v) for v in values]
    else:
        _refuse(task, labels, [])
        if modality.component.name != "image":
            summary = f"`{task.name}` takes a `{modality.component.name}`: use it from Python"
            raise SpecError(Diagnostic("LZN903", summary, hint="model.TASK(NAME=..., ...)"))
        if not images:
            summary = f"`{task.name}` needs an image"
            raise SpecError(Diagnostic("LZN903", summary, hint="give it one: --image FILE"))
        from lzn_runtime.use.inputs import read_pictures

        values = list(read_pictures(images, modality))
        sources = [str(path) for path in images]
    times = number or 1
    spread = [v for v in values for _ in range(times)]
    return {steps[0].id: spread}, [s for s in sources for _ in range(times)]


def _refuse(task: "TaskPlan", labels: list[str], images: list[Path]) -> None:
    for option, given in (("--label", labels), ("--image", images)):
        if given:
            summary = f"`{task.name}` takes no {option}: it is `{task.phrase}`"
            raise SpecError(Diagnostic("LZN903", summary))


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


def _table(rows: Any, result: Any, sources: list[str]) -> list[dict[str, Any]]:
    if result.value.ndim == 4:
        return [{"sample": i, "from": source} for i, source in enumerate(sources)]
    table: list[dict[str, Any]] = rows(result, sources)
    return table


def _print_rows(table: list[dict[str, Any]]) -> None:
    for row in table[:_SHOWN]:
        if "label" in row:
            typer.echo(f"{row['from']}: {row['label']}  ({row['probability']:.3f})")
        else:
            shown = " ".join(f"{v:.3f}" for v in row["vector"][:8])
            more = " ..." if len(row["vector"]) > 8 else ""
            typer.echo(f"{row['from']}: {shown}{more}  ({len(row['vector'])} numbers)")
    if len(table) > _SHOWN:
        typer.echo(f"... and {len(table) - _SHOWN} more: write them with --out FILE")
