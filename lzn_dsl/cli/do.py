"""`lzn do`: use a task of a trained model, or an expression over its tasks."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lzn_dsl.cli.console import print_diagnostics, print_json
from lzn_dsl.cli.inputs import gather
from lzn_dsl.cli.options import JsonOption, check_device
from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError, TrainingError
from lzn_dsl.diagnostics.suggest import suggest

if TYPE_CHECKING:
    from lzn_dsl.planning.plan import Plan, TaskPlan
    from lzn_runtime.compile.result import TaskResult

_SHOWN = 50


def do(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder, such as runs/digits.")],
    task: Annotated[
        str,
        typer.Argument(
            metavar="TASK",
            help="A task of its program, or an expression such as 'name (draw label)'.",
        ),
    ],
    *,
    label: Annotated[
        list[str] | None,
        typer.Option(help="Class, by name or index. Repeat it for more.", show_default=False),
    ] = None,
    image: Annotated[
        list[Path] | None,
        typer.Option(help="Image file. Repeat it for more.", show_default=False),
    ] = None,
    input_: Annotated[
        list[str] | None,
        typer.Option(
            "--input",
            "-i",
            metavar="NAME=VALUE",
            help="Class or image file of the input of that name. Repeat it for more.",
            show_default=False,
        ),
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
    plan = _task(trained.plan, task.strip())
    if out is not None:
        check_format(plan, trained.plan, out)
    inputs, sources = gather(
        trained.plan,
        plan,
        labels=label or [],
        images=image or [],
        named=input_ or [],
        number=number,
    )
    try:
        result = trained.run(plan.name, inputs, count=None if inputs else len(sources), seed=seed)
    except SamplerError as failure:
        raise TrainingError(
            Diagnostic("LZN804", f"`{task}` could not be run: {failure}")
        ) from failure
    named = default_name(result, plan.name)
    target = out or (Path(named) if named else None)
    if target is not None:
        written = write_result(result, target, sources)
        where = written[0] if len(written) == 1 else f"{len(written)} files in {target}"
        typer.echo(f"wrote {where}", err=json)
    if result.acceptance is not None:
        typer.echo(_acceptance(result.acceptance), err=True)
    if json:
        table = rows(result, sources, numbers=result.value.ndim != 4)
        print_json(
            {
                "task": task,
                "seed": seed,
                "samples": table,
                **({} if result.acceptance is None else {"acceptance": result.acceptance}),
            }
        )
    elif target is None:
        _print_rows(rows(result, sources), result)


def _task(plan: "Plan", text: str) -> "TaskPlan":
    """Return the task of a name, or the one that an expression stands for."""
    from lzn_dsl.planning.expressions import plan_expression

    known = [t.name for t in plan.tasks]
    if text in known or not text.replace(".", "_").isidentifier():
        return plan_expression(plan, text)
    raise SpecError(
        Diagnostic(
            "LZN207",
            f"the run has no task `{text}`",
            notes=(f"tasks: {', '.join(f'`{t.name}` ({t.phrase})' for t in plan.tasks)}",),
            hint=suggest(text, known),
        )
    )


def _acceptance(share: float) -> str:
    return f"the zones met in {100 * share:.1f} % of the draws: {1 / share:.1f} draws a sample"


def _print_rows(table: list[dict[str, Any]], result: "TaskResult") -> None:
    for row in table[:_SHOWN]:
        if result.kind == "ranking":
            best = ", ".join(
                f"{c.get('label', c['index'])} ({c['score']:.3f})" for c in row["ranking"][:5]
            )
            typer.echo(f"{row['from']}: {best}")
        elif result.kind == "score":
            typer.echo(f"{row['from']}: {row['score']:.3f}")
        elif "label" in row:
            typer.echo(f"{row['from']}: {row['label']}  ({row['probability']:.3f})")
        else:
            shown = " ".join(f"{v:.3f}" for v in row["vector"][:8])
            more = " ..." if len(row["vector"]) > 8 else ""
            typer.echo(f"{row['from']}: {shown}{more}  ({len(row['vector'])} numbers)")
    if len(table) > _SHOWN:
        typer.echo(f"... and {len(table) - _SHOWN} more: write them with --out FILE")
