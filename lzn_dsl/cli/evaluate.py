"""`lzn eval`: measure a trained run again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lzn_dsl.cli.console import print_json
from lzn_dsl.cli.options import JsonOption, check_device

if TYPE_CHECKING:
    from lzn_runtime.evaluation.result import MetricResult


def evaluate(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder, such as runs/digits.")],
    evaluations: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[EVALUATION]...",
            help="What to measure, such as 'gist on unseen with linear_probe'.",
            show_default="the program's evaluations",
        ),
    ] = None,
    *,
    task: Annotated[
        list[str] | None,
        typer.Option(help="The program's evaluations of this task. Repeat it for more."),
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(help="The program's evaluations with this metric. Repeat it for more."),
    ] = None,
    step: Annotated[
        list[int] | None,
        typer.Option(
            min=0,
            help="Step of a kept checkpoint, 0 for the untrained model. Repeat it for more.",
            show_default="newest",
        ),
    ] = None,
    every_checkpoint: Annotated[
        bool,
        typer.Option("--every-checkpoint", help="Measure all checkpoints and the untrained model."),
    ] = False,
    data_folder: Annotated[
        Path | None,
        typer.Option(
            help="Folder that relative paths of the data start from.",
            show_default="that of the run's program",
        ),
    ] = None,
    device: Annotated[
        str | None,
        typer.Option(help="cpu, cuda, ...", show_default="CUDA where there is one, else the CPU"),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Show warnings and the table only.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Measure a trained run again: averaged weights, as in use. The run folder keeps the results.

    Results of one step, task, dataset and metric replace earlier ones in metrics.json.
    """
    check_device(device)
    from lzn_dsl.cli.progress import progress
    from lzn_runtime.evaluation.again import evaluate_run

    watcher = progress(quiet=quiet or json)
    try:
        results = evaluate_run(
            run,
            *(evaluations or ()),
            tasks=task or (),
            metrics=metric or (),
            steps=step or (),
            every_checkpoint=every_checkpoint,
            data_folder=data_folder,
            device=device,
            observer=watcher,
        )
    finally:
        watcher.close()
    if json:
        shown = [result.model_dump(mode="json") for result in results]
        print_json({"run": str(run), "weights": "averaged", "results": shown})
    else:
        typer.echo("\n".join(_table(results)))
        typer.echo("averaged weights, as in use")
    if not results:
        raise typer.Exit(1)


def _table(results: "list[MetricResult]") -> list[str]:
    """Return the lines of a table: a row for each step, a column for each metric."""
    from lzn_runtime.comparison.columns import columns_of
    from lzn_runtime.comparison.rendering.text import text_table

    by_step = [(result.step or 0, result) for result in results]
    columns = columns_of([by_step])
    head = [["step"]]
    head += [[c.name, f"of {c.task}", f"on {c.data}", f"{c.better} is better"] for c in columns]
    rows = []
    for step in sorted({step for step, _ in by_step}):
        here = [result for at, result in by_step if at == step]
        cells = [[_number(r) for r in here if column.takes(r)] or ["-"] for column in columns]
        rows.append([[str(step)], *cells])
    return text_table(head, rows)


def _number(result: "MetricResult") -> str:
    share = result.unit == "share"
    return f"{100 * result.value:.1f} %" if share else f"{result.value:.4g}"
