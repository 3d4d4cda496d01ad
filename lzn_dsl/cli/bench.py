"""`lzn bench`: what the parts of the runtime cost on this machine."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lzn_dsl.cli.console import print_json

app = typer.Typer(
    help="Measure what parts of the runtime cost on this machine.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _bench() -> None:
    """Measure what parts of the runtime cost on this machine."""


class TableName(StrEnum):
    """Tables of `lzn bench latent`."""

    COST = "cost"
    PUBLISHED = "published"
    ACCURACY = "accuracy"
    MEMORY = "memory"


class ClockName(StrEnum):
    """What time is read from."""

    WALL = "wall"
    CPU = "cpu"


class GpuName(StrEnum):
    """Clusters that the model of a training step knows."""

    H100 = "h100"
    A100 = "a100"


@app.command(name="latent")
def latent(
    *,
    table: Annotated[
        list[TableName] | None,
        typer.Option("--table", help="Measure this table; may be repeated.", show_default="all"),
    ] = None,
    largest: Annotated[
        int, typer.Option(min=256, help="Cost and memory: n = 256, 512, ... up to this.")
    ] = 2048,
    published: Annotated[
        int, typer.Option(min=2, help="n of the comparison with the published formulation.")
    ] = 256,
    draws: Annotated[
        int, typer.Option(min=1, help="Accuracy: draws of noise for each of 256 anchors.")
    ] = 4,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads of torch.", show_default="all cores")
    ] = None,
    clock: Annotated[
        ClockName, typer.Option(help="cpu: for machines that others use; only with one thread.")
    ] = ClockName.WALL,
    quick: Annotated[
        bool, typer.Option("--quick", help="Small sizes, seconds in all: whether it works.")
    ] = False,
    json_: Annotated[
        bool, typer.Option("--json", help="Print JSON at the end, no tables.")
    ] = False,
) -> None:
    """Cost, accuracy and memory of latent computation, beside the flow as published.

    Full size: --largest 32768 --published 1024 --draws 16. That takes about half an hour.
    """
    from dataclasses import asdict, replace

    from lzn_runtime.benchmarks.latent import QUICK, Row, Settings, Table, measure

    if clock is ClockName.CPU and threads != 1:
        raise typer.BadParameter("--clock cpu counts the time of all threads: add --threads 1")
    chosen = QUICK if quick else Settings(largest=largest, published=published, draws=draws)
    tables = tuple(Table(name) for name in table or list(TableName))
    settings = replace(chosen, tables=tables, threads=threads, clock=clock.value)

    def report(name: str, rows: list[Row]) -> None:
        if not json_:
            typer.echo(f"\n{name}\n\n{_markdown(rows)}")

    found = measure(settings, report)
    if json_:
        print_json(asdict(found))
    elif found.exponent is not None:
        typer.echo(f"\nseconds grow as n^{found.exponent:.2f}")


@app.command(name="scaling")
def scaling(
    specs: Annotated[
        list[Path] | None,
        typer.Argument(help="Programs to model.", show_default="the paper's configurations"),
    ] = None,
    *,
    gpu: Annotated[GpuName, typer.Option(help="Cluster of the model.")] = GpuName.H100,
    measured: Annotated[
        bool, typer.Option("--measured", help="Measure small steps here, too: some minutes.")
    ] = False,
    counts: Annotated[
        bool, typer.Option("--counts", help="Count the networks' FLOP and numbers, too.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Measure at tiny sizes: whether it works.")
    ] = False,
    json_: Annotated[
        bool, typer.Option("--json", help="Print JSON at the end, no tables.")
    ] = False,
) -> None:
    """Model the time and memory of training steps on 1 to 128 GPUs; see docs/scaling.md.

    What is not measured is a model: rates of data sheets and stated assumptions.
    """
    from lzn_dsl.spec import load
    from lzn_runtime.benchmarks.scaling import CLUSTERS, QUICK, Model, Sizes, workload
    from lzn_runtime.benchmarks.scaling.page import markdown
    from lzn_runtime.benchmarks.scaling.tables import all_tables, paper_specs

    loaded = [load(path) for path in specs] if specs else paper_specs()
    try:
        works = [workload(spec.plan(), spec.registry) for spec in loaded]
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    sizes = QUICK if quick else Sizes() if measured else None
    found = all_tables(Model(works, CLUSTERS[gpu.value]), loaded, measure=sizes, count=counts)
    if json_:
        print_json(found)
        return
    for name, rows in found.items():
        typer.echo(f"\n{name}\n\n{markdown(rows)}")


def _markdown(rows: "list[dict[str, float | int | str]]") -> str:
    lines = ["| " + " | ".join(rows[0]) + " |", "|" + "---|" * len(rows[0])]
    for row in rows:
        cells = (f"{v:.3g}" if isinstance(v, float) else str(v) for v in row.values())
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
