"""`lzn check`: all findings of specs, without training and without torch."""

from typing import Annotated

import typer

from lzn_dsl.cli.findings import FindingsFormat, FormatOption, print_findings
from lzn_dsl.cli.options import DataOption, JsonOption, ParamOption, SetOption, load_spec
from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError, has_errors


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
