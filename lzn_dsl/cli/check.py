"""`lzn check`: all findings of specs, without training and without torch."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from lzn_dsl.cli.console import print_diagnostics, print_json
from lzn_dsl.cli.options import DataOption, JsonOption, ParamOption, SetOption, load_spec
from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError, has_errors


class FindingsFormat(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


FormatOption = Annotated[
    FindingsFormat,
    typer.Option("--format", help="For people, or for other programs to read."),
]


def check(
    specs: Annotated[
        list[str],
        typer.Argument(
            metavar="SPEC...", help="Spec files, `-`, or a program as text.", show_default=False
        ),
    ],
    *,
    data: DataOption = "digits",
    set_: SetOption = None,
    param: ParamOption = None,
    format_: FormatOption = FindingsFormat.TEXT,
    json: JsonOption = False,
) -> None:
    """Say everything that is wrong with a program, before anything trains."""
    found: list[Diagnostic] = []
    for spec in specs:
        try:
            found.extend(load_spec(spec, data, set_, param).check())
        except SpecError as failure:
            found.extend(failure.diagnostics)
    chosen = FindingsFormat.JSON if json else format_
    print_findings(found, chosen)
    if chosen is FindingsFormat.TEXT and not has_errors(found):
        typer.echo(f"{', '.join(specs)}: no errors")
    if has_errors(found):
        raise typer.Exit(SpecError.exit_code)


def print_findings(found: Sequence[Diagnostic], chosen: FindingsFormat) -> None:
    """Print findings: for people to standard error, for programs to standard output."""
    if chosen is FindingsFormat.TEXT:
        print_diagnostics(found)
    elif chosen is FindingsFormat.JSON:
        from lzn_dsl.diagnostics.formats.records import to_json

        print_json(to_json(found))
    elif chosen is FindingsFormat.SARIF:
        from lzn_dsl.diagnostics.formats.sarif import to_sarif

        print_json(to_sarif(found))
    else:
        from lzn_dsl.diagnostics.formats.github import render_github

        typer.echo(render_github(found), nl=False)
