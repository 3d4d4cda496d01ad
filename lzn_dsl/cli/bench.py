"""`lzn bench`: what the parts of the runtime cost on this machine."""

from enum import StrEnum
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


def _markdown(rows: "list[dict[str, float | int | str]]") -> str:
    lines = ["| " + " | ".join(rows[0]) + " |", "|" + "---|" * len(rows[0])]
    for row in rows:
        cells = (f"{v:.3g}" if isinstance(v, float) else str(v) for v in row.values())
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
