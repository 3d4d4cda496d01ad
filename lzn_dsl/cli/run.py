"""`lzn run`: train, evaluate and report; the main job."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError, StorageError

if TYPE_CHECKING:
    from lzn_dsl.spec import Spec

_MOST_SEEDS = 1000


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
    seeds: Annotated[
        str | None,
        typer.Option(
            metavar="SEEDS",
            help="Run once for each of these seeds: 0,1,2 or 0..2. Each gets a folder seed-N.",
            show_default=False,
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show warnings only.")] = False,
) -> None:
    """Train a program, or continue where it stopped; then evaluate it and write a report."""
    check_device(device)
    loaded = load_spec(spec, data, set_, param)
    limit = read_size(memory)
    chosen = None if seeds is None else _read_seeds(seeds, set_ or [])
    loaded.plan()
    print_diagnostics(loaded.check())
    folder = out or loaded.default_folder
    if chosen is None:
        _run(loaded, folder, fresh=fresh, device=device, memory=limit, quiet=quiet)
        return
    if (folder / "plan.json").exists():
        summary = f"`{folder}` is the folder of one run: runs of several seeds need another"
        raise StorageError(Diagnostic("LZN708", summary, hint="name one by --out"))
    folders = [folder / f"seed-{seed}" for seed in chosen]
    for seed, place in zip(chosen, folders, strict=True):
        if not quiet:
            typer.echo(f"seed {seed}")
        seeded = loaded.with_settings({"train.seed": seed})
        _run(seeded, place, fresh=fresh, device=device, memory=limit, quiet=quiet)
    if not quiet:
        _compare(folders)
        typer.echo(f"compare it with others: lzn compare {folder} OTHER")


def _run(
    loaded: "Spec",
    folder: Path,
    *,
    fresh: bool,
    device: str | None,
    memory: int | None,
    quiet: bool,
) -> None:
    from lzn_dsl.cli.progress import progress

    watcher = progress(quiet=quiet)
    try:
        trained = loaded.run(folder, fresh=fresh, device=device, memory=memory, observer=watcher)
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


def _compare(folders: list[Path]) -> None:
    from lzn_dsl.cli.compare import print_comparison
    from lzn_runtime.comparison.compare import compare_runs

    comparison = compare_runs(*folders)
    print_diagnostics(comparison.doubts)
    typer.echo()
    print_comparison(comparison)


def _read_seeds(text: str, settings: list[str]) -> list[int]:
    """Return the seeds that `0,1,2` or `0..2` names; SpecError (LZN902) for anything else."""
    found: list[int] = []
    for part in text.split(","):
        ends = re.fullmatch(r"\s*(\d{1,9})(?:\.\.(\d{1,9}))?\s*", part, flags=re.ASCII)
        first, last = (int(ends[1]), int(ends[2] or ends[1])) if ends else (1, 0)
        if not first <= last < first + _MOST_SEEDS:
            summary = f"`--seeds {text}` names no seeds"
            raise SpecError(Diagnostic("LZN902", summary, hint="such as 0,1,2 or 0..2"))
        found += range(first, last + 1)
    if any(setting.startswith("train.seed=") for setting in settings):
        summary = "`--seeds` and `--set train.seed` both say the seed"
        raise SpecError(Diagnostic("LZN902", summary, hint="leave one of them out"))
    return list(dict.fromkeys(found))
