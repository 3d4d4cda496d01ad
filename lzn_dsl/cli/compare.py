"""`lzn compare`: runs of several programs and seeds side by side."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lzn_dsl.cli.console import print_diagnostics, print_json
from lzn_dsl.cli.options import JsonOption

if TYPE_CHECKING:
    from lzn_runtime.comparison.compare import Comparison


class TableFormat(StrEnum):
    """How a comparison is printed."""

    TEXT = "text"
    MD = "md"
    JSON = "json"


def compare(
    runs: Annotated[
        list[Path],
        typer.Argument(metavar="RUN...", help="Run folders, or folders of run folders."),
    ],
    *,
    label: Annotated[
        list[str] | None,
        typer.Option(
            help="What a program is called. Repeat it, one for each, in their order.",
            show_default="after its file",
        ),
    ] = None,
    step: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Compare the results of this step.",
            show_default="the last that was measured",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Folder for the table, a page and plots."),
    ] = None,
    format_: Annotated[
        TableFormat, typer.Option("--format", help="How the table is printed.")
    ] = TableFormat.TEXT,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print warnings and files only.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Set runs side by side: one row a program, mean and spread over its seeds.

    Runs whose programs differ in nothing but the seed are one program. What else differs between
    runs, so that their numbers may not compare, is warned of.
    """
    from lzn_runtime.comparison.compare import compare_runs

    comparison = compare_runs(*runs, labels=label or (), step=step)
    shown = TableFormat.JSON if json else format_
    print_diagnostics(comparison.doubts)
    if not quiet:
        print_comparison(comparison, shown)
    if out is None:
        return
    from lzn_runtime.comparison.rendering.write import write_comparison

    written = write_comparison(comparison, out)
    typer.echo(f"wrote {len(written)} files: {out / 'compare.html'}", err=True)


def print_comparison(comparison: "Comparison", shown: TableFormat = TableFormat.TEXT) -> None:
    """Print a comparison in one of its forms."""
    if shown is TableFormat.JSON:
        from lzn_runtime.comparison.rendering.data import as_data

        print_json(as_data(comparison))
    elif shown is TableFormat.MD:
        from lzn_runtime.comparison.rendering.markdown import as_markdown

        typer.echo(as_markdown(comparison), nl=False)
    else:
        from lzn_runtime.comparison.rendering.text import as_text

        typer.echo(as_text(comparison))
