"""`lzn run`: train, evaluate and report; the main job."""

from pathlib import Path
from typing import Annotated

import typer

from lzn_dsl.cli.console import print_diagnostics
from lzn_dsl.cli.options import (
    DataOption,
    ParamOption,
    SetOption,
    SpecArgument,
    check_device,
    load_spec,
    read_size,
)


def run(
    spec: SpecArgument,
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Run folder.", show_default="runs/NAME of the spec"),
    ] = None,
    data: DataOption = "digits",
    set_: SetOption = None,
    param: ParamOption = None,
    device: Annotated[
        str | None,
        typer.Option(help="cpu, cuda, ...", show_default="CUDA where there is one, else the CPU"),
    ] = None,
    fresh: Annotated[
        bool,
        typer.Option("--fresh", help="Start again; an earlier run in the folder is kept aside."),
    ] = False,
    memory: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE",
            help="Memory that a training step may need, such as 64G.",
            show_default="all there is",
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show warnings only.")] = False,
) -> None:
    """Train a program, or continue where it stopped; then evaluate it and write a report."""
    check_device(device)
    loaded = load_spec(spec, data, set_, param)
    limit = read_size(memory)
    loaded.plan()
    print_diagnostics(loaded.check())
    from lzn_dsl.cli.progress import progress

    folder = out or loaded.default_folder
    watcher = progress(quiet=quiet)
    try:
        trained = loaded.run(folder, fresh=fresh, device=device, memory=limit, observer=watcher)
    except KeyboardInterrupt as stop:
        watcher.close()
        typer.echo(f"{stop or 'stopped'}; run the same command to go on", err=True)
        raise typer.Exit(getattr(stop, "exit_code", 130)) from None
    finally:
        watcher.close()
    if quiet:
        return
    tasks = ", ".join(t.name for t in trained.plan.tasks)
    typer.echo(f"report: {folder / 'report.html'}")
    typer.echo(f"use it: lzn do {folder} TASK   (tasks: {tasks})")
