"""How findings are printed: for people, or for other programs to read."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from lzn_dsl.cli.console import print_diagnostics, print_json
from lzn_dsl.diagnostics.diagnostic import Diagnostic


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
